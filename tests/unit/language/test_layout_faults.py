"""A slip in the layout is told once, where it is, and what the message says to do mends it."""

from __future__ import annotations

import os
import random
import re
from collections import defaultdict
from pathlib import Path

import pytest
from layout_faults import Slip, slips

from procdef.diagnostics import Diagnostic, Severity
from procdef.language import check

PROCESSES = Path(__file__).parents[3] / "processes"
SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
EVERY = "PROCDEF_EVERY_SLIP" in os.environ
"""Whether each line of each shipped process is tried (minutes), and not a sample of each kind of slip."""
SAMPLES = {"crm-opportunities": 3, "saas-inbound": 1, "b2b-sales": 1}
_MOVE = re.compile(r"(?:this line is|these (?P<count>\d+) lines are) indented (?P<by>\d+) spaces? (?P<way>more|less)")
_HEADING = re.compile(r'the heading (?:"(?P<key>\w+):" is missing above|of these lines.*, like (?P<id>\w+):)')


def chosen(name: str) -> list[Slip]:
    every = list(slips((PROCESSES / f"{name}.yaml").read_text("utf-8")))
    if EVERY:
        return every
    kinds = defaultdict(list)
    for slip in every:
        kinds[slip.kind].append(slip)
    dice = random.Random(name)
    return [one for of_kind in kinds.values() for one in dice.sample(of_kind, min(SAMPLES[name], len(of_kind)))]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_slip_in_the_layout_is_told_once_beside_the_line_and_the_message_mends_it(name: str) -> None:
    broken = {}
    for slip in chosen(name):
        fault = fault_of(check(slip.text), slip)
        if fault:
            broken[slip.kind, slip.line] = fault
    assert not broken


def fault_of(found: list[Diagnostic], slip: Slip) -> str:
    """What is wrong with the findings on a slip; empty where nothing is."""
    told = [f"{one.span.line}: {one.code}: {one.message}" for one in found]
    if len(found) > 1:
        return f"{len(found)} findings: {told}"
    if not found or found[0].severity is not Severity.ERROR:
        return ""  # what came out is sound: another process, or the same one
    lines = slip.text.split("\n")
    shown = [number for number, line in enumerate(lines, 1) if line.strip()]
    here = sum(number < slip.line for number in shown)
    if found[0].code in OF_THE_WHOLE:
        return ""
    if found[0].span.line not in shown[max(0, here - 1) : here + 2]:
        return f"told away from the line: {told}"
    mended = mend(lines, found[0])
    left = check(mended) if mended is not None else []
    return f"{told} does not mend it: {[one.message for one in left]}" if left else ""


OF_THE_WHOLE = frozenset(
    ["no-won", "no-start", "won-twice", "back-over-won", "unknown-role", "unknown-field", "unknown-stage"]
)
"""Findings on processes that came out readable but different: told where the other end is."""


def mend(lines: list[str], found: Diagnostic) -> str | None:
    """The text with what the message says done; None where it says what to look for, but not what to write."""
    at = found.span.line - 1
    move, heading = _MOVE.match(found.message), _HEADING.match(found.message)
    if move:
        count, gap = int(move["count"] or 1), int(move["by"]) * (1 if move["way"] == "less" else -1)
        for number in range(at, len(lines)):
            if count and lines[number].strip():
                lines[number] = " " * gap + lines[number] if gap > 0 else lines[number][-gap:]
                count -= 1
    elif heading:
        indent = len(lines[at]) - len(lines[at].lstrip())
        lines.insert(at, " " * (indent - 2) + (heading["key"] or heading["id"]) + ":")
    elif found.fix is not None and found.span.end_line == found.span.line:
        line = lines[at]
        lines[at] = line[: found.span.column - 1] + found.fix + line[found.span.end_column - 1 :]
    else:
        return None
    return "\n".join(lines)


MISTAKES = [
    ("  contract:\n", "«contract:\n", "this line is indented 2 spaces less than the lines it belongs with"),
    (
        "    title: Contract\n    owner: seller\n",
        "  «title: Contract\n  owner: seller\n",
        "these 2 lines are indented 2 spaces less",
    ),
    ("        - Who decides?\n        - What", "        «• Who decides?\n        • What", "write - Who decides?"),
    ("        - Who decides?\n        - What", "        «– Who decides?\n        – What", "write - Who decides?"),
    (
        "        - Who decides?\n        - What",
        "        - Who decides?\n        «• What",
        "write - What is the budget?",
    ),
    ("    title: Contract\n    owner: seller", "    title: Contract\n    «owner = seller", "write owner: seller"),
    ("    title: Contract\n", "    title: {en: «Offer #1}\n", "write 'Offer #1'"),
    (
        "holidays: FI}",
        'holidays: FI, hours: {mon-fri: «"09:00-17:00}}',
        'this quotation mark is not closed; write "09:00-17:00"',
    ),
    ("      worth_it:\n        check", "      «- worth_it:\n        check", 'write "worth_it:" for "- worth_it:"'),
    (
        "  contract:\n",
        "",
        "the heading of these lines, their id with a colon, is missing above; add it, like contract:",
    ),
    ("  contract:\n", "      «contract:\n", "move it to the left"),
    ("  contract:\n", "    «contract:\n", "move it to the left"),
    ("stages:\n", "«etapas:\n", 'unknown key "etapas" (did you mean "stages"?)'),
    ("fields:\n", "«campos:\n", 'unknown key "campos" (did you mean "fields"?)'),
    ("      visit: {title", "    «visit: {title", "this line is indented 2 spaces less than the lines it belongs with"),
    ("holidays: FI", "holidays: «Spain", '"Spain" is not a country code; write ES'),
    ("holidays: FI", "holidays: «Deutschland", '"Deutschland" is not a country code; write DE'),
    ("holidays: FI", "holidays: «fin", '"fin" is not a country code; write FI'),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_a_slip_that_people_make_is_told_once_where_it_is(right: str, wrong: str, said: str) -> None:
    marked = SOUND.replace(right, wrong or "«", 1)
    (found,) = check(marked.replace("«", ""))
    assert found.span.line == marked[: marked.index("«")].count("\n") + 1
    assert said in found.message
    mended = mend(marked.replace("«", "").split("\n"), found)
    assert mended is None or not check(mended)


def test_two_slips_far_from_each_other_are_told_apart() -> None:
    broken = SOUND.replace("  contract:\n", "contract:\n").replace("holidays: FI", "holidays: Spain")
    assert {"unknown-country", "syntax"} >= {one.code for one in check(broken)}


def test_beside_a_slip_other_faults_are_told_too() -> None:
    broken = SOUND.replace("      visit: {title", "    visit: {title").replace("records: [price", "records: [prize")
    assert [one.code for one in check(broken)] == ["syntax", "unknown-field"]
