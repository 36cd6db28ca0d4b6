"""Texts that YAML itself changes: how to recognise them, what to say, and the quoted form that keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

SPECIAL_START = "YAML gives the {sign} at the beginning a meaning of its own; write {form}"
"""What to say of a text that begins with a sign of YAML's own."""
_BLOCK = re.compile(r"""[ ]*(?:-[ ]+|(?:-[ ]+)*(?P<key>[A-Za-z_][\w-]*):[ ]+)(?P<value>["%@`>*!&|].*\S)""")
_BEGINS = re.compile(
    r"""^[ ]*(?:-[ ]+)+(?=["'\[{])|(?:^[ -]*|[{,]\s*)(?P<key>[A-Za-z_][\w-]*):[ ]+|[\[,][ ]*(?=["'])"""
)
_WHOLE = re.compile(r""""(?:\\.|[^"\\])*"|'(?:''|[^'])*'|\[[^\[\]:]*\]|\{[^{}:]*\}""")
_KEY = re.compile(r"(?:^[ -]*|[{,]\s*)(?P<key>[A-Za-z_][\w-]*):[ ]+")
_NEXT_KEY = re.compile(r",\s*[A-Za-z_][\w-]*:\s|\}\s*[,}\]]|\}\s*$|\s#\s")
_SPECIAL = re.compile(r"""^["%@`>*!&]|[\[\]{},]|: """)
_OPEN_END = re.compile(r"(==|!=|[-<>=+*]|\b(and|or|not|in|is|contains|between))$")
_COMMENT = re.compile(r"[ \t]+(#.*)")
TEXT_KEYS = frozenset(
    ["title", "description", "help", "message", "fix", "guide", "goal", "concern", "answer", "check", "when"]
)
_TITLED = frozenset({"options", "ways", "reasons", "questions"})
_KEYS = TEXT_KEYS.union(
    ["require", "waivable_by", "by", "ways", "records", "evidence", "milestone", "decision", "four_eyes", "voided_by"],
    ["needs", "at_least", "valid_for", "reason", "unfinished", "type", "options", "items", "min", "max", "personal", "url"],
)
_CRITERIA = frozenset({"entry_criteria", "exit_criteria"})


_STRUCTURE = _KEYS.difference(TEXT_KEYS, ["items"]).union(
    ["procdef", "id", "version", "languages", "currency", "calendar", "deal", "lost", "goals", "measures", "roles"],
    ["fields", "stages", "sla", "next", "back", "start", "probability", "outcome", "playbook", "owner", "hours"],
    ["required_actions", "optional_actions", "entry_criteria", "exit_criteria", "objections", "materials", "within"],
    ["until", "remind", "escalate_to", "escalate_after"],
)
"""Keys that take no text, so that what YAML stumbles over there is no spoiled text."""


_CURLY = re.compile("[“”„‟](?P<double>[^“”„‟]*)[“”„‟]|[‘’‚‛](?P<single>[^‘’‚‛]*)[‘’‚‛]")


def straight(value: str) -> str | None:
    """A text in curly quotation marks with straight ones; None for any other text."""
    found = _CURLY.fullmatch(value)
    inner = next((part for part in found.groups() if part is not None), "") if found else ""
    if found is None:
        return None
    return quoted(inner) if set(inner) & set('"\\') else f'"{inner}"'


def quoted(value: str) -> str:
    """The text in single quotes, in which YAML changes nothing; curly quotation marks become straight ones."""
    plain = straight(value)
    if plain is not None:
        return plain
    return "'" + value.replace("'", "''") + "'"


class Misread(NamedTuple):
    """A text of which YAML makes something else: its column (from 0), itself, and what to say with what is filled in."""

    column: int
    text: str
    sentence: str
    details: Mapping[str, str]


def overrun(line: str, at: int) -> Misread | None:
    """The text on a line that continues after its closing quotation mark or bracket."""
    for begin in (match for match in _BEGINS.finditer(line) if match.end() <= at):
        flow = any(sign in line[: begin.end()] for sign in "{[")
        rest = line[begin.end() :]
        whole = _WHOLE.match(rest)
        follows = rest[whole.end() :].strip() if whole else ""
        if whole is None or not follows or follows[0] in (":#,]}" if flow else ":#"):
            continue
        end = _NEXT_KEY.search(rest, whole.end()) if flow else None
        value = rest[: end.start()].rstrip() if end else rest.rstrip()
        odd = begin["key"] not in TEXT_KEYS if flow else begin["key"] in _STRUCTURE
        if whole[0][0] in "[{" and (odd or follows[0] in "]}"):
            continue
        return _went_on(begin.end(), value, whole[0])
    return None


