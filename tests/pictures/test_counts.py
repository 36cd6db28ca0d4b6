"""A picture painted with deals: the numbers stand where they belong, and lines are as broad as their ways were taken."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from procdef.language import load
from procdef.pages.diagram import diagram
from procdef.pages.diagram.counts import Counts, StageCounts

SVG = "{http://www.w3.org/2000/svg}"
PROCESS = load(
    """\
procdef: 1
id: sales
version: 2
title: Sales
languages: [en]
roles: {seller: {title: Seller}}
fields: {price: {type: money}}
currency: EUR
lost: {reasons: {price: Too dear}}
stages:
  offer: {title: Offer, start: true, owner: seller, next: {delivery: {title: They accept}}}
  delivery: {title: Delivery, owner: seller, next: [care], back: [offer]}
  care: {title: Afterwards, owner: seller, outcome: won}
"""
)
COUNTS = Counts(
    "Deals of all time, as of 2026-03-02 10:00 Europe/Helsinki",
    {
        "offer": StageCounts(12, 3, 12_345, 40, Decimal("61.49"), 4.25),
        "delivery": StageCounts(0, 0, 70, 0, None, None),
        "gone": StageCounts(0, 0, 5, 2, Decimal(0), 1.0),
    },
    {("offer", "delivery"): 70, ("delivery", "offer"): 7, ("offer", "gone"): 5},
)


def picture(counts: Counts | None = COUNTS) -> ET.Element:
    return ET.fromstring(diagram(PROCESS, "svg", counts=counts))


def box(found: ET.Element, stage: str) -> list[str]:
    group = next(each for each in found.iter(f"{SVG}g") if each.get("id") == f"stage-{stage}")
    return [each.text or "" for each in group.iter(f"{SVG}text")]


def test_a_box_tells_what_is_there_what_is_late_and_what_went_on() -> None:
    assert box(picture(), "offer")[2:] == [
        "12 here now", "⚠ 3 overdue", "12\u202f345 entered, 61 % went on", "median 4.3 days", "40 lost",
    ]  # fmt: skip


def test_what_nothing_was_counted_for_is_not_there_rather_than_nought() -> None:
    assert "n/a" in " ".join(box(picture(), "delivery"))
    assert box(picture(), "delivery")[-2:] == ["70 entered, n/a went on", "median n/a"]
    assert box(picture(), "care")[-3:] == ["0 here now", "0 entered, n/a went on", "median n/a"]


@pytest.mark.parametrize(
    ("went_on", "days", "shown"),
    [
        ("0", 0.0, "0 % went on; median 0.0 days"),
        ("0.04", 0.01, "under 1 % went on; median under 0.1 days"),
        ("1", 0.05, "1 % went on; median 0.1 days"),
        ("99.96", 9.96, "over 99 % went on; median 10 days"),
        ("100", 123.4, "100 % went on; median 123 days"),
    ],
)
def test_what_is_rounded_is_not_taken_for_all_or_nothing(went_on: str, days: float, shown: str) -> None:
    counts = Counts("", {"offer": StageCounts(0, 0, 9, 0, Decimal(went_on), days)}, {})
    assert f"9 entered, {shown}" in "; ".join(box(picture(counts), "offer"))


def test_lines_are_as_broad_as_their_ways_were_taken() -> None:
    ways = {}
    for group in picture().iter(f"{SVG}g"):
        path = group.find(f"{SVG}path")
        if path is not None and (path.get("class") or "").startswith("way"):
            ways[group.findtext(f"{SVG}title")] = float(path.get("stroke-width") or 0)
    assert ways == {
        "Offer to Delivery: They accept, taken 70 times": 6.0,
        "Delivery back to Offer: taken 7 times": 1.5,
        "Delivery to Afterwards: taken 0 times": 1.0,
    }


def test_losses_are_one_quiet_mark_with_their_number_and_what_has_no_place_is_told() -> None:
    shown = [each.text or "" for each in picture().iter(f"{SVG}text") if each.get("class") == "quiet"]
    assert "✗ 42 lost. A deal may be lost in any stage: Too dear" in shown
    assert "Not drawn: 5 moves by ways and 5 visits to stages that this version does not have" in shown
    assert COUNTS.told in shown


def test_without_counts_nothing_of_that_is_drawn() -> None:
    drawn = diagram(PROCESS, "svg")
    assert "here now" not in drawn
    assert " stroke-width=" not in drawn


def test_whoever_cannot_see_it_is_told_the_numbers() -> None:
    told = picture().findtext(f"{SVG}desc") or ""
    for words in ("12 here now; ⚠ 3 overdue; 12\u202f345 entered, 61 % went on", "taken 70 times", "42 lost", COUNTS.told):
        assert words in told


def test_mermaid_and_dot_have_the_same_numbers() -> None:
    mermaid, dot = (diagram(PROCESS, form, counts=COUNTS) for form in ("mermaid", "dot"))
    for words in ("12 here now", "70: They accept", "42 lost", "Deals of all time"):
        assert words in mermaid
        assert words in dot
    assert re.findall(r"linkStyle (\d) stroke-width:([\d.]+)px", mermaid) == [("0", "6.0"), ("1", "1.0"), ("2", "1.5")]
    assert re.findall(r"penwidth=([\d.]+)", dot) == ["6.0", "1.0", "1.5"]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it() -> None:
    written = diagram(PROCESS, "dot", counts=COUNTS)
    drawn = subprocess.run(["dot", "-Tsvg"], input=written, capture_output=True, encoding="utf-8", check=True)
    assert "12 here now" in "".join(ET.fromstring(drawn.stdout).itertext()).replace("\xa0", " ")
