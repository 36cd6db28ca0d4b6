"""Mermaid itself draws what is written for it, as GitHub does.

``PROCDEF_MERMAID`` names its ``mermaid.min.js`` (``npm install mermaid``); without it these tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef.language import load
from procdef.model import ProcessDefinition
from procdef.pages.diagram import Counts, diagram
from procdef.pages.diagram.counts import StageCounts
from procdef.resources import shipped_processes

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = os.environ.get("PROCDEF_MERMAID", "")
pytestmark = pytest.mark.skipif(not SCRIPT, reason="PROCDEF_MERMAID names no mermaid.min.js")
SHIPPED = [Path(__file__).parents[2] / "processes" / f"{name}.yaml" for name in shipped_processes()]
HOSTILE = (
    "<script>alert(1)</script>", "](javascript:alert(1))", "--> x", "שלום (abc)", "🚀 launch 🚀", '"; click s1 "javascript:x"',
    "a|b{c}(d)[e]", "end", "#quot;&lt;", "x" * 300, "%% comment", "%%{init: {}}%%", "`code` and $x^2$", "s1@{shape: x}",
)  # fmt: skip


@pytest.fixture(scope="module")
def draw(chromium: object) -> Callable[[str], str]:
    """Draws a text of Mermaid, with the settings that GitHub has; what it shows, as text."""
    page: Page = chromium.new_page()  # type: ignore[attr-defined]
    page.set_content("<body></body>")
    page.add_script_tag(path=SCRIPT)
    page.evaluate("() => mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")

    def drawn(text: str) -> str:
        page.evaluate("async text => { document.body.innerHTML = (await mermaid.render('drawn', text)).svg }", text)
        assert page.locator("svg").count() == 1
        assert page.locator("script:not([src])").count() <= 1  # the one that Playwright put in
        found: str = page.locator("svg").evaluate("each => each.textContent")
        return " ".join(found.split())

    return drawn


def counts(definition: ProcessDefinition) -> Counts:
    stages = {name: StageCounts(3, 1, 12, 2, Decimal("61.5"), 4.25) for name in definition.stages}
    return Counts("Deals of all time", stages, {(stage.id, to): 7 for stage in definition.stages.values() for to in stage.next})


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
@pytest.mark.parametrize("painted", [False, True])
def test_it_draws_every_stage(file: Path, painted: bool, draw: Callable[[str], str]) -> None:
    definition = load(file)
    shown = draw(diagram(definition, "mermaid", detail="full", counts=counts(definition) if painted else None))
    for number, stage in enumerate(definition.stages.values(), 1):
        assert f"{number}. {stage.title}" in shown
    assert ("3 here now" in shown) == painted


@pytest.mark.parametrize("text", HOSTILE)
def test_it_takes_every_text_for_text(text: str, draw: Callable[[str], str]) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    definition = load(
        f"""procdef: 1
id: odd
version: 1
title: {quoted}
languages: [en]
fields: {{company: {{type: text}}}}
roles: {{seller: {{title: {quoted}}}}}
lost: {{reasons: {{none: {{title: {quoted}}}}}}}
stages:
  opening: {{title: {quoted}, start: true, owner: seller, next: {{ending: {{title: {quoted}}}}}}}
  ending: {{title: Closed, owner: seller, outcome: won}}
"""
    )
    shown = draw(diagram(definition, "mermaid"))
    assert "2. Closed" in shown
    assert " ".join(text.split()) in shown
