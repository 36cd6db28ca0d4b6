"""Checkpoints: the log's keys, and notes that one of them signs over the tree as it stands."""

from __future__ import annotations

from collections.abc import Iterable

from procdef.audit.checkpoint import Checkpoint, origin
from procdef.audit.events import Entry, timestamp
from procdef.audit.log_keys import LogKey, own_checkpoint, rekeying
from procdef.audit.merkle import Perfect, consistency, consistent, root_at
from procdef.audit.note import Note, Signer, signed
from procdef.commands import Actor, Finish
from procdef.engine.publishing import begin_log
from procdef.engine.sealed import REKEYED, log_keys, newest_note, perfect_of
from procdef.engine.steps import Step, actor
from procdef.engine.transacting import Transacting
from procdef.engine.unit import Unit
from procdef.errors import InvalidArgument, LogBroken, NoteInvalid
from procdef.store.port import Batch, NoteRow, Notes, Tx


class Sealing(Transacting):
    """What an engine does with the tree over its log."""

    def log_keys(self) -> tuple[LogKey, ...]:
        """The keys that this log had, the present one last. Raises ``LogBroken`` where one was not signed for."""
        with self._reading() as tx:
            return tuple(_sound_keys(tx))

    def rekey(self, new: Signer, *, by: Actor, old: Signer | None = None) -> None:
        """Make ``new`` the log's key, which signs its checkpoints from now on; ``old``, the key before it, signs for it.

        The first key has none before it. Raises ``InvalidArgument`` for a key that cannot be the next one.
        """
        by, moment = actor(by), timestamp(self._clock())

        def work(unit: Unit) -> None:
            _refuse_unfit(unit.tx.log, _sound_keys(unit.tx), new, old)
            step = Step("", Finish(), by)
            begin_log(unit, step, moment)
            unit.aside("system", (Entry(REKEYED, rekeying(unit.tx.log, new, old)),), step, moment)

        self._transact(work)

    def checkpoint(self, signer: Signer, *, held: Iterable[bytes | str] = (), extensions: Iterable[str] = ()) -> Note:
        """Sign the tree as it is sealed now, and keep the note in the store.

        Raises ``LogBroken``, and signs nothing, where the tree does not begin with that of the newest stored note, or of
        one of those ``held`` elsewhere; ``InvalidArgument`` for a key that is not the log's.
        """
        with self._store.transaction(write=True, connection=self._connection) as tx:
            tree, keys, perfect = tx.tree, _sound_keys(tx), perfect_of(tx)
            if not keys:
                raise InvalidArgument("the log has no key yet; `procdef audit key new FILE` makes one")
            if signer.verifier != keys[-1].verifier:
                raise InvalidArgument(f"this is not the log's key, which is {keys[-1].verifier} now")
            _refuse_unlike(tree.size, tree.root, perfect)
            newest = newest_note(tx)
            for given in (*([newest.text] if newest else []), *held):
                begins_with(tx, keys, given, tree.root, perfect)
            text = Checkpoint(origin(tx.log), tree.size, tree.root, tuple(extensions)).text
            note = signed(text, signer)
            tx.append(Batch(notes=[NoteRow(tree.size, str(note))]))
        return note

    def checkpoints(self) -> list[NoteRow]:
        """The stored notes, by size."""
        with self._reading() as tx:
            return list(tx.scan(Notes()))


def begins_with(tx: Tx, keys: Iterable[LogKey], given: bytes | str, root: bytes, perfect: Perfect) -> Checkpoint:
    """The checkpoint of a note of this log, whose tree the present one (``root``) begins with. Raises ``LogBroken``."""
    try:
        note = own_checkpoint(tx.log, keys, given)
    except NoteInvalid as error:
        raise LogBroken(f"a note that was signed before does not hold: {error}") from None
    size = tx.size
    if note.size > size:
        raise LogBroken(f"a note over {note.size} events was signed before, and the log has {size}: its end is missing")
    try:
        holds = consistent(note.size, note.root, size, root, consistency(note.size, size, perfect))
    except LookupError:
        holds = False
    if not holds:
        raise LogBroken(
            f"the log does not begin with the {note.size} events of a note signed before; `procdef audit verify` tells more"
        )
    return note


def _sound_keys(tx: Tx) -> list[LogKey]:
    keys, wrong = log_keys(tx)
    if wrong:
        raise LogBroken("a key of the log was not signed for by the one before; `procdef audit verify` tells more")
    return keys


def _refuse_unfit(log: str, keys: list[LogKey], new: Signer, old: Signer | None) -> None:
    if new.name != origin(log):
        raise InvalidArgument(f"a key of this log is named {origin(log)}, and this one {new.name}")
    if any(new.verifier.key == key.verifier.key for key in keys):
        raise InvalidArgument("this key is or was the log's already; make a new one")
    if not keys and old is not None:
        raise InvalidArgument("the log has no key yet, so none can sign for this one")
    if keys and (old is None or old.verifier != keys[-1].verifier):
        raise InvalidArgument(f"the log has a key, which signs for the next: {keys[-1].verifier}")


def _refuse_unlike(size: int, root: bytes, perfect: Perfect) -> None:
    try:
        same = root_at(size, perfect) == root
    except LookupError:
        same = False
    if not same:
        raise LogBroken("the tree over the log is not that of its leaves; `procdef audit verify` tells more")
