"""The kinds of files that people write: how each begins, what it is called, and which command takes it.

Everything that asks what a file is asks here: what is walked in a folder, which reader checks it, whether a command was given
the file that it wants, and what may be read of a file that another one names.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class FileKind(NamedTuple):
    """A kind of file.

    ``key`` is the first key of such a file, and ``schema`` the name of its schema. Messages call what it holds ``content``, and
    the file ``whole``. ``parts`` are the keys by which a file that lacks its first key is known. ``command`` is what to do
    with ``{file}``, and what the command ``does`` with it, behind a file's name in messages.
    """

    key: str
    schema: str
    content: str
    whole: str
    parts: frozenset[str]
    command: str
    does: str

    @property
    def begins(self) -> str:
        """The line that a file of this kind begins with."""
        return f"{self.key}: 1"

    def use(self, file: str) -> str:
        """What the ``file`` of this kind is, and what to do with it."""
        return f"a {self.content}; `{self.command.format(file=file)}` {self.does}"


PROCESS = FileKind(
    "procdef", "process", "process", "the process", frozenset({"roles", "fields", "stages"}),
    "procdef check {file}", "checks it",
)  # fmt: skip
SCENARIOS = FileKind(
    "procdef-test", "scenarios", "file of scenarios", "the file", frozenset({"process", "people", "scenarios"}),
    "procdef test {file}", "plays it",
)  # fmt: skip
PEOPLE = FileKind(
    "procdef-people", "people", "directory of people", "the directory", frozenset({"people"}),
    "procdef people publish {file}", "puts it in force",
)  # fmt: skip
PLAN = FileKind(
    "procdef-plan", "plan", "plan", "the plan", frozenset({"process", "from", "to"}),
    "procdef migrate PROCESS --plan {file}", "holds it against published versions",
)  # fmt: skip
ASSUMPTIONS = FileKind(
    "procdef-assumptions", "assumptions", "file of assumptions", "the file",
    frozenset({"process", "arrivals", "actions", "values", "together"}),
    "procdef simulate PROCESS --assume {file}", "simulates by it",
)  # fmt: skip
KINDS = (PROCESS, SCENARIOS, PEOPLE, PLAN, ASSUMPTIONS)

_BY_KEY = {kind.key.encode(): kind for kind in KINDS}
_KEY = rb"""(?:^|\A[\s{]*)["']?(%s)["']?[ \t]*""" % b"|".join(_BY_KEY)
_MEANT = re.compile(_KEY + rb"(?::|\xef\xbc\x9a|\d)", re.MULTILINE)
"""The colon may be the wide one of East Asian keyboards, or be left out before the number; a reader tells of both."""
_WRITTEN = re.compile(_KEY + rb""":[ \t]*["']?\d""", re.MULTILINE)
_TOP = re.compile(rb"^([a-z]+)[ ]*:", re.MULTILINE)


def kind_of(source: bytes) -> FileKind | None:
    """The kind of the first line in the bytes of a file that declares one; of a file without such a line the kind that it has
    the parts of: the one of which it has most, and at least two, but of a directory its only one. None where it has none."""
    text = _plain(source)
    declared = _MEANT.search(text)
    if declared is not None:
        return _BY_KEY[declared[1]]
    keys = {found.decode() for found in _TOP.findall(text)}
    likely = max(KINDS, key=lambda kind: len(kind.parts & keys))
    if len(likely.parts & keys) > 1:
        return likely
    return PEOPLE if keys >= PEOPLE.parts else None


def declares(source: bytes, kind: FileKind) -> bool:
    """Whether the first line in the bytes of a file that declares a kind declares this one, as it is written: with a number."""
    declared = _WRITTEN.search(_plain(source))
    return declared is not None and _BY_KEY[declared[1]] is kind


def _plain(source: bytes) -> bytes:
    """The text without what an editor put before it, or between its letters, where it was saved as UTF-16."""
    return source.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
