"""A store on which everything can be tried: one transaction that is undone at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Self

from procdef.errors import StoreError
from procdef.store.port import Store, Transaction, Tx
from procdef.store.rows import Copy


class _Enough(Exception):
    """Leaves the transaction, so that it is undone."""


class _Part(nullcontext[Tx]):
    """A block within the one transaction, which ends nothing."""

    undo = staticmethod(bool)  # a call of C that does nothing

    def end(self) -> None:
        """Nothing to give back."""


class _Within:
    """A store whose transactions are all the same one of ``store``, which is not theirs to end."""

    writable = True

    def __init__(self, store: Store, tx: Tx) -> None:
        self.path, self.busy, self.layout = store.path, store.busy, store.layout
        self._tx = tx

    def transaction(self, *, write: bool, connection: object | None = None, shared: bool = False) -> Transaction:
        """The one transaction."""
        return _Part(self._tx)

    def seal(self, limit: int | None = None) -> int:
        """Nothing is left here that could be sealed."""
        return 0

    def purge(self) -> bool:
        """Nothing is left here that could be purged."""
        return False

    def copies(self, texts: Sequence[str]) -> list[Copy]:
        """Nothing was erased, so no copies are looked for."""
        return []

    def backup(self, path: str | Path) -> int:
        """Nothing here stays, so nothing is copied."""
        raise StoreError("what is only tried is not copied")

    def refuse_unless_owner(self) -> None:
        """Nothing to refuse: nothing here is moved elsewhere."""

    def held_up_by(self, connection: object) -> bool:
        """No: everything is within the one transaction."""
        return False

    def close(self) -> None:
        """Nothing to give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to give back."""


@contextmanager
def rehearsal(store: Store) -> Iterator[Store]:
    """The store as it would become. What is written while the block runs is seen by it, and gone afterwards."""
    try:
        with store.transaction(write=True) as tx:
            yield _Within(store, tx)
            raise _Enough
    except _Enough:
        return
