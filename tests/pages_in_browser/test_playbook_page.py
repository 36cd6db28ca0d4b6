"""The handbook in a browser: it has no faults, everything in it is text, and its links lead where they say."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from seen import wider

from procdef.language import load
from procdef.model import ProcessDefinition
from procdef.pages.playbook import playbook
from procdef.resources import shipped_processes

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
Look = Callable[[str | Path], None]

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "processes" / f"{name}.yaml" for name in shipped_processes()]
SHIPPED = [(file, language) for file in FILES for language in load(file).languages]
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "[a](javascript:alert(1)) ![a](https://elsewhere.example/x.png)",
    "]]> --> <!-- -- </style></title></script>", "שלום (abc) עולם", "🚀 👩‍👩‍👧 launch", "x" * 300,
    "- [ ] <b onclick=alert(1)>\n- [x] &lt;b&gt;", "| a | b |\n|---|---|\n| " + "y" * 200 + " | {{ 7*7 }} |",
    "# One\n##### Two\n<details open ontoggle=alert(1)>", "```\n</code></pre><script>alert(1)</script>\n" + "z" * 300,
    '" onfocus="alert(1)" autofocus x="', "%(a)s {a} {0}",
)  # fmt: skip


def hostile(stages: int) -> ProcessDefinition:
    """A process of so many stages whose every text is one that somebody could mean badly."""
    texts = iter(HOSTILE * 1000)

    def stage(number: int) -> dict[str, Any]:
        last = number == stages - 1
        made = {
            "title": f"{number} {next(texts)}",
            "owner": "seller",
            "sla": {"within": "3 business days"},
            "entry_criteria": {
                "in": {"check": "price >= 1", "message": next(texts), "fix": next(texts), "waivable_by": "seller"}
            },
            "required_actions": {
                "act": {
                    "title": next(texts), "guide": next(texts), "ways": {"way": next(texts)}, "records": ["price"],
                    "evidence": "note",
                }
            },
            "playbook": {
                "goal": next(texts), "guide": next(texts), "questions": [next(texts), next(texts)],
                "objections": {"no": {"concern": next(texts), "answer": next(texts)}},
                "materials": {"m": {"title": next(texts), "url": "https://intra.example/" + "u" * 300}},
            },
        }  # fmt: skip
        if number == 0:
            made["start"] = True
        if last:
            made["outcome"] = "won"
        else:
            made["next"] = {f"s{number + 1}": {"title": next(texts)}}
        return made

    process = {
        "procdef": 1, "id": "odd", "version": 1, "title": HOSTILE[0], "description": HOSTILE[1], "languages": ["en"],
        "currency": "EUR", "calendar": {"timezone": "Europe/Helsinki", "holidays": "FI"},
        "roles": {"seller": {"title": HOSTILE[3], "description": HOSTILE[2]}},
        "fields": {"price": {"type": "money", "min": 0, "title": HOSTILE[5], "help": HOSTILE[0]}},
        "lost": {"reasons": {"no": {"title": HOSTILE[0]}}},
        "stages": {f"s{number}": stage(number) for number in range(stages)},
    }  # fmt: skip
    return load(yaml.safe_dump(process, allow_unicode=True, sort_keys=False))


@pytest.mark.parametrize(("file", "language"), SHIPPED, ids=[f"{file.stem} {language}" for file, language in SHIPPED])
def test_the_handbook_of_each_process_that_ships_has_no_faults(looked_at: Look, file: Path, language: str) -> None:
    looked_at(playbook(load(file), language))


def test_every_text_of_a_hostile_process_stays_text(opened: Open, looked_at: Look) -> None:
    shown = playbook(hostile(4), "en")
    looked_at(shown)
    found = opened(shown)
    assert found.locator("h1").inner_text() == HOSTILE[0]
    assert found.locator("img, iframe, object, form, b, details, main script, [onclick], [onerror], [onfocus]").count() == 0
    schemes = found.evaluate("() => [...new Set([...document.links].map(each => each.protocol))].sort()")
    assert schemes == ["file:", "https:"]
    assert found.locator(".tick").count() > 0
    assert found.get_by_text("{{ 7*7 }}").count() > 0


def test_sixty_stages_fit_a_page_of_any_width(opened: Open) -> None:
    found = opened(playbook(hostile(60), "en"))
    assert found.locator("h2[id^=heading-]").count() == 60
    for width in (1280, 375, 320):
        found.set_viewport_size({"width": width, "height": 900})
        assert wider(found) == []


def test_each_stage_of_the_picture_leads_to_its_chapter(opened: Open) -> None:
    definition = load(ROOT / "processes" / "b2b-sales.yaml")
    found = opened(playbook(definition, "en"))
    for stage in definition.stages.values():
        found.locator(f"svg a[href='#stage-{stage.id}']").click()
        assert found.url.endswith(f"#stage-{stage.id}")
        assert found.locator(f"#stage-{stage.id} h2").is_visible()


@pytest.mark.parametrize("stage", [None, "closing", "booking"])
def test_no_link_within_the_page_leads_nowhere_and_no_id_is_there_twice(opened: Open, stage: str | None) -> None:
    found = opened(playbook(load(ROOT / "processes" / "b2b-sales.yaml"), "en", stage=stage))
    links = "() => [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
    assert found.evaluate(f"{links}.filter(id => !document.getElementById(id))") == []
    ids = found.evaluate("() => [...document.querySelectorAll('[id]')].map(each => each.id)")
    assert sorted(ids) == sorted(set(ids))


def test_headings_are_in_order(opened: Open) -> None:
    found = opened(playbook(hostile(12), "en"))
    levels = found.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(each => Number(each.tagName[1]))")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_whoever_searches_an_objection_finds_its_answer(opened: Open) -> None:
    found = opened(playbook(load(ROOT / "processes" / "b2b-sales.yaml"), "fi"))
    found.get_by_label("Hae sivulta").fill("liian kallis")
    shown = found.locator("main [data-search]:visible").all_inner_texts()
    assert any("Mihin verrattuna?" in each for each in shown)
    assert found.locator("section.chapter:visible").evaluate_all("each => each.map(one => one.id)") == [
        "stage-closing",
        "objections",
    ]


def test_a_goal_of_the_process_is_found_without_the_picture_beside_it(opened: Open) -> None:
    found = opened(playbook(load(ROOT / "processes" / "b2b-sales.yaml"), "en"))
    found.get_by_label("Search this page").fill("hit rate")
    assert found.locator(".aims div:visible").count() == 1
    assert not found.locator("svg").is_visible()
    assert found.get_by_role("status").inner_text() == "1 found"


def test_whoever_follows_a_link_to_what_the_search_hid_sees_it(opened: Open) -> None:
    found = opened(playbook(load(ROOT / "processes" / "b2b-sales.yaml"), "en"))
    found.get_by_label("Search this page").fill("too expensive")
    found.locator("nav.contents a[href='#stage-booking']").click()
    found.locator("#stage-booking h2").wait_for(state="visible")


def test_nothing_is_lost_on_paper_and_nothing_cut(opened: Open, tmp_path: Path) -> None:
    found = opened(playbook(load(ROOT / "processes" / "saas-inbound.yaml"), "en"), width=680, height=900)
    found.emulate_media(media="print")
    cut = "() => [...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1"
    assert found.evaluate(f"{cut} && getComputedStyle(e).overflowX !== 'visible').map(e => e.className)") == []
    assert found.locator("h2[id^=heading-]").count() == found.locator("h2[id^=heading-]:visible").count()
