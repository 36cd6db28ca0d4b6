"""A finding says as data what it is about, and its words are made of that; no code depends on them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import procdef
from procdef.diagnostics import Finding, Place, message_of
from procdef.language import check

SOURCE = Path(procdef.__file__).parent
SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
SENTENCE_AT = {
    "Finding": 2,
    "reading_fault": 2,
    "cut_by_yaml": 1,
    "_syntax": 1,
    "fault": 2,
    "SyntaxFault": 3,
    "Habit": 2,
    "Stray": 1,
}
"""Which argument the sentence is, by the name of what makes findings."""
PASSED_ON = (
    "language/named_files.py",
    "language/yaml/syntax_errors.py",
    "expression/syntax/tokens.py",
    "expression/given_values.py",
    "expression/verified_fixes.py",
)
"""Where a sentence goes on from what found it to the finding, from a finding to the file that names its own, or from one
refusal of a value to another."""
MODULES = sorted([*SOURCE.glob("language/**/*.py"), *SOURCE.glob("expression/**/*.py")])


@pytest.mark.parametrize(
    ("about", "right", "wrong"),
    [
        (("unknown-role", "manger", "role", ("manager",)), "by: manager", "by: manger"),
        (("unknown-role", "boss", "role", ()), "by: manager", "by: boss"),
        (("unknown-stage", "contrct", "stage", ("contract",)), "next: contract", "next: contrct"),
        (("unknown-key", "ownr", "key", ("owner",)), "owner: seller", "ownr: seller"),
        (("unknown-field", "discont", "field", ("discount",)), "records: [price, discount]", "records: [price, discont]"),
        (("unknown-name", "bugdet", "field", ("budget",)), "check: budget >= 8000", "check: bugdet >= 8000"),
        (("missing-key", "title", "key", ()), "  manager: {title: Sales manager}", "  manager: {}"),
        (("bad-id", "Sales manager", "role", ()), "  manager: {title: Sales manager}", "  Sales manager: {title: Boss}"),
        (("wrong-type", "maybe", "value", ()), "start: true", "start: maybe"),
        (("encoding", "U+0007", "character", ()), "title: Lead", 'title: Le\x07ad'),
        (("duplicate-key", "owner", "key", ()), "    owner: seller\n", "    owner: seller\n    owner: seller\n"),
        (("no-won", "lead", "stage", ()), "    next: contract\n", ""),
    ],
)
def test_a_finding_says_what_it_is_about(
    about: tuple[str, str, str, tuple[str, ...]], right: str, wrong: str
) -> None:
    found = check(SOUND.replace(right, wrong, 1))[0]
    assert about == (found.code, found.subject, found.kind, found.candidates)


@pytest.mark.parametrize(
    "wrong", ['source in "{near}"', 'source == "{near}"', 'budget is "{near}"', 'budget "{near}"']
)
def test_what_a_file_says_is_not_taken_for_a_blank(wrong: str) -> None:
    found = check(SOUND.replace("check: budget >= 8000", f"check: '{wrong}'", 1))
    assert any("{near}" in one.message for one in found)


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ('unknown role "boss" (did you mean "{fix}"?)', 'unknown role "{subject}"{hint}'),
        ("write boss, or `deal: {value: ...}`, or {other}", "write {subject}, or `deal: {value: ...}`, or {other}"),
        ("3 of boss in owner: {fix}", "{count} of {subject} in {key}: {near}"),
    ],
)
def test_a_message_is_its_sentence_with_everything_filled_in(expected: str, sentence: str) -> None:
    finding = Finding(
        "x", Place(()), sentence, subject="boss", candidates=("{fix}",), key="owner", fix="b", details={"count": 3}
    )
    assert expected == message_of(finding)


def sentences_in(module: Path) -> Iterator[ast.AST]:
    """The expressions in a module that become sentences of findings, through a variable too."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    given = [part for node in nodes if isinstance(node, ast.Call) for part in sentences_of(node)]
    names = {"sentence", *(part.id for part in given if isinstance(part, ast.Name))}
    assigned = [node for node in nodes if isinstance(node, ast.Assign)]
    yield from given
    yield from (one.value for one in assigned if any(getattr(target, "id", "") in names for target in one.targets))


def sentences_of(call: ast.Call) -> list[ast.expr]:
    at = SENTENCE_AT.get(getattr(call.func, "id", getattr(call.func, "attr", "")), len(call.args))
    return [*call.args[at : at + 1], *(one.value for one in call.keywords if one.arg == "sentence")]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(SOURCE)))
def test_a_sentence_is_a_constant_so_that_what_differs_is_data(module: Path) -> None:
    made = [part for one in sentences_in(module) for part in ast.walk(one) if isinstance(part, ast.JoinedStr)]
    assert [part.lineno for part in made] == []


def test_there_are_sentences_to_look_at() -> None:
    assert sum(1 for module in MODULES for _ in sentences_in(module)) > 150


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(SOURCE)))
def test_no_code_reads_the_words_of_a_finding(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    read = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("message", "sentence")]
    assert str(module.relative_to(SOURCE)) in PASSED_ON or [node.lineno for node in read] == []


def test_messages_are_made_in_one_place() -> None:
    modules = [(module, ast.parse(module.read_text("utf-8"))) for module in SOURCE.rglob("*.py")]
    made = [
        (module.name, node.lineno)
        for module, tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Diagnostic", "message_of")
    ]
    # What is proved is told without its place in the text too, and why a file that another names cannot be read.
    assert sorted(name for name, _ in made) == ["inquiry.py", "named_files.py", "placing.py", "placing.py"]
