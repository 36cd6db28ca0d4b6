"""Where YAML itself changes a text: how to tell, what to say, and the quoted form that would keep it."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"""[ -]*(?P<key>[A-Za-z_][\w-]*):[ ]+(?P<value>["%@`>*!&].*\S)""")
_KEY = re.compile(r"(?:^[ -]*|[{,]\s*)(?P<key>[A-Za-z_][\w-]*):[ ]+")
_NEXT_KEY = re.compile(r",\s*[A-Za-z_][\w-]*:\s|\}\s*[,}\]]|\}\s*$|\s#\s")
_SPECIAL = re.compile(r"""^["%@`>*!&]|[\[\]{},]|: """)
_OPEN_END = re.compile(r"(==|!=|[-<>=+*]|\b(and|or|not|in|is|contains|between))$")
_COMMENT = re.compile(r"[ \t]+(#.*)")
_TEXT_KEYS = frozenset(
    ["title", "description", "help", "message", "fix", "guide", "goal", "concern", "answer", "check", "when"]
)
_TITLED = frozenset({"options", "ways", "reasons", "questions"})
_KEYS = _TEXT_KEYS.union(
    ["require", "waivable_by", "by", "ways", "records", "evidence", "milestone", "decision", "four_eyes", "voided_by"],
    ["needs", "at_least", "reason", "unfinished", "type", "options", "items", "min", "max", "personal", "url"],
)
_CRITERIA = frozenset({"entry_criteria", "exit_criteria"})


_STRUCTURE = _KEYS.difference(_TEXT_KEYS, ["items"]).union(
    ["procdef", "id", "version", "languages", "currency", "calendar", "deal", "lost", "goals", "measures", "roles"],
    ["fields", "stages", "sla", "next", "back", "start", "probability", "outcome", "playbook", "owner", "hours"],
    ["required_actions", "optional_actions", "entry_criteria", "exit_criteria", "objections", "materials", "within"],
)
"""Keys that take no text, so that what YAML stumbles over there is no spoiled text."""


def quoted(value: str) -> str:
    """The text in single quotes, where YAML changes nothing."""
    return "'" + value.replace("'", "''") + "'"


def unread_value(line: str, at: int) -> tuple[int, str, str] | None:
    """The value that YAML stumbled over at column ``at`` (from 0) of a line: its column, the value, what to say."""
    block = _BLOCK.match(line)
    if block is not None and block["key"] not in _STRUCTURE:
        value = block["value"].rstrip()
        message = f"YAML gives the {value[0]} at the beginning a meaning of its own; write {quoted(value)}"
        return block.start("value"), value, message
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
        return begin, value, f'YAML gives "{special[0].strip()}" here a meaning of its own; write {quoted(value)}'
    return None


def may_go_on(route: tuple[str | int, ...], follows: str) -> bool:
    """Whether what follows a comma is likely more of the text at a route, and no key that lacks its value."""
    return follows not in _KEYS and takes_text(route)


def takes_text(route: tuple[str | int, ...]) -> bool:
    """Whether a text or an expression is written at a route."""
    last, above, higher = ("", "", "", *route)[:-4:-1]
    # A text by language stands one level below the place of a plain one.
    return last in _TEXT_KEYS or above in _TEXT_KEYS | _CRITERIA | _TITLED or higher in _TITLED


def cut_by_hash(route: tuple[str | int, ...], value: str, rest: str) -> str | None:
    """What a `` #`` cuts off a text at a route: the comment in the rest of its line that was meant as text."""
    reads = route[-1:] and (route[-1] in _TEXT_KEYS or (len(route) > 1 and route[-2] in _CRITERIA))
    comment = _COMMENT.match(rest)
    if not reads or comment is None or comment[1].startswith(("##", "#procdef")):
        return None
    follows = comment[1][1:2]
    outside = "".join(value.split('"')[::2])
    brackets = outside.count("(") > outside.count(")")
    unfinished = _OPEN_END.search(value) is not None or value.count('"') % 2 == 1 or brackets
    meant = follows.strip() != "" or (unfinished and route[-1] not in _TEXT_KEYS - {"check", "when"})
    return value + comment[0].rstrip() if meant else None


def cut_anchor(text: str, start: int, value: int, end: int) -> str | None:
    """What to say where YAML ends an anchor before a ``:`` or ``?`` and takes the rest of the word for the value."""
    if value == end or text[value] not in ":?" or text[value - 1].isspace():
        return None
    made, whole = text[value:end], quoted(text[start:end])
    return f'YAML ends the anchor at the "{made[0]}" and makes "{made}" of the rest; write {whole}'
