"""Deals that began under a version of their process when a later one was published already."""

from __future__ import annotations

from collections import defaultdict

from procdef.audit.export.exported_events import fitting
from procdef.audit.published_versions import publishings
from procdef.store.log_queries import place_of
from procdef.store.port import Tx
from procdef.store.queries import Definitions


class Superseded:
    """When each version was published. Raises ``LogBroken`` where an event that published one cannot be read."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._published: defaultdict[str, list[tuple[int, str, str, int]]] = defaultdict(list)
        rows = list(fitting(tx.scan(Definitions())))
        told = {row.id: publishings(tx, f"definition:{row.id}") for row in rows}
        for row in rows:
            if row.sha256 in told[row.id]:
                event, _ = told[row.id][row.sha256]
                self._published[row.id].append((row.version, event.recorded, event.stream, event.n))

    def by(self, process: str, version: int, deal: str, recorded: str) -> int | None:
        """The highest version that was published when the deal of this stream began, where that is another than its own."""
        later = [each for each in self._published[process] if each[0] > version and each[1] <= recorded]
        return max((each[0] for each in later if each[1] < recorded or self._stands_before(each, deal)), default=None)

    def _stands_before(self, published: tuple[int, str, str, int], deal: str) -> bool:
        """Of one time: which comes first in the order of the log."""
        _, _, stream, n = published
        one, other = place_of(self._tx, stream, n), place_of(self._tx, deal, 1)
        return one is not None and (other is None or one < other)  # what waits to be sealed comes last
