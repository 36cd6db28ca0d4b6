"""What an auditor is handed: rows, and what they are rows of.

Every sheet says which state of the log it was read from (the size of the Merkle tree and its root), when (UTC), with which
filter, how many rows it has, and the SHA-256 over them: over their lines of JSON, each with its newline, in UTF-8. Of a log
that a simulation made it says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from procdef.engine import utc_now
from procdef.engine.definition_cache import is_simulated
from procdef.errors import LogBroken, StoreError
from procdef.log.event import timestamp
from procdef.results.result import Result
from procdef.store.port import NO_TREE, Tx
from procdef.unsafe_characters import tame

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """``since <= time < until``, in UTC text as in the log; ``None`` is open."""

    since: str | None = None
    until: str | None = None

    def holds(self, time: str) -> bool:
        """Whether that time lies in it."""
        return (self.since is None or time >= self.since) and (self.until is None or time < self.until)

    @property
    def shown(self) -> dict[str, Any]:
        """As filters name it."""
        given = {"from": self.since, "to": self.until}
        return {name: time for name, time in given.items() if time is not None}


def _checkpoint(tx: Tx) -> dict[str, Any]:
    """The tree over the log; without a root where an older log has no tree, and may not be written to."""
    try:
        root = tx.tree.root.hex()
    except StoreError as error:
        if error.subject != NO_TREE:
            raise
        root = None
    return {"size": tx.size, "root": root}


class Provenance:
    """One answer to an auditor, while it is being written. ``totals`` are what the rows come to, once all are there."""

    def __init__(self, tx: Tx, what: str, scope: Mapping[str, Any], clock: Callable[[], datetime] = utc_now) -> None:
        self.what, self.size = what, tx.size
        self._head: dict[str, Any] = {
            "what": what,
            "log": tx.log,
            "checkpoint": _checkpoint(tx),
            "made": timestamp(clock()),
            "filter": dict(scope),
        }
        if is_simulated(tx):
            self._head["simulated"] = True
        self._digest = sha256()
        self.rows = 0
        self.totals: dict[str, Any] = {}

    def line(self, row: Any) -> str:
        """The row (a dataclass, or a result) as a line of JSON, which counts. Raises ``LogBroken`` for what no JSON can say."""
        shown = row.as_dict() if isinstance(row, Result) else asdict(row)
        try:
            text = tame(json.dumps(shown, ensure_ascii=False))
        except TypeError:
            message = "a table holds bytes where a text belongs, which procdef does not write"
            raise LogBroken(message, self.what) from None
        self._digest.update(f"{text}\n".encode())
        self.rows += 1
        return text

    def counted(self, rows: Iterable[T]) -> Iterator[T]:
        """The rows, which count as they pass."""
        for row in rows:
            self.line(row)
            yield row

    @property
    def about(self) -> dict[str, Any]:
        """What the rows are."""
        counted = {"rows": self.rows, "sha256": self._digest.hexdigest()}
        return {**self._head, **counted, **({"totals": self.totals} if self.totals else {})}
