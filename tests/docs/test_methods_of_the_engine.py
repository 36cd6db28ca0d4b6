"""The page on embedding names every method of the engine with its arguments, and what pages take and return."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import get_args

import pytest
from pages import ROOT

from procdef import Engine
from procdef.engine.people import People
from procdef.pages.casefile import HandedOut
from procdef.pages.diagram import FORMATS, Detail, Direction

PAGE = (ROOT / "docs" / "embedding.md").read_text("utf-8")
SECTION = PAGE.partition("\n## Every method\n")[2].partition("\n## ")[0]
OF_A_STEP = ("by", "request", "dry_run")
FOR_COMMANDS = {
    "at", "beside", "repeatable", "exported", "move", "copy_ahead", "is_opened", "commitments", "still_held", "erase_again",
}  # fmt: skip
"""What the command line is made of: other stores and clocks, exports, copies of a log, lists of erasures."""


def written(text: str) -> dict[str, str]:
    """The methods of a table, with their arguments."""
    return dict(re.findall(r"`([\w.]+)\(([^`]*)\)`", "".join(re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE))))


def methods() -> Iterator[tuple[str, inspect.Signature]]:
    for kind, prefix in ((Engine, ""), (People, "people.")):
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_") and name not in FOR_COMMANDS:
                yield prefix + name, inspect.signature(method)


def told(signature: inspect.Signature, without: tuple[str, ...] = ()) -> str:
    """The arguments as somebody writes them, without their types."""
    taken = [each for each in signature.parameters.values() if each.name not in ("self", *without)]
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in taken]
    return str(inspect.Signature(bare))[1:-1].replace("datetime.timedelta", "timedelta")


STEPS, OTHERS = map(written, SECTION.split("\nAll else:\n"))


def test_every_method_is_there_and_no_other() -> None:
    assert {*STEPS, *OTHERS} == {name for name, _ in methods()}
    assert {*STEPS} & {*OTHERS} == set()


@pytest.mark.parametrize(("name", "signature"), list(methods()), ids=[name for name, _ in methods()])
def test_a_method_takes_what_is_told(name: str, signature: inspect.Signature) -> None:
    if name in STEPS:
        assert STEPS[name] == told(signature, OF_A_STEP)
        assert [signature.parameters[each].default for each in OF_A_STEP] == [inspect.Parameter.empty, None, False]
    else:
        assert OTHERS[name] == told(signature)


def test_the_properties_are_named() -> None:
    there = {name for name, _ in inspect.getmembers(Engine, lambda each: isinstance(each, property))}
    assert set(re.findall(r"`(\w+)`", SECTION.partition("\nIts properties are ")[2])) - {"on"} == there


def test_what_was_handed_out_is_told() -> None:
    table = PAGE.partition("\n### `HandedOut`\n\n")[2].partition("\n\n")[0]
    named = [name for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE) for name in re.findall(r"\w+", row)]
    assert sorted(named) == sorted(each.name for each in fields(HandedOut))


@pytest.mark.parametrize(
    ("argument", "known"), [("form", tuple(FORMATS)), ("detail", get_args(Detail)), ("direction", get_args(Direction))]
)
def test_what_a_diagram_takes_is_told(argument: str, known: tuple[str, ...]) -> None:
    table = PAGE.partition("\n| `diagram` takes | |\n")[2].partition("\n\n")[0]
    (row,) = re.findall(rf"^\| `{argument}` \| (.*) \|$", table, re.MULTILINE)
    assert tuple(re.findall(r"`(\w+)`", row)) == known
