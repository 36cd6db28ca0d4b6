"""A bundle: a deal's events with their proofs in one archive, which anyone can check without the log and without procdef.

Its form stands in docs/log.md. The same log gives the same bytes: members are stored as they are, in order, undated.
"""

from __future__ import annotations

import zipfile
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from procdef.log.canonical import canonical_bytes
from procdef.resources import packaged

FORMAT = 1
VERIFIER = "verify_bundle.py"
_UNDATED = (1980, 1, 1, 0, 0, 0)


class Proved(NamedTuple):
    """An event, its place in the order of the log, and the path from there to the root; no place where the root is not
    over it."""

    n: int
    body: bytes
    place: int | None
    path: tuple[bytes, ...] = ()

    @property
    def shown(self) -> dict[str, object]:
        if self.place is None:
            return {"n": self.n}
        return {"n": self.n, "index": self.place, "path": [b64encode(each).decode() for each in self.path]}


class Opening(NamedTuple):
    """A personal value with what opens its commitment."""

    n: int
    path: str
    salt: bytes
    value: object


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle tells. ``note`` is missing where no checkpoint was signed, ``openings`` where personal values are
    left out; ``keys`` are the events that name the log's keys, ``people`` those that published directories of people, of which
    ``directories`` has by their hashes those that the deal's events name."""

    log: str
    stream: str
    size: int
    root: bytes
    note: str | None
    events: tuple[Proved, ...]
    keys: tuple[Proved, ...]
    definitions: Mapping[str, bytes]
    openings: tuple[Opening, ...] | None
    people: tuple[Proved, ...] = ()
    directories: Mapping[str, bytes] = field(default_factory=dict)

    def members(self) -> dict[str, bytes]:
        """The files of the bundle, by name."""
        found = {
            "README.txt": packaged("audit", "bundle", "README.txt").read_bytes(),
            VERIFIER: verifier(),
            "bundle.json": canonical_bytes(self._about()),
            **_bodies("events", self.events),
            **_bodies("keys", self.keys),
            **_bodies("people", self.people),
            **{f"directories/{sha}.json": source for sha, source in self.directories.items()},
            **{f"definitions/{sha}.yaml": source for sha, source in self.definitions.items()},
        }
        if self.note is not None:
            found["checkpoint.note"] = self.note.encode()
        if self.openings is not None:
            rows = [{"n": o.n, "path": o.path, "salt": o.salt.hex(), "value": o.value} for o in self.openings]
            found["openings.json"] = canonical_bytes(rows)
        sums = (f"{sha256(found[name]).hexdigest()}  {name}\n" for name in sorted(found))
        return {**found, "SHA256SUMS": "".join(sums).encode()}

    def _about(self) -> dict[str, object]:
        return {
            "format": FORMAT, "log": self.log, "stream": self.stream, "size": self.size,
            "root": b64encode(self.root).decode(), "signed": self.note is not None,
            "personal": self.openings is not None, "events": [each.shown for each in self.events],
            "keys": [each.shown for each in self.keys],
            **({"people": [each.shown for each in self.people]} if self.people else {}),
        }  # fmt: skip


def verifier() -> bytes:
    """The program that checks a bundle."""
    return packaged("audit", "bundle", VERIFIER).read_bytes()


def archive(members: Mapping[str, bytes]) -> bytes:
    """The members as one archive, always the same for the same members."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(members):
            row = zipfile.ZipInfo(name, _UNDATED)
            row.create_system = 3
            row.external_attr = 0o644 << 16
            file.writestr(row, members[name])
    return made.getvalue()


def _bodies(folder: str, events: Iterable[Proved]) -> dict[str, bytes]:
    return {f"{folder}/{event.n:06}.json": event.body for event in events}
