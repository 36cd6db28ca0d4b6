"""Every code of a refusal: its row in the table, its messages, and what is suggested against it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import get_args

import every_refusal
import pytest
from every_refusal import SELLER, Try, step

import procdef
from procdef import Blank, StepRefused, Suggestion
from procdef.advice.refusal_sentences import REFUSAL_CODES, logged_sentence
from procdef.decide.decision import Cause, Remedy
from procdef.events.types.step_refused import UNMET_CODES

PACKAGE = Path(procdef.__file__).parent
SPEAKING = ("advice", "decide", "expression/explanation")
"""The packages that make sentences for refusals."""
QUOTED = ("expression/evaluation/scores.py", "expression/given_values.py")
"""Modules whose sentences they repeat."""


def blocked() -> Iterator[str]:
    """The codes that decisions block with, as they stand in the source."""
    for file in sorted((PACKAGE / "decide").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in REFUSAL_CODES:
                yield node.value
            elif isinstance(node, ast.JoinedStr) and ast.unparse(node) == "f'criterion-{outcome}'":
                yield from ("criterion-unmet", "criterion-unknown")


def test_the_codes_of_the_table_are_those_of_the_log() -> None:
    assert set(REFUSAL_CODES) == set(UNMET_CODES)


def test_a_code_of_the_table_is_one_that_a_decision_blocks_with() -> None:
    assert sorted(set(REFUSAL_CODES) - set(blocked())) == []


@pytest.mark.parametrize("name", [*get_args(Cause), *get_args(Remedy)])
def test_a_cause_and_a_remedy_have_their_sentence(name: str) -> None:
    assert [code for code, row in REFUSAL_CODES.items() if name in row.more] != []


@pytest.mark.parametrize("code", REFUSAL_CODES)
def test_a_code_has_its_words_in_the_log(code: str) -> None:
    assert "x.y" in logged_sentence(code, ["x.y"]) or "{" not in REFUSAL_CODES[code].logged
    assert logged_sentence(code, []) != code


def test_every_code_is_met_by_a_step_of_these_tests() -> None:
    met = {item.code for refused, _ in every_refusal.refusals() for item in refused.unmet}
    assert sorted(set(REFUSAL_CODES) - met) == []


def test_a_repeated_request_is_given_the_same_advice_as_at_first() -> None:
    for first, repeated in every_refusal.refusals():
        assert every_refusal.advice(first) == every_refusal.advice(repeated)


def test_what_is_suggested_does_not_depend_on_a_word_of_any_sentence(tmp_path: Path) -> None:
    (tmp_path / "schemas").symlink_to(PACKAGE.parents[1] / "schemas")
    source = tmp_path / "src"
    shutil.copytree(PACKAGE, source / "procdef", ignore=shutil.ignore_patterns("__pycache__"))
    rooms = [file for room in SPEAKING for file in (source / "procdef" / room).rglob("*.py")]
    for file in (*rooms, *(source / "procdef" / name for name in QUOTED)):
        file.write_text(ast.unparse(Garbled().visit(ast.parse(file.read_text("utf-8")))), "utf-8")
    told, garbled = advice_of(PACKAGE.parent), advice_of(source)
    assert [advice for advice, _ in told] == [advice for advice, _ in garbled]
    assert [first for (_, first), (_, second) in zip(told, garbled, strict=True) if first == second] == []


@pytest.mark.parametrize("room", SPEAKING)
def test_no_text_is_looked_into(room: str) -> None:
    asked = {"startswith", "endswith", "removeprefix", "removesuffix", "find", "index", "search"}
    found = []
    for file in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in asked:
                found.append(f"{file.name}:{node.lineno}: .{node.attr}")
            elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant) and " " in str(node.left.value):
                found.append(f"{file.name}:{node.lineno}: {node.left.value!r} in ...")
    assert found == []


def advice_of(source: Path) -> list[list[object]]:
    """For each refusal the advice, without what differs from run to run, and the text, by the package in this folder."""
    script = Path(every_refusal.__file__)
    told = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(re.sub(r"deal:[-0-9a-f]{36}", "deal:", line)) for line in told.stdout.splitlines()]


class Garbled(ast.NodeTransformer):
    """The same program with the letters of every word reversed in each sentence; ids, keys and ``{names}`` stay."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str) and " " in node.value:
            return ast.Constant(re.sub(r"(?<![{\w])[a-z]{2,}(?![\w}:])", lambda word: word[0][::-1], node.value))
        return node


GIVEN = {
    "note": "Called",
    "document": f"o.pdf sha256:{'0' * 64}",
    "text": "Because",
    "boolean": "true",
    "email": "a@b.example",
}


