"""Slips in the layout of a sound process, made by program: each is one line changed, as fingers and word processors do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_KEY = re.compile(r"([ ]*[\w-]+):( .*)?$")


class Slip(NamedTuple):
    """One slip: what was done, the number of the line (from 1) at which it shows, and the whole text."""

    kind: str
    line: int
    text: str


def slips(sound: str) -> Iterator[Slip]:
    """Every slip in every line of a sound process; comments and empty lines are left alone."""
    lines = sound.split("\n")
    for at, line in enumerate(lines):
        if line.strip() and not line.strip().startswith("#"):
            for kind, changed in _changed(line):
                new = [] if changed is None else [changed]
                yield Slip(kind, at + 1, "\n".join([*lines[:at], *new, *lines[at + 1 :]]))


def _changed(line: str) -> Iterator[tuple[str, str | None]]:
    content = line.lstrip(" ")
    indent = len(line) - len(content)
    yield "two to the right", "  " + line
    yield "one to the right", " " + line
    if indent >= 2:
        yield "two to the left", line[2:]
        yield "in column 1", content
    if indent:
        yield "one to the left", line[1:]
    if re.fullmatch(r"[\w-]+:\s*(#.*)?", content):
        yield "heading dropped", None
    if content.startswith("- "):
        yield "dash dropped", line[:indent] + content[2:]
        yield "dash blanked", line[:indent] + "  " + content[2:]
        for bullet in "•–—*·":
            yield f"{bullet} for a dash", line[:indent] + bullet + content[1:]
    elif ":" in content:
        yield "dash added", line[:indent] + "- " + content
    key = _KEY.match(line)
    if key:
        yield "= for a colon", f"{key[1]} ={key[2] or ''}"
    for kind, sign in (("quote", "[\"']"), ("bracket", r"[\[\]{}]"), ("colon", r":(?=\s|$)")):
        for found in re.finditer(sign, line):
            yield f"{kind} dropped", line[: found.start()] + line[found.end() :]
