"""The engine's side of personal data: erasing it, writing the files anew without it, and telling what is held on a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from procdef.commands import Actor
from procdef.engine.arguments import actor, flag, instance_of, texts
from procdef.engine.carried_values import carried
from procdef.engine.erasing import (
    Announce,
    Erasure,
    basis_word,
    erase,
    erasures_in,
    held,
    in_the_open,
    is_long_enough,
    of_deal,
    of_fields,
    of_person,
    requests_naming,
    texts_at,
    unpurged,
    unreadable,
)
from procdef.engine.erasure_list import Listed, commitments, still_held
from procdef.engine.queries import deal_named
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, ProcdefError, StoreError
from procdef.events.types import privacy_purged
from procdef.log.event import timestamp
from procdef.results.personal_data import Erased, Held, HeldCopy, HeldRequest
from procdef.store.port import Tx
from procdef.store.queries import Private
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
        announce: Announce | None = None,
    ) -> Erased:
        """Erase personal values of a deal: those of these fields (``deal`` is its human id), or all.

        Values and their salts are deleted and the log says so, on what ``basis`` (a word or a reference: it is public).
        Chains stay valid; what was erased reads as unset. Then the store's files are purged, see ``purge``; where that
        fails the values are erased all the same, and ``pending`` of the answer says why. There is no rule about who may:
        whoever can write to the store may erase. ``announce`` is told before anything is deleted, so that a list of
        what is erased can be complete whatever happens. Raises ``InvalidArgument`` where nothing is held.
        """

        names = None if fields is None else texts(fields, "fields", "the fields to erase are a list of their ids")

        def found(tx: Tx) -> list[Leaf]:
            at = deal_named(tx, deal)
            if names is None:
                return of_deal(tx, at)
            return of_fields(tx, at, self._library.known(tx, at.definition).definition, names)

        return self._erase(found, basis, by, dry_run, announce=announce)

    def erase_person(
        self, value: str, *, basis: str, by: Actor, dry_run: bool = False, announce: Announce | None = None
    ) -> Erased:
        """Erase every personal value, in whatever deal, that is or contains this text, however it was typed, and every
        request key: what is sent again under such a key is a new step. The rest is as with ``erase``."""
        text = _naming(value)

        def asked(tx: Tx) -> Iterable[HeldRequest]:
            return requests_naming(tx, text)

        return self._erase(lambda tx: of_person(tx, text), basis, by, dry_run, asked, announce, text)

    def erase_again(self, leaves: Iterable[Leaf], *, basis: str, by: Actor) -> Erased:
        """Erase the values at these places as far as they are held, and where a migration carried them since: after a backup
        was restored."""

        def found(tx: Tx) -> list[Leaf]:
            wanted = carried(tx, leaves)
            return [place for row in tx.scan(Private()) if (place := Leaf(row.stream, row.n, row.path)) in wanted]

        return self._erase(found, basis, by, False)

    def commitments(self, leaves: Iterable[Leaf]) -> dict[Leaf, str]:
        """What the events commit to at these places: with its place it names a value that was erased for good."""
        return self._read(lambda tx: commitments(tx, leaves))

    def still_held(self, listed: Listed, before: str) -> tuple[dict[str, list[Leaf]], list[Leaf]]:
        """What a restored backup brought back of what a list names, by basis, and the places that hold another value now.
        ``before`` is when the list was written to."""
        return self._read(lambda tx: still_held(tx, listed, before))

    def _erase(
        self,
        find: Callable[[Tx], list[Leaf]],
        basis: str,
        by: Actor,
        dry_run: bool,
        asked: Callable[[Tx], Iterable[HeldRequest]] = lambda tx: (),
        announce: Announce | None = None,
        person: str | None = None,
    ) -> Erased:
        basis, by, dry_run = basis_word(basis), actor(by), flag(dry_run, "dry_run")
        if announce is not None and not callable(announce):
            raise InvalidArgument("`announce` is a function that takes the log's id and what is to be erased", "announce")

        def work(unit: UnitOfWork) -> tuple[Erased, list[str]]:
            _refuse_triggers(unit.tx)
            leaves = tuple(find(unit.tx))
            unit.forgotten |= {(request.stream, request.request) for request in asked(unit.tx)}
            if not (leaves or unit.forgotten):
                raise InvalidArgument("nothing of that is held; it was erased before, or never there")
            if announce is not None and not dry_run:
                announce(unit.tx.log, dict.fromkeys(leaves) | commitments(unit.tx, leaves))
            texts, short = texts_at(unit.tx, leaves) if person is None else _texts_of(person)
            deals = erase(unit, leaves, basis, by)
            return Erased(leaves, deals, False, len(unit.forgotten), dry_run, unsearched=short), texts

        done, texts = self._transact(work, dry_run=dry_run)
        if dry_run or self.joined:
            return done
        try:
            done = replace(done, purged=self.purge(by=by))
        except ProcdefError as failed:
            done = replace(done, pending=str(failed))  # the values are gone all the same, and the log says so
        return replace(done, copies=self._copies(texts)) if done.purged else done

    def _copies(self, texts: list[str]) -> tuple[HeldCopy, ...]:
        try:
            return tuple(HeldCopy(*copy) for copy in self._store.copies(texts)) if texts else ()
        except ProcdefError:
            return (HeldCopy("sqlite_master", found=False),)

    def purge(self, *, by: Actor) -> bool:
        """Write the store's files anew without what was erased, and say so in the log; false while others still read."""
        by = actor(by)
        if not self._store.purge():
            return False

        def work(unit: UnitOfWork) -> None:
            waiting = unpurged(unit.tx)
            if waiting:
                entry = privacy_purged.EVENT.entry({"events": [list(place) for place in waiting]})
                unit.aside("system", (entry,), by, timestamp(self.now()))

        self._transact(work)
        return True

    def in_the_open(self, value: str) -> list[str]:
        """The events and definitions that contain this text where nothing can be erased; reads the whole log."""
        text = _naming(value)
        return self._read(lambda tx: list(in_the_open(tx, text)))

    def unreadable(self) -> list[Leaf]:
        """The places of personal values that were damaged: whom they are about nobody can tell."""
        return self._read(unreadable)

    def held_on(self, value: str) -> list[Held]:
        """Every personal value that is or contains this text (the right of access)."""
        text = _naming(value)
        return self._read(lambda tx: list(held(tx, of_person(tx, text))))

    def requests_on(self, value: str) -> list[HeldRequest]:
        """Every request key that is or contains this text."""
        text = _naming(value)
        return self._read(lambda tx: list(requests_naming(tx, text)))

    def erasures(self) -> list[Erasure]:
        """Every erasure of this log, the earliest first."""
        return self._read(erasures_in)

    def purge_pending(self, stream: str | None = None) -> bool:
        """Whether bytes of what was erased (of one deal's stream, or anywhere) may still stand in the store's files."""
        return self._read(lambda tx: bool(unpurged(tx, stream)))


def _texts_of(person: str) -> tuple[list[str], int]:
    """What is looked for after a person was erased: each of the values has it in it."""
    return ([person], 0) if is_long_enough(person) else ([], 1)


def _refuse_triggers(tx: Tx) -> None:
    """A trigger can write elsewhere what is deleted, and then a byte of it would be left."""
    triggers = tx.triggers()
    if triggers:
        raise StoreError(
            f"the trigger {triggers[0]} on procdef's tables could keep what is erased, so nothing was erased; see what it "
            "does, drop it, and erase again"
        )


def _naming(value: object) -> str:
    return instance_of(str, value, "value", "a person is named by a text, such as an e-mail address")
