"""The hashes of the log: each event's, which the next event of its stream names, and the commitments to personal values."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from procdef.log.canonical import quoted

FIRST = "0" * 64
"""``prev`` of the first event of a stream."""
SALT = 32
"""How many bytes the salt of a commitment has."""


def event_hash(body: bytes) -> str:
    """Hex SHA-256 over a zero byte and the body: the event's link in the chain, and its leaf in a tree as RFC 6962 has it."""
    return sha256(b"\x00" + body).hexdigest()


def digest_bytes(digest: Any) -> bytes | None:
    """The 32 bytes of a hash as it is stored, in lower-case hex; ``None`` for anything else."""
    try:
        found = bytes.fromhex(digest)
    except (TypeError, ValueError):
        return None
    return found if len(found) == 32 and found.hex() == digest else None


def commitment_to(canonical: bytes, salt: bytes, log: str, stream: str, n: int, pointer: str) -> str:
    """Hex SHA-256 that binds a personal value, in its canonical bytes, to its place without telling it; ``salt`` is 32 fresh
    random bytes."""
    place = f"[{quoted(log)},{quoted(stream)},{n:d},{quoted(pointer)},"
    return sha256(b"".join((b"\x02", salt, place.encode(), canonical, b"]"))).hexdigest()
