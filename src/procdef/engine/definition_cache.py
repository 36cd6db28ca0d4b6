"""The published definitions of a store, each read once and with its machine."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

from transitions import Machine

from procdef.errors import LogBroken, NewerLog, UnknownProcess
from procdef.log.canonical import encoded
from procdef.log.format import LANGUAGE
from procdef.machine import build_machine
from procdef.model import ProcessDefinition
from procdef.store.port import Definitions, Tx
from procdef.store.rows import DefinitionRow


class Volume(NamedTuple):
    """A definition, the machine that decides its moves, and how the events judged by it name it (canonical JSON)."""

    definition: ProcessDefinition
    machine: Machine
    shown: str


class DefinitionCache:
    """Definitions by the SHA-256 of their source, which never changes, so that threads may share them."""

    def __init__(self) -> None:
        self._volumes: dict[str, Volume] = {}

    def known(self, tx: Tx, sha: str) -> Volume:
        """The definition with that content. Raises ``UnknownProcess``, or ``NewerLog`` for a later language."""
        found = self._volumes.get(sha)
        if found is None:
            row = next(iter(tx.scan(Definitions(sha256=sha))), None)
            if row is None:
                raise UnknownProcess(f"no definition with the SHA-256 {sha} is published here")
            found = self._volumes[sha] = _opened(row)
        return found

    def find(self, tx: Tx, process: str, version: int | None = None) -> Volume:
        """A published process: that version, or the highest. Raises ``UnknownProcess``."""
        rows = [row for row in tx.scan(Definitions(id=process)) if version in (None, row.version)]
        if not rows:
            which = process if version is None else f"{process} v{version}"
            raise UnknownProcess(f"no process {which!r} is published here; `procdef publish FILE` does it")
        return self.known(tx, max(rows, key=lambda row: row.version).sha256)


def _opened(row: DefinitionRow) -> Volume:
    if row.lang > LANGUAGE:
        raise NewerLog(f"{row.id} v{row.version} is written in language {row.lang}; update procdef to use it")
    if type(row.source) is not bytes or sha256(row.source).hexdigest() != row.sha256:
        raise LogBroken(f"the source of {row.id} v{row.version} was changed; `procdef audit verify` tells more")
    from procdef.language import load_source  # which takes a while, and proofs need no definition

    definition = load_source(row.source, f"{row.id} v{row.version}")
    return Volume(definition, build_machine(definition), encoded(reference(definition)))


def reference(definition: ProcessDefinition) -> dict[str, Any]:
    """As events name a definition."""
    return dict(definition.reference)
