"""The published definitions of a store, each read once and with its machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from transitions import Machine

from procdef.engine.directory_in_force import DirectoryCache
from procdef.errors import LogBroken, NewerLog, UnknownProcess
from procdef.log.canonical import encoded
from procdef.log.format import LANGUAGE
from procdef.machine import build_machine
from procdef.model import ProcessDefinition
from procdef.store.port import Tx
from procdef.store.queries import Definitions, Events
from procdef.store.rows import DefinitionRow


class Volume(NamedTuple):
    """A definition, the machine that decides its moves, and how the events judged by it name it (canonical JSON)."""

    definition: ProcessDefinition
    machine: Machine
    shown: str


def is_simulated(tx: Tx) -> bool | None:
    """Whether the event with which a log began says that its deals are made up; ``None`` where nothing stands in it yet."""
    for first in [*tx.scan(Events("system", type="log.created"))]:
        return first.body.__class__ is bytes and b'"simulated":true' in first.body  # of another class where it was damaged
    return None


class DefinitionCache:
    """Definitions by the SHA-256 of their source, which never changes, so that threads may share them, and beside them the
    directories of ``people``. ``of_people``: logs whose first event, which never changes once it is stored, does not say that
    their deals are made up."""

    def __init__(self) -> None:
        self._volumes: dict[str, Volume] = {}
        self.of_people: set[str] = set()
        self.people = DirectoryCache()

    def known(self, tx: Tx, sha: str) -> Volume:
        """The definition with that content. Raises ``UnknownProcess``, or ``NewerLog`` for a later language."""
        found = self._volumes.get(sha)
        if found is None:
            row = next(iter(tx.scan(Definitions(sha256=sha))), None)
            if row is None:
                raise UnknownProcess(f"no definition with the SHA-256 {sha} is published here", sha)
            found = self._volumes[sha] = _opened(row)
        return found

    def find(self, tx: Tx, process: str, version: int | None = None) -> Volume:
        """A published process: that version, or the highest. Raises ``UnknownProcess``."""
        rows = [row for row in tx.scan(Definitions(id=process)) if version in (None, row.version)]
        if not rows:
            raise unknown_process(process if version is None else f"{process}@{version}", _names(tx, process, version))
        return self.known(tx, max(rows, key=lambda row: row.version).sha256)


def unknown_process(name: str, known: Iterable[str]) -> UnknownProcess:
    """What to raise for a process, ``id`` or ``id@version``, that is none of these."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    hint = f' (did you mean "{near[0]}"?)' if near else ""
    return UnknownProcess(f"no process {name!r} is published here{hint}", name)


def _names(tx: Tx, process: str, version: int | None) -> Iterator[str]:
    """What could have been named: where no version can be, as for a new deal, ids alone."""
    for row in tx.scan(Definitions()):
        yield row.id
        if version is not None or "@" not in process:
            yield f"{row.id}@{row.version}"


def _opened(row: DefinitionRow) -> Volume:
    if type(row.lang) is int and row.lang > LANGUAGE:
        raise NewerLog(f"{row.id} v{row.version} is written in language {row.lang}; update procdef to use it", row.id)
    if type(row.lang) is not int or type(row.source) is not bytes or sha256(row.source).hexdigest() != row.sha256:
        raise LogBroken(f"the source of {row.id} v{row.version} was changed", row.id)
    from procdef.language import load_published  # which takes a while, and proofs need no definition

    definition = load_published(row.source, f"{row.id} v{row.version}")
    return Volume(definition, build_machine(definition), encoded(reference(definition)))


def reference(definition: ProcessDefinition) -> dict[str, Any]:
    """As events name a definition."""
    return dict(definition.reference)
