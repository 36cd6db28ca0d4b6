"""Which events make a key the log's: what only a later procdef reads is told apart from what somebody forged."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

from procdef.log.checkpoint import origin
from procdef.log.keys import Naming, keys_of, rekeying
from procdef.log.signed_note import Signer

LOG = "4f7ee755-3b0c-440e-8e01-d520b5c23f37"
FIRST, SECOND = (Signer(origin(LOG), bytes([byte] * 32)) for byte in (1, 2))


def written(kind: int, key: bytes = bytes(40), name: str = origin(LOG)) -> str:
    """A public key of some kind, as it is published."""
    raw = bytes([kind]) + key
    ident = sha256(f"{name}\n".encode() + raw).digest()[:4].hex()
    return f"{name}+{ident}+{b64encode(raw).decode()}"


def named(new: str, old: Signer | None, signer: Signer = FIRST) -> dict[str, Any]:
    before = {"old": str(old.verifier)} if old else {}
    said = f"procdef.log/rekeyed\n{LOG}\n{before.get('old', '')}\n{new}\n".encode()
    return {**before, "new": new, "signature": b64encode(signer.sign(said)).decode()}


def codes(*data: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(found.code, found.n) for found in keys_of(LOG, [Naming(n - 1, n, each) for n, each in enumerate(data, 2)])[1]]


def test_a_key_that_the_one_before_signed_for_is_the_logs() -> None:
    assert codes(rekeying(LOG, FIRST), rekeying(LOG, SECOND, FIRST)) == []


@pytest.mark.parametrize("kind", [0, 2, 6, 255])
def test_a_key_of_another_kind_is_of_a_later_procdef_where_the_key_before_signed_for_it(kind: int) -> None:
    assert codes(rekeying(LOG, FIRST), named(written(kind), FIRST)) == [("newer-log", 3)]
    assert codes(rekeying(LOG, FIRST), named(written(kind), FIRST, SECOND)) == [("key-unsigned", 3)]
    assert codes(named(written(kind), None)) == [("newer-log", 2)]


NO_KEYS = [
    "x", written(2)[:-4] + "AAAA", written(2).replace("+", "-", 1), written(1), written(2, b"")[:-4], written(2, name="other"),
]  # fmt: skip


@pytest.mark.parametrize("new", NO_KEYS)
def test_what_is_no_key_of_any_kind_makes_none(new: str) -> None:
    assert codes(rekeying(LOG, FIRST), named(new, FIRST)) == [("key-unsigned", 3)]


@pytest.mark.parametrize("old", ["", None, 1, str(SECOND.verifier)])
def test_the_first_key_has_none_before_it(old: object) -> None:
    assert codes({**rekeying(LOG, FIRST), "old": old}) == [("key-unsigned", 2)]
