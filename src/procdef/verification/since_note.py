"""What came into a log after a note that was verified before: the note still holds, and the events since are sound.

Every stream that grew is verified from its first event on, in its bytes and its meaning; what is kept of the tree vouches
for the other events, and the rows of their deals are not looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from procdef.log.canonical import parsed
from procdef.log.chain import digest_bytes, event_hash
from procdef.log.checkpoint import Checkpoint, HeldNote, read_checkpoint
from procdef.log.irregularity import Irregularity
from procdef.log.merkle import Perfect, frontier_at, included, inclusion, root_at
from procdef.log.signed_note import Verifier
from procdef.store.inspection_port import Inspection, Places
from procdef.store.log_queries import perfect_of
from procdef.store.queries import Definitions, EventPlace, Events, LogOrder
from procdef.store.rows import LeafRow, PlaceRow
from procdef.verification.streams import JoinedTables, StreamVerification, Tally
from procdef.verification.tables.layout import LARGE, layout_findings
from procdef.verification.tables.storage_classes import misfit
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.leaves_check import LeavesCheck
from procdef.verification.tree.notes import WHOLE, NoteToCheck
from procdef.verification.tree.whole_tree import missing_tree, notes_to_check, stored_tree, unreadable_leaf


def verify_since(
    tx: Inspection,
    since: HeldNote,
    held: tuple[HeldNote, ...],
    tally: Tally,
    assurance: Assurance,
    trusted: tuple[Verifier, ...] = (),
) -> Iterator[Irregularity]:
    """Everything wrong with what came into the log since the note, and with the streams that it came into.

    Raises ``NoteInvalid`` for a text that is not a note.
    """
    sealed = stored_tree(tx)[0]
    noted = notes_to_check(tx, (since, *held), trusted, stored=sealed)
    if not sealed:
        yield from noted[1]
        yield missing_tree(noted[0][0])
        return
    yield from _Increment(tx, read_checkpoint(since.text)[0], noted, assurance, tally).run()


class _Increment:
    """The part of the log after the note ``before``. ``noted`` are the notes to check, with what is wrong with them."""

    def __init__(
        self,
        tx: Inspection,
        before: Checkpoint,
        noted: tuple[list[NoteToCheck], list[Irregularity]],
        assurance: Assurance,
        tally: Tally,
    ) -> None:
        self.tx, self.before, self.noted, self.assurance, self.tally = tx, before, noted, assurance, tally
        self.reader = StreamVerification(tx, tally)
        self.read: set[str] = set()

    def run(self) -> Iterator[Irregularity]:
        tx, size = self.tx, self.before.size
        yield from layout_findings(tx, LARGE)
        notes, wrong = self.noted
        yield from wrong
        perfect = perfect_of(tx)
        try:
            start = frontier_at(size, perfect)
        except LookupError as error:
            yield Irregularity("note-not-kept", WHOLE, 0, f"the {size} events of the note since which", str(error))
            return
        check = LeavesCheck(tx.log, notes, start)
        yield from check.begin()
        if start.root != self.before.root:
            return
        yield from self._earlier(notes, check, perfect)
        for leaf in tx.scan(LogOrder(size)):
            wrong = list(self._taken(leaf, check))
            yield from wrong
            if wrong:
                return
        yield from check.end(stored_tree(tx)[1])
        yield from self._definitions()
        for leaf in tx.scan(LogOrder(size)):
            yield from self._grown(leaf, perfect)
        yield from self.reader.published.end()
        yield from self.reader.directories.end()
        yield from self.reader.retimings.end()
        self.assurance.learn(tx, notes, check.reached, check.frontier.size)

    def _definitions(self) -> Iterator[Irregularity]:
        """All definitions, whether new or not, as deals of any age need them; their events are counted where they are new."""
        yield from self.reader.definitions()
        for stream in sorted({f"definition:{row.id}" for row in self.tx.scan(Definitions())}):
            new = (place.n for place in self.tx.scan(Places(stream)) if place.idx >= self.before.size)
            first = next(new, None)
            self.read.add(stream)
            yield from self._stream(stream, sys.maxsize if first is None else first)

    def _earlier(self, notes: list[NoteToCheck], check: LeavesCheck, perfect: Perfect) -> Iterator[Irregularity]:
        """Held notes over less than the one since which: their trees are not on the way, so each is made of its own."""
        for note in notes:
            checkpoint = note.checkpoint
            if not note.by or checkpoint.size >= self.before.size:
                continue
            try:
                found = root_at(checkpoint.size, perfect).hex()
            except LookupError as error:
                found = str(error)
            if found == checkpoint.root.hex():
                check.reached.append(note)
                continue
            expected = f"the root {checkpoint.root.hex()} over {checkpoint.size} events of {note.name}"
            yield Irregularity("note-not-kept", WHOLE, 0, expected, found)

    def _taken(self, row: LeafRow, check: LeavesCheck) -> Iterator[Irregularity]:
        """The next event in the order of the log; what is wrong with it ends the pass."""
        idx, event = check.frontier.size, row.event
        if row.idx != idx:
            yield Irregularity("events-missing", WHOLE, 0, f"the event of leaf {idx}", f"that of leaf {row.idx}")
            return
        column, leaf = misfit(event), digest_bytes(row.hash)
        if column is not None or leaf is None:
            yield unreadable_leaf(idx)
            return
        digest = event_hash(event.body)
        if row.hash != digest:
            yield Irregularity("leaf-hash", event.stream, event.n, digest, row.hash)
            return
        yield from check.add(leaf)[1]

    def _grown(self, leaf: LeafRow, perfect: Perfect) -> Iterator[Irregularity]:
        """Where this is the first new event of its stream: the event before it is in the tree of the note, and with it all
        before that; then the stream."""
        stream, n = leaf.event.stream, leaf.event.n
        place = next(iter(self.tx.scan(EventPlace(stream, n - 1))), None) if n > 1 else None
        if place is not None and self.before.size <= place.idx < leaf.idx:
            return
        if place is not None:
            yield from self._continued(place, _prev(leaf.event.body), perfect)
        elif n > 1:
            yield Irregularity("leaf-missing", stream, n - 1, f"a leaf of event {n - 1}", "none")
        self.tally.streams += 1
        if stream not in self.read:
            yield from self._stream(stream, n)

    def _stream(self, stream: str, first: int = 1) -> Iterator[Irregularity]:
        """The bytes and the meaning of a stream, from its first event on."""
        tables = JoinedTables(self.tx, stream)
        yield from self.reader.stream(stream, self.tx.scan(Events(stream)), tables, first)
        yield from tables.before()

    def _continued(self, place: PlaceRow, prev: str, perfect: Perfect) -> Iterator[Irregularity]:
        leaf = digest_bytes(place.hash)
        if place.hash != prev or leaf is None:
            yield Irregularity("leaf-hash", place.stream, place.n, prev, str(place.hash))
        elif place.idx >= self.before.size or not self._vouched(leaf, place.idx, perfect):
            expected = f"an event among the {self.before.size} of the note"
            yield Irregularity("note-not-kept", place.stream, place.n, expected, "none that it vouches for")

    def _vouched(self, leaf: bytes, idx: int, perfect: Perfect) -> bool:
        try:
            path = inclusion(idx, self.before.size, perfect)
        except (LookupError, ValueError):
            return False
        return included(leaf, idx, self.before.size, path, self.before.root)


def _prev(body: bytes) -> str:
    try:
        return str(parsed(body)["prev"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
