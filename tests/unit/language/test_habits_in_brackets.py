"""Signs in brackets, comments and ends of files that YAML reads otherwise are told once, where they are, with their mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.diagnostics import Diagnostic
from procdef.language import check

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
MENDED = [
    ("{type: percent, min: 0, max: 30}", "{type: percent; min: 0; max: 30}", "; min: 0;", ", min: 0,"),
    ("records: [price, discount]", "records: [price; discount]", "[price; discount]", None),
    ("price: {type: money, title: Price}", "price: type: money, title: Price}", "type", "{type"),
    ("price: {type: money, title: Price}", "price: {type: money, title: en: Price}}", "en", "{en"),
    ("price: {type: money, title: Price}", "price: type: money, title: {en: Price}}", "type", "{type"),
    ("    owner: seller\n", "    owner:\u00a0seller\n", "\u00a0", " "),
    ("remind: 2 days, escalate_to: manager", "remind: 2 days, escalate_to manager", "escalate_to manager",
     "escalate_to: manager"),
    ("    probability: 10", "    probability: 0.1", "0.1", "10"),
]  # fmt: skip
SAID = [
    ("{type: percent, min: 0, max: 30}", "{type: percent, # a share min: 0, max: 30}", "what follows # is a comment"),
    ("  price: {type: money, title: Price}", "  price: {type: money, title: Price} # yes; {no", ""),
]


def mended(text: str, found: Diagnostic) -> str:
    lines, span = text.split("\n"), found.span
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + (found.fix or "") + line[span.end_column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(("right", "wrong", "piece", "fix"), MENDED)
def test_a_habit_is_told_once_with_a_mend_that_works(right: str, wrong: str, piece: str, fix: str | None) -> None:
    assert right in SOUND
    text = SOUND.replace(right, wrong, 1)
    (found,) = check(text)
    line = text.split("\n")[found.span.line - 1]
    if fix is not None:
        assert (line[found.span.column - 1 : found.span.end_column - 1], found.fix) == (piece, fix)
    assert check(mended(text, found)) == []


@pytest.mark.parametrize(("right", "wrong", "said"), SAID)
def test_a_comment_that_swallows_a_bracket_is_told_and_no_other(right: str, wrong: str, said: str) -> None:
    assert right in SOUND
    told = [one.message for one in check(SOUND.replace(right, wrong, 1))]
    assert [message.startswith(said) for message in told] == ([True] if said else [])


def test_a_second_process_in_the_file_is_one_finding() -> None:
    (found,) = check(SOUND + "\n" + SOUND)
    assert (found.code, found.span.line) == ("several-documents", SOUND.count("\n") + 2)


def test_a_bracket_that_is_open_where_the_file_ends_is_told_there() -> None:
    cut = SOUND[: SOUND.index("records: [price, discount]") + len("records: [price,")]
    (found,) = check(cut)
    assert found.message == "this [ is not closed where the file ends; add ], and what is missing"


def test_an_id_of_a_role_is_no_heading_of_a_criterion() -> None:
    keys = "        check: price > 5\n        message: Too cheap\n        waivable_by: manager\n"
    criteria = f"    entry_criteria:\n      dear:\n{keys}"
    text = SOUND.replace("    required_actions:\n", criteria + "    required_actions:\n", 1)
    assert check(text) == []
    (found,) = check(text.replace("      dear:\n", ""))
    assert found.message.endswith("add it, like an_id:")


def test_a_text_that_goes_on_is_told_how_to() -> None:
    text = SOUND.replace("    title: Lead\n", "    title: Lead\n  that came by phone\n", 1)
    (found,) = check(text)
    assert 'if this line goes on with the text of "title", indent it more' in found.message


@pytest.mark.parametrize(("text", "fix"), [("{en: Lead, fi Liidi}", "fi:"), ("{en: Lead, no other}", "'Lead, no other'")])
def test_a_language_without_its_colon_is_told_apart_from_a_text_with_a_comma(text: str, fix: str) -> None:
    both = SOUND.replace("languages: [en]", "languages: [en, fi]").replace("    title: Lead\n", f"    title: {text}\n")
    found = [one for one in check(both) if one.code != "missing-translation"]
    assert [one.fix for one in found] == [fix]
    assert [one for one in check(mended(both, found[0])) if one.code != "missing-translation"] == []
