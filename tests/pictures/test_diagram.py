"""Pictures of processes: each says what the file says, and takes every text for text."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from procdef.language import load
from procdef.model import ProcessDefinition
from procdef.pages.diagram import FORMATS, Detail, Direction, diagram
from procdef.pages.diagram.contents import contents
from procdef.pages.diagram.svg import svg
from procdef.resources import shipped_processes

ROOT = Path(__file__).parents[2]
SHIPPED = [ROOT / "processes" / f"{name}.yaml" for name in shipped_processes()]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>", "](javascript:alert(1))", "]]>", "--> <!-- --", "שלום (abc)", "🚀 launch 🚀",
    '"; click s1 "javascript:x"', "a|b{c}(d)[e]", "end", "#quot;&lt;", "x" * 300,
)  # fmt: skip


def hostile(text: str) -> ProcessDefinition:
    """A process whose every text is that one."""
    quoted = "'" + text.replace("'", "''") + "'"
    return load(
        f"""procdef: 1
id: odd
version: 1
title: {quoted}
languages: [en]
fields: {{company: {{type: text}}}}
roles: {{seller: {{title: {quoted}}}}}
lost: {{reasons: {{none: {{title: {quoted}}}}}}}
stages:
  opening:
    title: {quoted}
    start: true
    owner: seller
    required_actions: {{call: {{title: {quoted}}}}}
    next: {{ending: {{title: {quoted}}}}}
  ending: {{title: End, owner: seller, outcome: won}}
"""
    )


def picture(definition: ProcessDefinition, **options: object) -> ET.Element:
    return ET.fromstring(diagram(definition, "svg", **options))  # type: ignore[arg-type]


def texts(found: ET.Element) -> str:
    return " ".join("".join(each.itertext()) for each in found.iter(f"{SVG}text"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
@pytest.mark.parametrize("detail", ["stages", "full"])
def test_the_picture_shows_every_stage_way_and_mark(file: Path, detail: Detail) -> None:
    definition = load(file)
    found = picture(definition, detail=detail)
    stages = definition.stages.values()
    assert {each.get("id") for each in found.iter(f"{SVG}g")} >= {f"stage-{stage.id}" for stage in stages}
    kinds = [each.get("class") for each in found.iter(f"{SVG}path")]
    assert kinds.count("way") == sum(len(stage.next) for stage in stages)
    assert kinds.count("way back") == sum(len(stage.back) for stage in stages)
    assert len(list(found.iter(f"{SVG}circle"))) == len(definition.starts)
    assert sum(each.text == "★" for each in found.iter(f"{SVG}text")) == sum(stage.wins for stage in stages)
    shown = texts(found)
    action = next(action for action in definition.actions.values() if len(str(action.title)) < 25)
    assert (str(action.title) in shown) == (detail == "full")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_whoever_cannot_see_the_picture_is_told_what_it_shows(file: Path) -> None:
    definition = load(file)
    found = picture(definition)
    told = found.findtext(f"{SVG}desc") or ""
    assert found.get("role") == "img"
    assert all(str(stage.title) in told for stage in definition.stages.values())
    assert all(str(action.title) in told for action in definition.actions.values())
    assert "A deal may be lost in any stage" in told


def test_texts_stand_in_the_language_that_is_asked_for() -> None:
    definition = load(ROOT / "processes" / "b2b-sales.yaml")
    assert "Prospektointi" in texts(picture(definition, language="fi"))
    assert "Prospecting" in texts(picture(definition, language="sv"))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("direction", ["right", "down"])
def test_the_same_process_gives_the_same_bytes(form: str, direction: Direction) -> None:
    definition = load(ROOT / "processes" / "saas-inbound.yaml")
    assert diagram(definition, form, direction=direction) == diagram(definition, form, direction=direction)


def test_a_long_process_goes_down_unless_it_is_told_otherwise() -> None:
    def long(count: int) -> ProcessDefinition:
        ways = [f"next: [s{number + 1}]" for number in range(1, count)]
        stages = [f"  s{number}: {{title: S{number}, owner: seller, {way}}}" for number, way in enumerate(ways, 1)]
        last = f"  s{count}: {{title: End, owner: seller, outcome: won}}"
        stages[0] = stages[0].replace("owner", "start: true, owner")
        head = "procdef: 1\nid: long\nversion: 1\ntitle: Long\nlanguages: [en]\nroles: {seller: {title: Seller}}\n"
        return load("\n".join([f"{head}fields: {{company: {{type: text}}}}\nstages:", *stages, last]) + "\n")

    assert "flowchart LR" in diagram(long(16), "mermaid")
    assert "flowchart TB" in diagram(long(17), "mermaid")
    assert "flowchart LR" in diagram(long(40), "mermaid", direction="right")


@pytest.mark.parametrize("text", HOSTILE)
def test_svg_takes_every_text_for_text_and_asks_for_nothing(text: str) -> None:
    drawn = diagram(hostile(text), "svg", detail="full")
    found = ET.fromstring(drawn)
    assert {each.tag.removeprefix(SVG) for each in found.iter()} <= {
        "svg", "title", "desc", "style", "rect", "g", "path", "circle", "line", "text",
    }  # fmt: skip
    assert not [name for each in found.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    assert "url(" not in drawn
    assert "@import" not in drawn
    assert " ".join(text.split()) in (found.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize("text", HOSTILE)
def test_mermaid_takes_every_text_for_text(text: str) -> None:
    head, *lines = diagram(hostile(text), "mermaid", detail="full").split("---\n")[2].splitlines()
    assert head == "flowchart LR"
    quoted = re.compile(r'"([^"]*)"')
    for line in lines:
        inner = [re.sub(r"#\d+;|</?[bi]>|<br/>", "", each) for each in quoted.findall(line)]
        assert not [each for each in inner if re.search(r'["#;<>&`\\\[\](){}|*_]', each)], line
        assert re.fullmatch(r"    (s\d+|lost|style|class|classDef)\b[^\"]*", quoted.sub("", line)), line


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("text", [*HOSTILE, *SHIPPED], ids=str)
def test_graphviz_draws_what_is_written_for_it(text: str | Path) -> None:
    definition = load(text) if isinstance(text, Path) else hostile(text)
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=diagram(definition, "dot", detail="full"), capture_output=True, encoding="utf-8", check=True
    )
    assert "syntax error" not in drawn.stderr
    nodes = [each for each in ET.fromstring(drawn.stdout).iter(f"{SVG}g") if each.get("class") == "node"]
    assert len(nodes) == len(definition.stages)


def test_stages_lead_where_a_page_has_their_chapters() -> None:
    drawn = svg(
        contents(load(ROOT / "processes" / "b2b-sales.yaml"), "stages", None),
        "right",
        links={"booking": '#chapter-"booking"', "closing": "#chapter-closing"},
        in_page=True,
    )
    found = ET.fromstring(drawn)
    assert [each.get("href") for each in found.iter(f"{SVG}a")] == ['#chapter-"booking"', "#chapter-closing"]
    assert found.get("role") == "group"  # an image has no parts that could be followed
    assert found.find(f"{SVG}style") is None
    assert all(name.startswith("picture-") for each in found.iter() if (name := each.get("id")))
