"""The reader against the public YAML test suite: the same values, a finding for what is no YAML, and each exception named.

Numbers are compared as exact decimals. The exceptions are tested to be ones: a case that is read as the suite says, or that
is refused for another reason than the one given here, may not stand among them.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from procdef.errors import DefinitionInvalid
from procdef.language import load_source
from procdef.language.yaml.nodes import plain
from procdef.language.yaml.reader import Reading, read

LINES = (Path(__file__).parent / "yaml_test_suite" / "cases.jsonl").read_text("utf-8").splitlines()
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in map(json.loads, LINES)}


class Refused(NamedTuple):
    """Cases that are YAML and that the reader refuses: with which finding, and why."""

    code: str
    reason: str
    ids: str


BY_DESIGN = [
    Refused(
        "several-documents",
        "a file holds one process",
        "35KP 5TYM 6WLZ 6XDY 6ZKB 9DXL 9KAX 9WXW JHB9 KSS4 L383 PUW8 RZT7 U9NS",
    ),
    Refused(
        "unknown-tag",
        "only the core tags are read; nothing in a file may choose how it is built",
        "2XXW 565N 6CK3 7FWL C4HZ CC74 CUP7 J7PZ M5C3 P76L UGM3 Z67P Z9M4",
    ),
    Refused(
        "not-text-key",
        "a key is an id, so that collections, nulls and numbers are none",
        "4FJ6 6BFJ 6PBE 9MMW DFF7 FH7J KK5P LX3P M2N8/01 M5DY PW8X Q9WF RZP5 SBG9 V9D5 X38W XW4D",
    ),
    Refused("empty-file", "nothing, or null alone, is no process", "8G76 98YD AVM7 DK95/07 MUS6/02 MUS6/03 MUS6/04"),
    Refused("encoding", "characters that cannot be seen are not allowed, escaped ones neither", "G4RS"),
]
# libyaml reads YAML 1.1, and not all of that. What it cannot read is a finding at the place, never another value.
BY_LIBYAML = [
    Refused("syntax", "a key without text", "2JQS 6M2F CFD4 FRK4 M2N8/00 NHX8 NKF9 S3PD SM9W/01 UKK6/00"),
    Refused(
        "syntax",
        "in brackets, the colon on another line than its key or close to what follows",
        "4ABK 4MUZ/00 4MUZ/01 4MUZ/02 58MP 5MUD 5T43 9SA2 DBG4 K3WX NJ66 UT92 VJP3/01",
    ),
    Refused("syntax", "in brackets, a ? before a comma", "HM87/00"),
    Refused(
        "syntax",
        "tabs where a line could also be indented",
        "6BCT 6CA3 96NN/00 96NN/01 A2M4 DK95/00 DK95/03 DK95/04 Q5MG R4YG Y79Y/001 Y79Y/010",
    ),
    Refused("syntax", "directives unknown to YAML 1.1, or that look like one", "2LFX 6LVF BEC7 MUS6/05 MUS6/06 W4TN"),
    Refused("syntax", "a document without --- after the end of another", "7Z25 M7A3"),
    Refused("syntax", "the end of a document without a document", "HWV9 QT73"),
    Refused("syntax", "a block text that is not indented", "DK3J FP8R"),
    Refused("cut-by-yaml", "an anchor of other letters than those of ASCII", "8XYN"),
    Refused("not-text-key", "an anchor with a colon at its end", "2SXE"),
    Refused("cut-by-yaml", "an anchor with punctuation in its name", "W5VH Y2GN"),
    Refused("cut-by-yaml", "in brackets, a text that begins with ?", "652Z HM87/01"),
]
REFUSED = {name: group for group in (*BY_DESIGN, *BY_LIBYAML) for name in group.ids.split()}
# What libyaml makes of blanks on a last line that no line break ends.
READ_OTHERWISE: dict[str, object] = {"JEF9/02": [""], "L24T/01": {"foo": "x\n "}}
# No YAML by the suite, and yet libyaml reads them; the value is the one that was meant.
LENIENT: dict[str, object] = {
    # a line inside brackets or quotes that is not indented, or is by a tab
    "9C9N": {"flow": ["a", "b", "c"]},
    "DK95/01": {"foo": "bar baz"},
    "QB6E": {"quoted": "a b c"},
    "Y79Y/003": [["foo", "foo"]],
    # a comment without a blank before it
    "9JBA": ["a", "b", "c"],
    "CVW2": ["a", "b", "c"],
    "SU5Z": {"key": "value"},
    "X4QW": {"block": "scalar\n"},
    # a dash alone inside brackets
    "G5U8": [["-", "-"]],
    "YJV2": ["-"],
    # a block text that is empty but for blanks, each line with more of them
    "S98Z": {"empty block scalar": ""},
    # a ! alone: the suite has no JSON for it
    "UKK6/02": "",
}
AS_THE_SUITE_SAYS = sorted(CASES.keys() - REFUSED.keys() - READ_OTHERWISE.keys() - LENIENT.keys())


def reading(name: str) -> Reading:
    return read(CASES[name]["yaml"].encode(), "case.yaml")


def value(name: str) -> object:
    result = reading(name)
    assert result.findings == ()
    assert result.root is not None
    return plain(result.root)


def documents(name: str) -> list[object]:
    """What the text of a case means, by the suite: a value for each document."""
    decoder, text, found = json.JSONDecoder(parse_float=Decimal), CASES[name].get("json", "").strip(), []
    while text:
        one, end = decoder.raw_decode(text)
        found.append(one)
        text = text[end:].lstrip()
    return found


def typed(value: object) -> object:
    """The value with the type of each part, since Python takes 1 and true for equal; the order of keys does not count."""
    if isinstance(value, dict):
        return {key: typed(part) for key, part in value.items()}
    return [typed(part) for part in value] if isinstance(value, list) else (type(value), value)


@pytest.mark.parametrize("name", AS_THE_SUITE_SAYS)
def test_a_case_is_read_as_the_suite_says(name: str) -> None:
    if "error" in CASES[name]:
        assert reading(name).findings != ()
    else:
        (meant,) = documents(name)
        assert typed(meant) == typed(value(name))


@pytest.mark.parametrize("name", REFUSED)
def test_an_exception_is_yaml_and_is_refused_for_the_reason_given(name: str) -> None:
    assert "error" not in CASES[name]
    assert REFUSED[name].code in {note.code for note in reading(name).findings}


@pytest.mark.parametrize("name", READ_OTHERWISE)
def test_an_exception_is_read_in_its_own_way(name: str) -> None:
    assert READ_OTHERWISE[name] == value(name)
    assert documents(name) != [value(name)]


@pytest.mark.parametrize("name", LENIENT)
def test_an_exception_is_read_though_the_suite_expects_no_value(name: str) -> None:
    assert LENIENT[name] == value(name)
    assert "json" not in CASES[name]


def test_the_exceptions_of_design_are_what_they_say() -> None:
    several, tags, *_ = (set(group.ids.split()) for group in BY_DESIGN)
    assert {name for name in several if len(documents(name)) < 2} == set()
    assert {name for name in tags if "!" not in CASES[name]["yaml"]} == set()


def test_every_exception_is_named_once() -> None:
    named = [name for group in (*BY_DESIGN, *BY_LIBYAML) for name in group.ids.split()]
    named += [*READ_OTHERWISE, *LENIENT]
    assert len(set(named)) == len(named)
    assert set(named) <= CASES.keys()
    assert len(CASES) == 402
    assert len(AS_THE_SUITE_SAYS) == 282


@pytest.mark.parametrize("name", CASES)
def test_as_a_process_a_case_gives_findings_and_never_a_traceback(name: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        load_source(CASES[name]["yaml"].encode(), "case.yaml")
    assert {finding.severity for finding in refused.value.diagnostics} >= {"error"}
