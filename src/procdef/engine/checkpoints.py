"""Checkpoints: the log's keys, and notes that one of them signs over the tree as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from procdef.commands import Actor
from procdef.engine.arguments import actor, count, instance_of, optional
from procdef.engine.publishing import begin_log
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, LogBroken, NewerLog, NoteInvalid, UnknownDeal
from procdef.events.types import log_rekeyed
from procdef.log.checkpoint import Checkpoint, HeldNote, origin, parse_checkpoint
from procdef.log.event import timestamp
from procdef.log.keys import LogKey, own_checkpoint, rekeying
from procdef.log.merkle import Frontier, Perfect, consistency, consistent, root_at
from procdef.log.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from procdef.log.signed_note import SignedNote, Signer, signed
from procdef.store.log_queries import (
    event_at,
    log_keys,
    newest_note,
    perfect_of,
    place_of,
    stored_checkpoint,
    stored_notes,
)
from procdef.store.port import Batch, Tx
from procdef.store.queries import Notes
from procdef.store.rows import NoteRow

_SIGNER = "a key that signs is a Signer, as Signer.new(engine.origin)"


class Sealing(Transactions):
    """What an engine does with the tree over its log."""

    def log_keys(self) -> tuple[LogKey, ...]:
        """The keys that this log had, the present one last. Raises ``LogBroken`` where one was not signed for."""
        return self._read(lambda tx: tuple(_sound_keys(tx)))

    def rekey(self, new: Signer, *, by: Actor, old: Signer | None = None) -> None:
        """Make ``new`` the log's key, which signs its checkpoints from now on; ``old``, the key before it, signs for it.

        The first key has none before it. Raises ``InvalidArgument`` for a key that cannot be the next one.
        """
        by, at = actor(by), timestamp(self.now())
        new, old = instance_of(Signer, new, "new", _SIGNER), optional(Signer, old, "old", _SIGNER)

        def work(unit: UnitOfWork) -> None:
            _refuse_unfit(unit.tx.log, _sound_keys(unit.tx), new, old)
            begin_log(unit, by, at)
            unit.aside("system", (log_rekeyed.EVENT.entry(rekeying(unit.tx.log, new, old)),), by, at)

        self._transact(work)

    def checkpoint(self, signer: Signer, *, held: Iterable[HeldNote] = (), extensions: Iterable[str] = ()) -> SignedNote:
        """Sign the tree as it is sealed now, what waits for it with it, and keep the note in the store.

        Raises ``LogBroken``, and signs nothing, where the tree does not begin with that of the newest stored note, or of
        one of those ``held`` elsewhere; ``InvalidArgument`` for a key that is not the log's.
        """
        signer = instance_of(Signer, signer, "signer", _SIGNER)

        def sign(tx: Tx) -> SignedNote:
            tree, keys, perfect = tx.tree, _sound_keys(tx), perfect_of(tx)
            if not keys:
                raise InvalidArgument("the log has no key yet; name one first", "key")
            if signer.verifier != keys[-1].verifier:
                raise InvalidArgument(f"this is not the log's key, which is {keys[-1].verifier} now", "signer")
            _refuse_unlike(tree.size, tree.root, perfect)
            if newest := newest_note(tx):
                _refuse_other_beginning(stored_checkpoint(tx, keys, newest), "stored last", tree, perfect)
            for note in held:
                _begun_with(tx, keys, note, tree, perfect)
            checkpoint = Checkpoint(origin(tx.log), tree.size, tree.root, tuple(extensions))
            if parse_checkpoint(checkpoint.text) != checkpoint:
                raise NoteInvalid("a further line of a checkpoint is one line")
            made = signed(checkpoint.text, signer)
            tx.append(Batch(notes=[NoteRow(tree.size, str(made))]))
            return made

        if not self.joined:
            self._store.seal()
        return self._repeated(True, sign)

    @property
    def origin(self) -> str:
        """How this log is named in its checkpoints, and its keys."""
        return self._read(lambda tx: origin(tx.log))

    def prove(self, name: str, n: int, size: int | None = None) -> str:
        """The proof that event ``n`` of a deal or a stream is in the log, by the stored checkpoint of that size.

        Without a size it is the first checkpoint that covers the event. Raises ``InvalidArgument`` where there is none.
        """
        name, n = instance_of(str, name, "name", "a deal or a stream is named by a text"), count(n, "n", 1)
        size = None if size is None else count(size, "size", 0)

        def found(tx: Tx) -> str:
            stream = _stream(tx, name)
            event = event_at(tx, stream, n)
            idx = place_of(tx, stream, n)
            if event is None or (idx is None and not tx.waiting.events):
                raise InvalidArgument(f"there is no event {n} of {name}", "n")
            fitting = (note for note in stored_notes(tx) if size is None or note.size == size)
            note = None if idx is None else next((each for each in fitting if each.size > idx), None)
            if idx is None or note is None:
                raise InvalidArgument("no stored checkpoint covers that event; sign one first", "checkpoint")
            keys = _sound_keys(tx)
            stored_checkpoint(tx, keys, note)
            verifiers = [key.verifier for key in keys]
            return _sound(
                lambda: inclusion_proof(event.body, idx, note.text, perfect_of(tx)),
                lambda proof: check_inclusion(proof, verifiers),
            )

        return self._read(found)

    def prove_extended(self, old: int | HeldNote, new: int | HeldNote) -> str:
        """The proof that the log of ``new`` began with that of ``old``: sizes, or notes that somebody holds.

        Raises ``LogBroken`` where a note contradicts the log, ``InvalidArgument`` for a size without a checkpoint.
        """
        old, new = _size_or_note(old, "old"), _size_or_note(new, "new")

        def found(tx: Tx) -> str:
            tree, keys, perfect = tx.tree, _sound_keys(tx), perfect_of(tx)
            note = _stored(tx, new) if isinstance(new, int) else new
            later = _begun_with(tx, keys, note, tree, perfect)
            size = old if isinstance(old, int) else _begun_with(tx, keys, old, tree, perfect).size
            if size > later.size:
                raise InvalidArgument(
                    f"a log of {later.size} events never had {size} before; name the earlier one first", "old"
                )
            verifiers = [key.verifier for key in keys]
            return _sound(
                lambda: consistency_proof(size, note.text.decode(), perfect),
                lambda proof: check_consistency(
                    proof, Checkpoint(later.origin, size, root_at(size, perfect)), verifiers
                ),
            )

        return self._read(found)

    def checkpoints(self) -> list[NoteRow]:
        """The stored notes, by size."""
        return self._read(lambda tx: list(tx.scan(Notes())))


def _begun_with(tx: Tx, keys: Iterable[LogKey], held: HeldNote, tree: Frontier, perfect: Perfect) -> Checkpoint:
    """The checkpoint of a note of this log, whose tree the present one begins with. Raises ``LogBroken``."""
    try:
        note = own_checkpoint(tx.log, keys, held.text)
    except NoteInvalid as error:
        raise LogBroken(f"the note {held.name} does not hold: {error}") from None
    _refuse_other_beginning(note, held.name, tree, perfect)
    return note


def _refuse_other_beginning(note: Checkpoint, name: str, tree: Frontier, perfect: Perfect) -> None:
    """Raise ``LogBroken`` where the present tree does not begin with that of the note."""
    if note.size > tree.size:
        raise LogBroken(
            f"the note {name} is over {note.size} events, and the log has {tree.size}: its end is missing"
        )
    try:
        path = consistency(note.size, tree.size, perfect)
        holds = consistent(note.size, note.root, tree.size, tree.root, path)
    except LookupError:
        holds = False
    if not holds:
        raise LogBroken(f"the log does not begin with the {note.size} events of the note {name}")


def _sound_keys(tx: Tx) -> list[LogKey]:
    keys, wrong = log_keys(tx)
    newer = next((found for found in wrong if found.code == "newer-log"), None)
    if newer:
        raise NewerLog(f"a later procdef named a key of this log: {newer.found}; update procdef to use it")
    if wrong:
        raise LogBroken("a key of the log was not signed for by the one before")
    return keys


def _refuse_unfit(log: str, keys: list[LogKey], new: Signer, old: Signer | None) -> None:
    if new.name != origin(log):
        raise InvalidArgument(f"a key of this log is named {origin(log)}, and this one {new.name}", "new")
    if any(new.verifier.key == key.verifier.key for key in keys):
        raise InvalidArgument("this key is or was the log's already; make a new one", "new")
    if not keys and old is not None:
        raise InvalidArgument("the log has no key yet, so none can sign for this one", "old")
    if keys and (old is None or old.verifier != keys[-1].verifier):
        raise InvalidArgument(f"the log has a key, which signs for the next: {keys[-1].verifier}", "old")


def _refuse_unlike(size: int, root: bytes, perfect: Perfect) -> None:
    try:
        same = root_at(size, perfect) == root
    except LookupError:
        same = False
    if not same:
        raise LogBroken("the tree over the log is not that of its leaves")


def _sound(prove: Callable[[], str], check: Callable[[str], object]) -> str:
    """A proof that holds. Raises ``LogBroken`` where the log as it is stored gives none."""
    try:
        proof = prove()
        check(proof)
    except (LookupError, NoteInvalid) as error:
        raise LogBroken(f"the log as it is stored proves nothing: {error}") from None
    return proof


def _size_or_note(given: int | HeldNote, name: str) -> int | HeldNote:
    return given if isinstance(given, HeldNote) else count(given, name, 0)


def _stored(tx: Tx, size: int) -> HeldNote:
    """The checkpoint of that size. Raises ``InvalidArgument`` where there is none."""
    for note in stored_notes(tx):
        if note.size == size:
            return HeldNote(f"stored over {size} events", note.text.encode())
    raise InvalidArgument(f"there is no stored checkpoint over {size} events; sign one first", "checkpoint")


def _stream(tx: Tx, name: str) -> str:
    """The stream of that name, or of the deal of that name. What is a stream's name always means the stream: a deal that an
    earlier version let be named so is named by its own stream."""
    if name == "system" or name.startswith("definition:"):
        return name
    deal = tx.load([name]).deals.get(name)
    if deal is not None:
        return deal.stream
    if name.startswith("deal:"):
        return name
    raise UnknownDeal(f"there is no deal {name!r}", name)
