"""Text for people in a terminal: wrapped prose, times in the process's own time zone, spans of time in plain words."""

from __future__ import annotations

import textwrap
import unicodedata
from datetime import datetime, timedelta, tzinfo

WIDTH = 100
"""Columns, where a terminal does not say."""


def wrapped(text: str, width: int, indent: str = "  ", hanging: str | None = None) -> list[str]:
    """The lines of a text, each wrapped to ``width``; blank ones stay. ``hanging`` indents what a line is broken into."""
    found: list[str] = []
    for line in text.rstrip().split("\n"):
        own = line[: len(line) - len(line.lstrip())]
        bullet = "  " if line.lstrip()[:2] in ("- ", "* ") else "   " if line.lstrip()[1:3] == ". " else ""
        found += textwrap.wrap(
            line.strip(),
            max(width, 40),
            initial_indent=indent + own,
            subsequent_indent=(indent if hanging is None else hanging) + own + bullet,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return found


def breadth(text: str) -> int:
    """The columns that a text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def clipped(text: str, room: int) -> str:
    """The text, or as much of it as there is room for, with an ellipsis where it is cut."""
    if breadth(text) <= room:
        return text
    while breadth(text) > room - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def moment(text: str, zone: tzinfo) -> str:
    """A stored time (UTC) as the clocks of the process show it, to the minute."""
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}"


def span(length: timedelta) -> str:
    """A length of time in its largest unit: ``3 days``, ``5 hours``, ``12 minutes``; its sign is dropped."""
    seconds = int(abs(length).total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600)):
        if seconds >= size:
            return _counted(seconds // size, unit)
    return _counted(seconds // 60, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" + ("s" if number != 1 else "")


def columns(rows: list[tuple[str, str]], indent: str, width: int, widest: int = 24) -> list[str]:
    """Names and what stands beside them, in two columns; the second is wrapped."""
    first = min(max((len(name) for name, _ in rows), default=0), widest)
    lines = []
    for name, text in rows:
        hanging = indent + " " * (first + 2)
        if len(name) > first:
            lines.append(indent + name)
            lines += wrapped(text, width, hanging)
        else:
            beside = wrapped(text, width, hanging) or [""]
            lines += [f"{indent}{name:<{first}}  {beside[0][len(hanging) :]}".rstrip(), *beside[1:]]
    return lines
