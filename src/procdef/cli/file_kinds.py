"""Which kind of file somebody gave, by the line that declares it: a command that takes another kind names the right one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import click


class Kind(NamedTuple):
    """What files of a kind are called, and what to do with one."""

    called: str
    command: str
    does: str


PROCESS = Kind("a process", "procdef check {file}", "checks it")
SCENARIOS = Kind("a file of scenarios", "procdef test {file}", "plays it")
PEOPLE = Kind("a directory of people", "procdef people publish {file}", "puts it in force")
PLAN = Kind("a plan of a migration", "procdef migrate PROCESS --plan {file}", "tells what it comes to")
ASSUMPTIONS = Kind("a file of assumptions", "procdef simulate PROCESS --assume {file}", "simulates by it")
_DECLARES = re.compile(rb"""(?:^|\A[\s{]*)["']?procdef(-test|-people|-plan|-assumptions|)["']?[ \t]*:""", re.MULTILINE)
_BY_ENDING = {b"": PROCESS, b"-test": SCENARIOS, b"-people": PEOPLE, b"-plan": PLAN, b"-assumptions": ASSUMPTIONS}


def declared_kind(source: bytes) -> Kind | None:
    """The kind that the bytes of a file declare, by the first such line; None where they declare none."""
    from procdef.language.people.check import declares_people

    found = _DECLARES.search(source.removeprefix(b"\xef\xbb\xbf"))
    if found is not None:
        return _BY_ENDING[found[1]]
    return PEOPLE if declares_people(source) else None


def refuse_other_kind(source: Path | bytes, file: str, taken: Kind) -> None:
    """Raises ``click.UsageError`` for a file of another kind than the one ``taken``; ``file`` is how it was named."""
    from procdef.language.yaml.file_bytes import file_bytes

    held = file_bytes(source) if isinstance(source, Path) else source
    kind = declared_kind(held) if isinstance(held, bytes) else None
    if kind is not None and kind is not taken:
        raise click.UsageError(f"{file} is {kind.called}; `{kind.command.format(file=file)}` {kind.does}")
