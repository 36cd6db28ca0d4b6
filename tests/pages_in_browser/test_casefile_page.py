"""The page of a case file, in a browser: what it shows of a deal, and that whatever stands in a deal stays text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from seen import faults

from procdef import Actor, Engine, StepRefused, load
from procdef.engine.definition_cache import DefinitionCache
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.pages.casefile import casefile_page
from procdef.reports.casefile import CaseFile, casefile_in
from procdef.store.memory.store import MemoryStore

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

PROCESS = """\
procdef: 1
id: hand
version: 1
title: {en: Hand over, fi: Luovutus}
languages: [en, fi]
currency: EUR
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: {en: Seller, fi: Myyjä}}, manager: {title: Manager}}
fields:
  company: {type: text, title: {en: Company, fi: Yritys}}
  site:    {type: url}
  price:   {type: money}
  people:  {type: list, items: {name: {type: text, title: Who}, signs: {type: boolean}}}
deal: {value: price, correct_by: manager, title: company}
stages:
  offer:
    title: {en: Offer, fi: Tarjous}
    start: true
    owner: seller
    sla: {within: 2 days}
    exit_criteria: {priced: {check: price > 0, message: {en: A price is needed, fi: Hinta puuttuu}, waivable_by: manager}}
    required_actions: {send: {title: {en: Send the offer, fi: Lähetä tarjous}, evidence: document}}
    optional_actions: {look: {title: Look, evidence: link}}
    playbook:
      guide: "- [ ] Look at [their page](javascript:alert(1))\\n- [x] Done"
      objections: {dear: {concern: Too dear, answer: Look at what it saves}}
      materials: {sheet: {title: Price list, url: "https://intra.example/prices"}}
    next: {delivery: {title: They accept}}
  delivery: {title: Delivery, owner: seller, outcome: won}
