"""The stand-alone verifier's own parts: Ed25519 against RFC 8032 and cryptography, canonical JSON, the language level."""

from __future__ import annotations

import ast
import random
import time
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from procdef.audit.bundle import verify_bundle
from procdef.audit.bundle.verify_bundle import ed25519, parsed
from procdef.log.merkle import Frontier, frontier_at, inclusion

# RFC 8032, 7.1: public key, message, signature
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold_and_nothing_beside_them(key: str, message: str, signature: str) -> None:
    public, said, made = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert ed25519(public, said, made)
    assert not ed25519(public, said + b"x", made)
    for at in range(0, 64, 7):
        assert not ed25519(public, said, made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :])


def test_it_agrees_with_cryptography() -> None:
    luck = random.Random(8032)
    for _ in range(20):
        private = Ed25519PrivateKey.from_private_bytes(luck.randbytes(32))
        said = luck.randbytes(luck.randrange(200))
        public, made = private.public_key().public_bytes_raw(), private.sign(said)
        assert ed25519(public, said, made)
        assert not ed25519(luck.randbytes(32), said, made)


def test_a_signature_or_key_in_another_form_is_none() -> None:
    key, _, signature = (bytes.fromhex(part) for part in VECTORS[0])
    larger = (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")
    assert not ed25519(key, b"", signature[:32] + larger)
    assert not ed25519(key, b"", signature[:63])
    assert not ed25519(key[:31], b"", signature)
    assert not ed25519(b"\xff" * 32, b"", signature)
    assert not ed25519(bytes([2]) + bytes(31), b"", signature)


@pytest.mark.parametrize(
    "body",
    [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e2}', b'{"a":9007199254740992}', b'{"a":NaN}',
     b'{"a":"\\u0041"}', b'{"a":"\\ud800"}', '{"ä":1}'.encode(), b'"\xff"', b"", b"[1] ", b'{"a":-0}',
     101 * b"[" + 101 * b"]", b'["[[\\"{"' + 100 * b",[" + 101 * b"]"],
)  # fmt: skip
def test_bytes_that_are_not_canonical_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        parsed(body)


def test_canonical_bytes_are_taken() -> None:
    assert parsed('{"a":[true,null,-9007199254740991],"b":"ä\\n"}'.encode()) == {
        "a": [True, None, -9007199254740991], "b": "ä\n",
    }  # fmt: skip


def test_brackets_in_texts_nest_nothing() -> None:
    body = b'["' + 200 * b"[" + b'\\"{",' + 99 * b"[" + 100 * b"]"
    assert verify_bundle.canonical(parsed(body)) == body


def test_an_inclusion_proof_leads_to_its_root_from_its_own_leaf_and_place_only() -> None:
    leaves = [bytes([each]) * 32 for each in range(21)]

    def perfect(level: int, index: int) -> bytes:
        tree = Frontier()
        for leaf in leaves[index << level : (index + 1) << level]:
            tree.add(leaf)
        return tree.root

    for size in range(1, 22):
        root = frontier_at(size, perfect).root
        for at in range(size):
            path = inclusion(at, size, perfect)
            found = [n for n in range(-1, size + 1) if verify_bundle.included(leaves[at], n, size, path, root)]
            assert found == [at]
            assert not verify_bundle.included(leaves[at], at, size, [*path, root], root)
            assert not verify_bundle.included(bytes(32), at, size, path, bytes(32) if path else b"")


NOTE = b"procdef.log/x\n1\n" + b64encode(bytes(32)) + b"\n"
SIGNATURE = "\u2014 x ".encode() + b64encode(bytes(68)) + b"\n"


def test_a_note_is_no_larger_than_a_note_may_be() -> None:
    assert len(verify_bundle.note_of(NOTE + b"\n" + 100 * SIGNATURE)[3]) == 100
    begun = time.perf_counter()
    for note in (
        NOTE + b"\n" + 101 * SIGNATURE,
        NOTE + b"\n" + 200_000 * SIGNATURE,
        NOTE + (1 << 20) * b"x" + b"\n\n" + SIGNATURE,
        NOTE + b"\x1b[8m\n\n" + SIGNATURE,
        NOTE + b"\r\n\n" + SIGNATURE,
        NOTE + b"\n" + SIGNATURE[:-1],
        NOTE + b"\n" + SIGNATURE.replace(b" x ", b" x  "),
        NOTE + b"\n\xe2\x80\x94 x\n",
        NOTE + b"\n" + SIGNATURE + "\u2014 w AAAAAA==\n".encode(),
        NOTE + b"\n" + SIGNATURE + SIGNATURE.replace(b" x ", b" x+y "),
        NOTE + b"\n" + SIGNATURE + SIGNATURE.replace(b" x ", " x\u00a0y ".encode()),
        NOTE + b"\n",
    ):
        with pytest.raises(ValueError):
            verify_bundle.note_of(note)
    assert time.perf_counter() - begun < 2


def test_the_verifier_is_one_short_file_that_needs_nothing_but_python_3_9() -> None:
    source = Path(verify_bundle.__file__).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= {"__future__", "argparse", "json", "re", "sys", "zipfile", "base64", "dataclasses", "hashlib",
                       "pathlib", "typing", "datetime", "itertools"}  # fmt: skip
    assert len(source.splitlines()) < 530
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))