def filled_in(suggestion: Suggestion) -> dict[str, object]:
    """The arguments of a suggested step as the engine's methods call them, with something that fits in each blank."""
    values = {blank.field: GIVEN.get(blank.type, "20") for blank in suggestion.blanks if blank.field}
    given: dict[str, object] = dict(suggestion.arguments) | ({"values": values} if values else {})
    for blank in suggestion.blanks:
        if blank.field is None:
            given[blank.argument] = blank.options[0] if blank.options else GIVEN[blank.type]
    python = {"from": "origin"} | ({"note": "text"} if suggestion.do == "note" else {})
    return {python.get(name, name): value for name, value in given.items()}


def test_a_suggested_step_can_be_taken_once_its_blanks_are_filled_in() -> None:
    clock = every_refusal.Clock()
    engine, verbs, roles = (
        every_refusal.shop(clock),
        set(),
        {"seller": every_refusal.SELLER, "manager": every_refusal.MANAGER},
    )
    for refused, _ in every_refusal.refusals(engine, clock):
        for item in refused.unmet:
            step = item.suggestion
            if step is not None:
                by = roles[item.who[0]] if item.who else refused.record.by
                given = filled_in(step)
                names = (given.pop("process"), step.deal) if step.do == "start" else (step.deal,)
                assert getattr(engine, step.do)(*names, **given, by=by, dry_run=True).events
                verbs.add(step.do)
    assert {"start", "record", "do", "advance", "back", "waive", "lose", "reopen", "note"} == verbs


@pytest.mark.parametrize(
    ("before", "refused", "since"),
    [
        (every_refusal.PARKED, step(SELLER, "advance"), step(SELLER, "advance", "kept")),
        ((every_refusal.FOUND, every_refusal.LARGE), step(SELLER, "do", "call"), step(SELLER, "advance")),
        ((), step(SELLER, "lose", "size", note="x"), step(SELLER, "record", {"size": 20, "big": True})),
        (every_refusal.SMALL, step(SELLER, "advance", "parked"), step(SELLER, "advance", "parked", reason="Small")),
    ],
)
def test_a_repeated_request_suggests_nothing_once_the_deal_has_moved_on(
    before: tuple[Try, ...], refused: Try, since: Try
) -> None:
    engine = every_refusal.shop(every_refusal.Clock())
    engine.start("shop", "D", by=SELLER, stage="lead")
    told = []
    for each in (*before, refused, since, refused):
        call = partial(getattr(engine, each.do), "D", *each.given, by=each.by, **each.more)
        if each is not refused:
            call()
            continue
        with pytest.raises(StepRefused) as raised:
            call(request="again")
        told.append(raised.value.unmet)
    assert [item.code for item in told[0]] == [item.code for item in told[1]]
    assert [any(item.suggestion for item in items) for items in told] == [True, False]


@pytest.mark.parametrize(
    ("expected", "suggestion"),
    [
        ("procdef finish A-1", Suggestion("finish", "A-1")),
        ("procdef finish 'It'\"'\"'s big'", Suggestion("finish", "It's big", stream="deal:7")),
        ("procdef finish deal:7", Suggestion("finish", "-x", stream="deal:7")),
        (
            "procdef waive A lead.x --reason ...",
            Suggestion("waive", "A", {"criterion": "lead.x"}, (Blank("reason", "text"),)),
        ),
        (
            "procdef lose A ... --note ...",
            Suggestion("lose", "A", {}, (Blank("reason", "choice"), Blank("note", "text"))),
        ),
        ("procdef lose A price", Suggestion("lose", "A", {"reason": "price"})),
        (
            "procdef do A quote price=... people=... --way ... --evidence ... --reject --note ...",
            Suggestion(
                "do",
                "A",
                {"decision": "reject", "action": "quote"},
                (
                    Blank("note", "text"),
                    Blank("evidence", "link"),
                    Blank("way", "choice", options=("call",)),
                    Blank("values", "money", "price"),
                    Blank("values", "list", "people"),
                ),
            ),
        ),
        (
            "procdef record A size=... --correct --reason ...",
            Suggestion("record", "A", {"correct": True}, (Blank("values", "integer", "size"), Blank("reason", "text"))),
        ),
        (
            "procdef start shop 'B 2' --stage offer --from=-x size=...",
            Suggestion(
                "start",
                "B 2",
                {"process": "shop", "stage": "offer", "from": "-x"},
                (Blank("values", "integer", "size"),),
            ),
        ),
        (
            "procdef note A ... --objection ...",
            Suggestion("note", "A", {}, (Blank("note", "text"), Blank("objection", "choice"))),
        ),
    ],
)
def test_a_suggestion_is_written_as_a_line_to_type(expected: str, suggestion: Suggestion) -> None:
    assert suggestion.command == expected
