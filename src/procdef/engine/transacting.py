"""An engine's transactions: what was read before is kept, and what others changed meanwhile is tried again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TypeVar

from procdef.engine.library import Library
from procdef.engine.recent import Recent
from procdef.engine.unit import Unit
from procdef.errors import ConcurrentChange
from procdef.store.port import Conflict, Store, Tx

T = TypeVar("T")
_TRIES = 8


class Transacting:
    """What an engine needs for a transaction."""

    _store: Store
    _clock: Callable[[], datetime]
    _via: str
    _connection: object | None
    _language: str | None
    _library: Library
    _recent: Recent
    _pinned: dict[str, str]

    def _reading(self) -> AbstractContextManager[Tx]:
        return self._store.transaction(write=False, connection=self._connection)

    def _transact(self, work: Callable[[Unit], T], *, dry_run: bool = False) -> T:
        for _ in range(_TRIES):
            try:
                with self._store.transaction(write=not dry_run, connection=self._connection) as tx:
                    unit = Unit(tx, self._library, self._recent, self._pinned, self._clock, self._via, self._language)
                    outcome = work(unit)
                    if not dry_run:
                        unit.flush()
                    return outcome
            except Conflict:
                if self._connection is not None:
                    break
        raise ConcurrentChange("others changed this again and again while we tried; nothing was written, try again")