"""
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "</style></script><h1>x", "x" * 300, "{{ 7*7 }}", "]]>",
    "<!-- --> --", "שלום (abc) عالم", "🚀 👩‍👩‍👧 🚀", '" onmouseover="alert(1)', "javascript:alert(1)",
)  # fmt: skip
MAIJA, JAANA = Actor("maija", frozenset({"seller"})), Actor("jaana", frozenset({"manager"}))
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Desk:
    """An engine whose clock moves on by a minute at every step."""

    def __init__(self) -> None:
        self.store, self.now = MemoryStore(), BEGIN
        self.engine = Engine(self.store, clock=self.clock)
        self.definition: ProcessDefinition = load(PROCESS)
        self.engine.publish(self.definition, by=JAANA)

    def clock(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def file(self, language: str | None = None) -> CaseFile:
        with self.store.transaction(write=False) as tx:
            return casefile_in(tx, DefinitionCache(), "A-1", timestamp(self.now), language)

    def page(self, language: str | None = None) -> str:
        return casefile_page(self.file(language), self.definition)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    engine = desk.engine
    values: dict[str, Any] = {"company": "Acme", "site": "https://acme.example/", "people": [{"name": "Anna", "signs": True}]}
    engine.start("hand", "A-1", by=MAIJA, values=values)
    for _ in range(2):
        with pytest.raises(StepRefused):
            engine.advance("A-1", by=MAIJA)
    engine.note("A-1", "Too much money\nfor them", by=MAIJA, kind="call", objection="dear")
    engine.do("A-1", "look", by=MAIJA, evidence="https://acme.example/tender?a=1&b=2")
    engine.do("A-1", "send", by=MAIJA, evidence=f"offer.pdf sha256:{'ab' * 32}")
    engine.record("A-1", {"company": "Acme Oy"}, by=JAANA, correct=True, reason="Their name")
    engine.waive("A-1", "priced", by=JAANA, reason="A gift")
    return desk


@pytest.mark.parametrize("language", ["en", "fi"])
def test_the_page_has_no_faults_to_be_seen(desk: Desk, looked_at: Callable[[str], None], language: str) -> None:
    looked_at(desk.page(language))


def test_it_tells_whoever_takes_over_what_there_is_to_know(desk: Desk, opened: Open) -> None:
    found = opened(desk.page())
    assert found.locator("h1").inner_text() == "Acme Oy (A-1)"
    assert "holds personal data" in found.locator("header .personal").inner_text()
    values = found.locator("#values tbody tr").first.inner_text().split("\n")
    assert values[0].split("\t") == ["Company", "Acme Oy"]
    assert values[-1].startswith("jaana, 2026-03-02 10:")
    assert "as a correction" in values[-1]
    assert found.locator("#values table.inner td").all_inner_texts() == ["Anna", "yes"]
    assert "Too much money\nfor them" in found.locator("#talks").inner_text()
    assert found.locator("#objections dd").inner_text() == "Answer: Look at what it saves"
    assert found.locator("#documents code").inner_text() == "ab" * 32
    assert [each.split("\t")[3] for each in found.locator("#decisions tbody tr").all_inner_texts()] == ["A gift", "Their name"]
    assert found.locator("#next li.task").all_inner_texts() == ["Send the offer (done)", "Look (done, optional)"]
    assert found.locator("#playbooks h3").all_inner_texts() == ["This stage: Offer", "Next stage: Delivery"]
    assert desk.file().proof.head in found.locator("#proof").inner_text()


def test_amounts_and_times_are_written_as_people_write_them_and_are_found_as_they_are_typed(desk: Desk, opened: Open) -> None:
    desk.engine.record("A-1", {"price": "51700.25"}, by=MAIJA)
    found = opened(desk.page())
    assert "51\u202f700.25\u00a0EUR" in found.locator("#glance").inner_text()
    assert "51\u202f700,25\u00a0EUR" in opened(desk.page("fi")).locator("#glance").inner_text()
    assert "2 days" in found.locator("#playbooks .guide").first.inner_text()
    for typed in ("51700", "51 700"):
        found.locator("#search").fill(typed)
        assert found.locator("#values tbody tr:visible th").all_inner_texts() == ["price"], typed


def test_on_paper_no_word_of_a_table_is_broken(desk: Desk, opened: Open) -> None:
    reason = "They would rather be called by the name that is on their door than by the one in the register. " * 3
    desk.engine.record("A-1", {"company": "Acme"}, by=JAANA, correct=True, reason=reason)
    found = opened(desk.page(), width=680, height=1000)
    found.emulate_media(media="print")
    lines = """cells => cells.flatMap(cell => {
      const found = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[a-zA-Z]+/g)) {
        const range = new Range(); range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        if (new Set(Array.from(range.getClientRects(), each => each.top)).size > 1) found.push(word[0]);
      }
      return found;
    })"""
    assert found.locator("#decisions :is(th, td), #people :is(th, td)").evaluate_all(lines) == []


def test_a_stay_begins_with_the_move_that_led_there(desk: Desk, opened: Open) -> None:
    desk.engine.advance("A-1", by=MAIJA)
    found = opened(desk.page()).locator("#timeline .visit h3")
    assert [each.split(" ")[0].split("\n")[0] for each in found.all_inner_texts()] == ["Offer", "Delivery"]
    moved = desk.file().deal.entered
    assert found.last.inner_text().endswith(f"since {datetime.fromisoformat(moved) + timedelta(hours=2):%Y-%m-%d %H:%M}")


def test_refused_steps_are_folded_and_open_without_a_script(desk: Desk, opened: Open) -> None:
    found = opened(desk.page(), scripts=False)
    folded = found.locator("#timeline details")
    assert folded.locator("summary").all_inner_texts() == ["2 refused steps"]
    assert not folded.locator("li").first.is_visible()
    folded.locator("summary").click()
    assert "Refused (advance)" in folded.locator("li").first.inner_text()
    assert "“Send the offer” was not done" in folded.inner_text()
    assert "A price is needed" in folded.inner_text()


def test_only_links_to_the_web_are_links_and_they_tell_nobody_where_they_came_from(desk: Desk, opened: Open) -> None:
    found = opened(desk.page())
    links = found.locator("main a:not([href^='#'])")
    told = {(each.get_attribute("href"), "noreferrer" in (each.get_attribute("rel") or "")) for each in links.all()}
    assert told == {
        ("https://acme.example/", True), ("https://acme.example/tender?a=1&b=2", True), ("https://intra.example/prices", True),
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_stays_text(desk: Desk, opened: Open, text: str) -> None:
    engine = desk.engine
    engine.note("A-1", text, by=MAIJA)
    engine.record("A-1", {"company": text, "people": [{"name": text}]}, by=MAIJA)
    engine.waive("A-1", "priced", by=JAANA, reason=text)
    seller = Actor(text[:100].replace("\u200d", ""), frozenset({"seller"}))
    engine.do("A-1", "send", by=seller, evidence=f"{text} sha256:{'cd' * 32}")
    found = opened(desk.page())
    assert found.locator("h1").inner_text() == f"{text} (A-1)"
    assert found.locator("h1").count() == 1
    assert found.locator("img, [onerror], [onmouseover]").count() == 0
    assert found.locator("script").count() == 1
    assert found.locator("a[href^='javascript']").count() == 0
    assert text in found.locator("#talks").inner_text()
    found.set_viewport_size({"width": 320, "height": 800})
    assert faults(found, colours=False) == []


def test_a_link_that_could_run_stays_text(desk: Desk, opened: Open) -> None:
    file = desk.file()
    sound, *others = addresses = (
        "https://a.example/", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "ftp://a.example", "https://a b",
        " https://a\x01",
    )  # fmt: skip
    documents = tuple(replace(file.documents[0], url=address) for address in addresses)
    found = opened(casefile_page(replace(file, documents=documents), desk.definition))
    links = "links => links.map(link => link.getAttribute('href'))"
    assert found.locator("#documents a:not([href^='#'])").evaluate_all(links) == [sound]
    for address in others[:4]:
        assert address in found.locator("#documents").inner_text()


def test_what_others_wrote_into_a_deal_is_named_and_not_taken_for_anything(desk: Desk) -> None:
    file = desk.file()
    data = {"waivers": 3, "note": 5, "evidence": "x", "values": [1], "reason": {"a": 1}, "unfinished": 7}
    others = replace(file.timeline[0], type="x-acme.sent", changes=(), data=data)
    page = casefile_page(replace(file, timeline=(*file.timeline, others)), desk.definition)
    assert "<strong>x-acme.sent</strong>" in page


def test_a_long_history_is_quick(desk: Desk) -> None:
    for number in range(5000):
        desk.engine.note("A-1", f"note {number}", by=MAIJA)
    begun = time.process_time()
    page = desk.page()
    assert time.process_time() - begun < 10
    assert page.count('<li id="event-') == len(desk.file().timeline) > 5000


def test_search_shows_the_event_that_holds_the_words(desk: Desk, opened: Open) -> None:
    for number in range(200):
        desk.engine.note("A-1", f"parcel {number}", by=MAIJA)
    desk.engine.note("A-1", "a needle", by=MAIJA)
    found = opened(desk.page())
    found.get_by_label("Search this page").fill("needle")
    assert found.locator("#talks li:visible").count() == 1
    assert found.locator("#timeline li:visible").count() == 1
    found.get_by_label("Search this page").fill("refused advance")
    assert found.locator("#timeline details ol > li:visible").count() == 2  # which are folded otherwise