def _went_on(column: int, value: str, whole: str) -> Misread:
    sign, inner = value[0], value[1:-1]
    if sign in "[{":
        return Misread(column, value, SPECIAL_START, {"sign": sign, "form": quoted(value)})
    if not value[len(whole) :].strip(sign):
        return Misread(column, value, "there is a quotation mark too many; write {form}", {"form": whole})
    nested = whole[-2:-1].isspace() or not value[len(whole)].isspace()
    if value[-1] != sign or not nested:
        sentence = "YAML ends the text at the second quotation mark; write {form}"
        return Misread(column, value, sentence, {"form": quoted(value)})
    if sign == "'":
        form = f'"{inner}"' if not set(inner) & set('"\\') else quoted(inner)
        sentence = "the apostrophe ends the text; write {form}, or double the apostrophe"
        return Misread(column, value, sentence, {"form": form})
    return Misread(column, value, "a quotation mark in the text ends it; write {form}", {"form": quoted(inner)})


def unread_value(line: str, at: int) -> Misread | None:
    """The value that YAML could not read at column ``at`` (from 0) of a line."""
    block = _BLOCK.match(line)
    if block is not None and block["key"] not in _STRUCTURE:
        value = block["value"].rstrip()
        return Misread(block.start("value"), value, SPECIAL_START, {"sign": value[0], "form": quoted(value)})
    keys = [key.end() for key in _KEY.finditer(line) if key.end() <= at + 1 and key["key"] not in _STRUCTURE]
    for begin in reversed(keys):
        rest = line[begin:]
        if rest[:1] in "{[":
            continue
        end = _NEXT_KEY.search(rest) if "{" in line[:begin] else None
        value = rest[: end.start()].rstrip() if end else rest.rstrip()
        special = _SPECIAL.search(value)
        if special is None or value[:1] in "|'":
            return None
        sentence = 'YAML gives "{sign}" here a meaning of its own; write {form}'
        return Misread(begin, value, sentence, {"sign": special[0].strip(), "form": quoted(value)})
    return None


def may_go_on(route: tuple[str | int, ...], follows: str) -> bool:
    """Whether what follows a comma likely continues the text at a route, and is not a key without a value."""
    return follows not in _KEYS and takes_text(route)


def takes_text(route: tuple[str | int, ...]) -> bool:
    """Whether a text or an expression is written at a route."""
    last, above, higher = ("", "", "", *route)[:-4:-1]
    # A text by language stands one level below the place of a plain one.
    return last in TEXT_KEYS or above in TEXT_KEYS | _CRITERIA | _TITLED or higher in _TITLED


def takes_expression(route: tuple[str | int, ...]) -> bool:
    """Whether an expression is written at a route."""
    return route[-1:] in (("check",), ("when",)) or (len(route) > 1 and route[-2] in _CRITERIA)


def cut_by_hash(route: tuple[str | int, ...], value: str, rest: str, flow: bool) -> str | None:
    """The whole text at a route of which a `` #`` makes the rest a comment, where that was likely meant as text.

    In a flow mapping the text ends before the next key, or the bracket.
    """
    comment = _COMMENT.match(rest)
    if not takes_text(route) or comment is None or comment[1].startswith(("##", "#procdef")):
        return None
    follows = comment[1][1:2]
    outside = "".join(value.split('"')[::2])
    brackets = outside.count("(") > outside.count(")")
    unfinished = _OPEN_END.search(value) is not None or value.count('"') % 2 == 1 or brackets
    meant = follows.strip() != "" or (unfinished and route[-1] not in TEXT_KEYS - {"check", "when"})
    whole = value + comment[0].rstrip()
    end = _NEXT_KEY.search(whole, len(value) + 1) if flow else None
    return (whole[: end.start()].rstrip() if end else whole) if meant else None


def cuts_anchor(text: str, value: int, end: int) -> bool:
    """Whether YAML ends an anchor before a ``:`` or ``?`` and takes the rest of the word for the value."""
    return value != end and text[value] in ":?" and not text[value - 1].isspace()
