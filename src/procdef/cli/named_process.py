"""A process as it is named on a command line: by a file, by the id of a published version, or by that of a shipped process."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from procdef.cli.wrong_kind import refuse_other_kind
from procdef.language.file_kinds import PROCESS
from procdef.unsafe_characters import one_line

if TYPE_CHECKING:
    from procdef.cli.global_options import Settings
    from procdef.diagnostics import Diagnostic
    from procdef.language.check import Prover
    from procdef.model import ProcessDefinition
    from procdef.store.rows import DefinitionRow

_ID = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?:@([0-9]{1,9}))?")
_VERSION = re.compile(r"^version: *([0-9]+)", re.MULTILINE)


class NamedProcess(NamedTuple):
    """``name`` stands in messages. What there is is a file at ``path``, or else the ``source`` that was published."""

    name: str
    path: Path | None
    source: bytes = b""

    def definition(self) -> ProcessDefinition:
        """What it says. Raises ``DefinitionInvalid`` where it has errors."""
        from procdef.language import load, load_published

        if self.path is not None:
            refuse_other_kind(self.path, self.name, PROCESS)
        return load_published(self.source, self.name) if self.path is None else load(self.path)

    def findings(self, prove: bool = False) -> list[Diagnostic]:
        """Everything that is wrong in it, whatever kind of file it is; with ``prove`` also what can be proved of it."""
        from procdef.checking import check, check_bytes

        prover = _prover() if prove else None
        return check_bytes(self.source, self.name, prove=prover) if self.path is None else check(self.path, prove=prover)

    def text(self) -> str:
        """Its text, for excerpts; what cannot be read is empty."""
        from procdef.cli.error_output import source

        return self.source.decode("utf-8-sig", "replace") if self.path is None else source(self.path)


def named_process(name: str, now: Settings) -> NamedProcess:
    """The file of that name; where there is none, the published process ``id`` or ``id@version``, else the shipped one.

    Says which it took, unless it is a file. Raises ``click.UsageError`` where an id is nobody's; what is not like an id is
    taken for a file, whether it is there or not.
    """
    path, form = Path(name), _ID.fullmatch(name)
    if form is None or _is_there(path):
        return NamedProcess(name, path)
    version = int(form[2]) if form[2] else None
    published = _published(form[1], version, now)
    if published is not None:
        _tell(f"taking {published.name}, which is published in {now.place}", now)
        return published
    shipped = _shipped(form[1])
    if shipped is not None and version in (None, shipped[1]):
        _tell(f"taking {form[1]}@{shipped[1]}, which ships with procdef", now)
        return shipped[0]
    from difflib import get_close_matches

    known = [one_line(each) for each in _known(now)]
    near = get_close_matches(name.lower(), known, 1)
    hint = f' (did you mean "{near[0]}"?)' if near else f"; there are {', '.join(known)}"
    raise click.UsageError(f'there is no file "{name}", and no published or shipped process of that id{hint}')


def _prover() -> Prover:
    from procdef.proof import findings

    return findings


def _tell(text: str, now: Settings) -> None:
    if not now.quiet:
        now.show(text, err=True)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # no file can have such a name
        return False


def _published(process: str, version: int | None, now: Settings) -> NamedProcess | None:
    rows = [row for row in _rows(now) if row.id == process and version in (None, row.version)]
    row = max(rows, key=lambda row: row.version, default=None)
    return None if row is None else NamedProcess(f"{row.id}@{row.version}", None, row.source)


def _rows(now: Settings) -> list[DefinitionRow]:
    """What is published, where there is a database that can be read."""
    from procdef.errors import StoreError
    from procdef.store.queries import Definitions

    try:
        with closing(now.store(read_only=True)) as store, store.transaction(write=False) as tx:
            return list(tx.scan(Definitions()))
    except StoreError:
        return []


def _shipped(process: str) -> tuple[NamedProcess, int] | None:
    """The shipped process of that id, and its version, which is told without checking the whole file."""
    from procdef.resources import shipped_processes

    file = shipped_processes().get(process)
    if file is None:
        return None
    if isinstance(file, Path):
        found = NamedProcess(str(file), file)
    else:  # in an archive
        found = NamedProcess(file.name, None, file.read_bytes())
    version = _VERSION.search(found.text())
    return (found, int(version[1])) if version else None


def _known(now: Settings) -> list[str]:
    """The ids that could have been meant, with their versions where it is one of several."""
    from procdef.resources import shipped_processes

    rows = _rows(now)
    return [*dict.fromkeys((*(row.id for row in rows), *shipped_processes(), *(f"{row.id}@{row.version}" for row in rows)))]
