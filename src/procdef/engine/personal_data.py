"""The engine's side of personal data: erasing it, leaving no byte of it, and telling what is held on a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from procdef.commands import Actor
from procdef.engine.arguments import actor, instance_of, moment, texts
from procdef.engine.erasing import (
    Erased,
    Erasure,
    ErasureRequest,
    Held,
    basis_word,
    erase,
    erasures_in,
    held,
    in_the_open,
    of_deal,
    of_fields,
    of_person,
    requests_naming,
    unpurged,
    unreadable,
)
from procdef.engine.erasure_list import Listed, commitments, still_held
from procdef.engine.queries import deal_named
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, StoreError
from procdef.events.types import privacy_purged
from procdef.log.event import timestamp
from procdef.store.port import Private, Tx
from procdef.store.rows import Leaf


class Privacy(Transactions):
    """An engine as far as personal data goes."""

    def erase(
        self,
        deal: str,
        fields: Iterable[str] | None = None,
        *,
        basis: str,
        by: Actor,
        dry_run: bool = False,
    ) -> Erased:
        """Erase personal values of a deal: those of these fields (``deal`` is its human id), or all.

        Values and their salts are deleted and the log says so, on what ``basis`` (a word or a reference: it is public).
        Chains stay valid; what was erased reads as unset. Then the store's files are purged, see ``purge``. There is no
        rule about who may: whoever can write to the store may erase. Raises ``InvalidArgument`` where nothing is held.
        """

        names = None if fields is None else texts(fields, "the fields to erase are a list of their ids")

        def found(tx: Tx) -> list[Leaf]:
            at = deal_named(tx, deal)
            if names is None:
                return of_deal(tx, at)
            return of_fields(tx, at, self._library.known(tx, at.definition).definition, names)

        return self._erase(found, basis, by, dry_run)

    def erase_person(self, value: str, *, basis: str, by: Actor, dry_run: bool = False) -> Erased:
        """Erase every personal value, in whatever deal, that is or contains this text, however it was typed, and every
        request key: what is sent again under such a key is a new step."""
        text = instance_of(str, value, "a person is named by a text, such as an e-mail address")
        return self._erase(lambda tx: of_person(tx, text), basis, by, dry_run, lambda tx: requests_naming(tx, text))

    def erase_again(self, leaves: Iterable[Leaf], *, basis: str, by: Actor) -> Erased:
        """Erase the values at these places as far as they are held: after a backup was restored."""

        def found(tx: Tx) -> list[Leaf]:
            wanted = set(leaves)
            return [place for row in tx.scan(Private()) if (place := Leaf(row.stream, row.n, row.path)) in wanted]

        return self._erase(found, basis, by, False)

    def commitments(self, leaves: Iterable[Leaf]) -> dict[Leaf, str]:
        """What the events commit to at these places: with its place it names a value that was erased for good."""
        with self._reading() as tx:
            return commitments(tx, leaves)

    def still_held(self, listed: Listed, before: str) -> tuple[dict[str, list[Leaf]], list[Leaf]]:
        """What a restored backup brought back of what a list names, by basis, and the places that hold another value now.
        ``before`` is when the list was written to."""
        with self._reading() as tx:
            return still_held(tx, listed, before)

    def _erase(
        self,
        find: Callable[[Tx], list[Leaf]],
        basis: str,
        by: Actor,
        dry_run: bool,
        asked: Callable[[Tx], Iterable[ErasureRequest]] = lambda tx: (),
    ) -> Erased:
        basis, by = basis_word(basis), actor(by)

        def work(unit: UnitOfWork) -> tuple[tuple[Leaf, ...], tuple[str, ...], int]:
            _refuse_triggers(unit.tx)
            leaves = tuple(find(unit.tx))
            unit.forgotten |= {(request.stream, request.key) for request in asked(unit.tx)}
            if not (leaves or unit.forgotten):
                raise InvalidArgument("nothing of that is held; it was erased before, or never there")
            return leaves, erase(unit, leaves, basis, by), len(unit.forgotten)

        leaves, deals, requests = self._transact(work, dry_run=dry_run)
        return Erased(leaves, deals, not dry_run and self._connection is None and self.purge(by=by), requests)

    def purge(self, *, by: Actor) -> bool:
        """Leave no byte of what was erased in the store's files, and say so in the log; false while others still read."""
        if not self._store.purge():
            return False

        def work(unit: UnitOfWork) -> None:
            waiting = unpurged(unit.tx)
            if waiting:
                entry = privacy_purged.EVENT.entry({"events": [list(place) for place in waiting]})
                unit.aside("system", (entry,), by, timestamp(moment(self._clock())))

        self._transact(work)
        return True

    def in_the_open(self, value: str) -> list[str]:
        """The events and definitions that contain this text where nothing can be erased; reads the whole log."""
        text = instance_of(str, value, "name the person by a text")
        with self._reading() as tx:
            return list(in_the_open(tx, text))

    def unreadable(self) -> list[Leaf]:
        """The places of personal values that were damaged: whom they are about nobody can tell."""
        with self._reading() as tx:
            return unreadable(tx)

    def held_on(self, value: str) -> list[Held]:
        """Every personal value that is or contains this text (the right of access)."""
        with self._reading() as tx:
            return list(held(tx, of_person(tx, instance_of(str, value, "name the person by a text"))))

    def requests_on(self, value: str) -> list[ErasureRequest]:
        """Every request key that is or contains this text."""
        with self._reading() as tx:
            return list(requests_naming(tx, instance_of(str, value, "name the person by a text")))

    def erasures(self) -> list[Erasure]:
        """Every erasure of this log, the earliest first."""
        with self._reading() as tx:
            return erasures_in(tx)

    def purge_pending(self, stream: str | None = None) -> bool:
        """Whether bytes of what was erased (of one deal's stream, or anywhere) may still stand in the store's files."""
        with self._reading() as tx:
            return bool(unpurged(tx, stream))


def _refuse_triggers(tx: Tx) -> None:
    """A trigger can write elsewhere what is deleted, and then a byte of it would be left."""
    triggers = tx.triggers()
    if triggers:
        raise StoreError(
            f"the trigger {triggers[0]} on procdef's tables could keep what is erased, so nothing was erased; see what it "
            "does, drop it, and erase again"
        )
