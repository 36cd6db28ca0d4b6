"""A log in memory that forgets the deals that are over once they are counted: a long run takes no more memory than its open
deals."""

from __future__ import annotations

from collections.abc import Collection

from procdef.store import MemoryStore


class PassingStore(MemoryStore):
    """A store for deals that are counted as they end, and of which nobody asks again."""

    def over(self) -> list[str]:
        """The streams of the deals that are lost or finished."""
        return [row.stream for row in self.deals.values() if row.mode != "open"]

    def forget(self, streams: Collection[str]) -> None:
        """Drop all that is known of these deals, and what the log would be proved with."""
        gone = set(streams)
        for stream in gone:
            row = self.deals.pop(stream)
            self.keys.pop(row.key, None)
            self.events.pop(stream, None)
        self.private = {place: row for place, row in self.private.items() if place[0] not in gone}
        self.stays = {place: row for place, row in self.stays.items() if place[0] not in gone}
        self.gates = {place: row for place, row in self.gates.items() if place[0] not in gone}
        self.activities = {place: row for place, row in self.activities.items() if place[0] not in gone}
        self.leaves.clear()
        self.nodes.clear()
