"""Published definitions against the events that published them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from procdef.errors import CalendarDataMissing, ProcdefError
from procdef.language import load_published
from procdef.log.format import LANGUAGE
from procdef.log.irregularity import Irregularity
from procdef.model import ProcessDefinition
from procdef.store.rows import DefinitionRow
from procdef.verification.tables.storage_classes import misfit

Told = dict[str, Any]


class PublishedDefinitions:
    """Every definition of the log that can be read. ``library`` has them by the hash of their source; ``unread`` are those of
    which this machine lacks what it takes to read them."""

    def __init__(self) -> None:
        self.library: dict[str, ProcessDefinition] = {}
        self.unread: set[str] = set()
        self._stored: dict[str, Told] = {}
        self._told: dict[str, Told] = {}
        self._places: dict[str, int] = {}
        self._used: dict[str, int] = {}

    def used(self, sha: object, place: int) -> None:
        """Note where in the log a deal began under the definition of that content."""
        if isinstance(sha, str):
            self._used[sha] = min(place, self._used.get(sha, place))

    def learn(self, row: DefinitionRow) -> Iterator[Irregularity]:
        """Take in a stored definition; tells what is wrong with it."""
        stream = f"definition:{row.id}"
        column = misfit(row)
        if column is not None:
            yield Irregularity("unreadable", stream, 0, "a definition as it is written", f"another type of {column}")
            return
        digest = sha256(row.source).hexdigest()
        self._stored[row.sha256] = {"id": row.id, "version": row.version, "lang": row.lang, "sha256": row.sha256}
        if digest != row.sha256:
            yield Irregularity("definition-changed", stream, 0, row.sha256, digest)
            return
        try:
            loaded = load_published(row.source, f"{row.id} v{row.version}")
        except CalendarDataMissing as lacking:
            self.unread.add(row.sha256)
            yield Irregularity("calendar-data-missing", stream, 0, f"data to read {row.sha256} with", str(lacking))
            return
        except ProcdefError as error:
            code = "newer-log" if isinstance(row.lang, int) and row.lang > LANGUAGE else "definition-changed"
            yield Irregularity(code, stream, 0, f"a definition that this procdef reads: {row.sha256}", str(error))
            return
        if (loaded.id, loaded.version, loaded.lang) != (row.id, row.version, row.lang):
            found = f"{loaded.id} v{loaded.version} in language {loaded.lang}"
            yield Irregularity("definition-changed", stream, 0, found, f"{row.id} v{row.version} in {row.lang}")
        else:
            self.library[row.sha256] = loaded

    def tell(self, stream: str, event: Mapping[str, Any], place: int) -> Iterator[Irregularity]:
        """Take in an event of a definition's stream."""
        if event["type"].startswith("x-"):
            return
        data = event["data"]
        if event["type"] != "definition.published" or stream != f"definition:{data['id']}":
            yield Irregularity("illegal", stream, event["n"], "the publishing of that process", event["type"])
            return
        if any(data["id"] == told["id"] and data["version"] == told["version"] for told in self._told.values()):
            yield Irregularity("illegal", stream, event["n"], "another version", f"version {data['version']} again")
        self._told[data["sha256"]] = data
        self._places[data["sha256"]] = place

    def end(self) -> Iterator[Irregularity]:
        """Definitions without the event that published them as they are, and the other way round."""
        for sha, stored in sorted(self._stored.items()):
            if self._told.get(sha) != stored:
                stream = f"definition:{stored['id']}"
                yield Irregularity("definition-unpublished", stream, 0, f"an event that published {sha}", "none")
        for sha in sorted(sha for sha, place in self._places.items() if self._used.get(sha, place) < place):
            stream = f"definition:{self._told[sha]['id']}"
            expected = f"{sha} published before deals that use it"
            yield Irregularity("leaf-order", stream, 0, expected, f"leaf {self._places[sha]}, used at {self._used[sha]}")
        for sha in sorted(self._told.keys() - self._stored.keys()):
            stream = f"definition:{self._told[sha]['id']}"
            yield Irregularity("definition-missing", stream, 0, f"the definition {sha}", "none")
