"""Whether a log is, and was, in a tree as its own events say: a tree that was taken away is told, and one that came late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from procdef.events.opened_event import OpenedEvent
from procdef.log.canonical import parsed
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.log_queries import event_at
from procdef.store.queries import Notes
from procdef.verification.tree.whole_tree import stored_tree


class LateSeal(NamedTuple):
    """The first ``size`` events of a log were in no tree until a time (``at``)."""

    size: int
    at: str


class Sealed:
    """What the events of ``system`` so far tell of the tree. ``late`` where it came after the log had begun;
    ``from_the_start`` where its first event says that all of it is in the tree."""

    def __init__(self, tx: Inspection) -> None:
        self._tx = tx
        self._there = stored_tree(tx)[0]
        self.from_the_start = _says_so(tx)
        self._keyed = False
        self.late: LateSeal | None = None

    def told(self, step: OpenedEvent, place: int) -> Iterator[Irregularity]:
        """What is wrong with the tree by this event, which stands at this place in the log."""
        if step.type == "log.created" and "sealed" in step.data:
            if step.data["sealed"] is not True:
                yield Irregularity("illegal", step.stream, step.n, "sealed: true, or nothing", str(step.data["sealed"]))
        elif step.type == "log.rekeyed":
            self._keyed = True
        elif step.type == "log.sealed":
            yield from self._sealing(step, place)
        else:
            return
        if not self._there and (self.from_the_start or step.type != "log.created"):
            yield Irregularity("tree-missing", step.stream, step.n, f"a tree, of which {step.type} tells", "none")

    def _sealing(self, step: OpenedEvent, place: int) -> Iterator[Irregularity]:
        if self.from_the_start or self._keyed or self.late:
            expected = "the sealing of a log that had no tree, and so no key"
            yield Irregularity("illegal", step.stream, step.n, expected, "one that had")
        if step.data["size"] != place:
            yield Irregularity("illegal", step.stream, step.n, f"size: {place}", str(step.data["size"]))
        self.late = LateSeal(place, step.at)
        earliest = next(iter(self._tx.scan(Notes())), None) if self._there else None
        if earliest is not None and type(earliest.size) is int and earliest.size <= place:
            found = f"one over {earliest.size} events"
            yield Irregularity("illegal", step.stream, step.n, f"no note over the {place} events without a tree", found)


def _says_so(tx: Inspection) -> bool:
    """Whether the first event says that every event is in the tree. It is read before all others, which may turn on it."""
    try:
        first = event_at(tx, "system", 1)
        data = parsed(first.body)["data"] if first is not None else {}
        return "sealed" in data
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False  # which its own stream tells
