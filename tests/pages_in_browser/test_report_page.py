"""The report in a browser: nothing wrong to be seen, one chart of two at every width, tables that sort."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef import Actor, Engine, load, open_store
from procdef.pages.report import report_page
from procdef.provenance import Provenance
from procdef.reports import asked, report_in
from procdef.reports.forecast import forecast_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
NOW = datetime(2025, 9, 10, 7, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script></style>{{ 7*7 }} שלום " + "x" * 200 + ' " onload="alert(1) 🚀'
HEARD = ("Nobody knows who decides", "Follow-up", "Closing", "No budget", "Sales manager", "Discount", "B2B sales")
Open = Callable[..., "Page"]


@cache
def told(title: str | None = None) -> Engine:
    """The demonstration; with a title, every text of its process is that one."""
    source = (ROOT / "processes" / "b2b-sales.yaml").read_text("utf-8")
    for plain in HEARD if title is not None else ():
        source = re.sub(rf"en: {plain}(?=[,}}])", lambda _: f"en: {json.dumps(title, ensure_ascii=False)}", source)
    engine = Engine(open_store("memory:"))
    steps = [json.loads(line) for line in (ROOT / "processes" / "demo.steps.jsonl").read_text("utf-8").splitlines()]
    for _ in engine.run(load(source), steps, by=Actor("demo")):
        pass
    return engine


@cache
def page_of(language: str, title: str | None = None) -> str:
    engine = told(title)
    what = asked(engine, since="2025-07-01", by="discount", bands=("0", "5", "10", "15"), now=NOW)
    with engine.store.transaction(write=False) as tx:
        found, forecast = report_in(tx, what), forecast_in(tx, engine.definitions(), NOW)
        sheet = Provenance(tx, "report", what.filter, lambda: NOW)
    sheet.line(found)
    return report_page(
        found, what.scope.newest, sheet.about, command="procdef report", language=language, forecast=forecast
    )


@pytest.mark.parametrize("language", ["en", "fi"])
def test_the_report_has_no_faults_to_be_seen(looked_at: Callable[[str], None], language: str) -> None:
    looked_at(page_of(language))


def test_hostile_texts_have_no_faults_to_be_seen(opened: Open, looked_at: Callable[[str], None]) -> None:
    page = page_of("en", HOSTILE)
    looked_at(page)
    found = opened(page)
    assert found.locator("main script, main img, [onload]").count() == 0
    assert found.get_by_text("<script>alert(1)</script>").count() > 3


@pytest.mark.parametrize("width", [320, 375, 900, 1280])
def test_of_the_two_drawings_of_a_chart_one_is_shown_and_its_letters_keep_their_size(opened: Open, width: int) -> None:
    found = opened(page_of("en"), width=width, height=800)
    shown = found.locator("figure svg:visible")
    assert shown.count() == found.locator("figure").count()
    scales = shown.evaluate_all("all => all.map(each => each.getBoundingClientRect().width / each.viewBox.baseVal.width)")
    assert min(scales) > 0.75


@pytest.mark.parametrize("language", ["en", "fi"])
def test_on_paper_amounts_stay_on_a_line_and_headings_are_repeated(opened: Open, language: str) -> None:
    found = opened(page_of(language), width=680, height=1000)
    found.emulate_media(media="print")
    broken = """cells => cells.filter(cell => {
      const range = new Range(); range.selectNodeContents(cell);
      return new Set(Array.from(range.getClientRects(), each => Math.round(each.top))).size > 1;
    }).map(cell => cell.textContent)"""
    amounts = found.locator("td.number").filter(has_text=re.compile(r"^[0-9\s\u202f\u00a0,.-]+(EUR|%)?$"))
    assert amounts.count() > 100
    assert amounts.evaluate_all(broken) == []
    # Chromium leaves buttons out where it repeats the head of a table on the next sheet.
    heads = found.locator("th button").evaluate_all("all => all.map(each => getComputedStyle(each).display)")
    assert set(heads) == {"contents"}


def test_a_table_sorts_by_what_its_numbers_are(opened: Open) -> None:
    found = opened(page_of("en"))
    table = found.locator("table", has=found.get_by_text("Visits to stages that began in this time"))
    table.get_by_role("button", name="Visits").click()
    numbers = [int(cell) for cell in table.locator("tbody td:nth-child(2)").all_inner_texts()]
    assert numbers == sorted(numbers)


def test_it_says_everything_without_a_script(opened: Open) -> None:
    found = opened(page_of("en"), scripts=False)
    assert found.get_by_text("Where do deals stall?").first.is_visible()
    assert found.locator("th button").count() == 0
