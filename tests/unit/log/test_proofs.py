"""Proofs hold for what they are of, and for nothing else."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procdef import NoteInvalid
from procdef.log.chain import event_hash
from procdef.log.checkpoint import Checkpoint
from procdef.log.merkle import Frontier, Perfect, root_at
from procdef.log.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from procdef.log.signed_note import Signer, signed
from procdef.log.subtrees import subtrees

SIGNER = Signer("procdef.log/0", bytes(32))
KEYS = [SIGNER.verifier]
GROWN = Frontier()
BODIES = [b'{"n":%d}' % n for n in range(300)]
LEAVES = [bytes.fromhex(event_hash(body)) for body in BODIES]
KEPT = [node.hash for leaf in LEAVES for node in GROWN.add(leaf)]


def tree() -> Perfect:
    return subtrees(lambda first, end: LEAVES[first:end], lambda _level, first, end: KEPT[first:end])


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(SIGNER.name, size, root_at(size, tree()))


def note(size: int) -> str:
    return str(signed(checkpoint(size).text, SIGNER))


@given(st.data())
def test_an_event_is_shown_to_be_in_the_log(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    shown = check_inclusion(inclusion_proof(BODIES[index], index, note(size), tree()), KEYS)
    assert shown == (BODIES[index], index, checkpoint(size))


@given(st.data())
def test_a_log_is_shown_to_begin_with_an_earlier_one(data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(LEAVES)))
    old = data.draw(st.integers(0, size))
    assert check_consistency(consistency_proof(old, note(size), tree()), checkpoint(old), KEYS) == checkpoint(size)


def test_a_proof_has_the_published_form() -> None:
    lines = inclusion_proof(BODIES[2], 2, note(4), tree()).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", f"extra {b64encode(BODIES[2]).decode()}", "index 2"]
    assert lines[3] == b64encode(LEAVES[3]).decode()
    assert (lines[5], "\n".join(lines[6:])) == ("", note(4))
    assert consistency_proof(0, note(4), tree()) == f"old 0\n\n{note(4)}"


INCLUSION = inclusion_proof(BODIES[5], 5, note(7), tree())
CONSISTENCY = consistency_proof(5, note(7), tree())


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "\n\n",
        note(7),
        INCLUSION.replace("@v1", "@v2"),
        INCLUSION.replace("index 5", "index 4"),
        INCLUSION.replace("index 5", "index 05"),
        INCLUSION.replace("index 5", "index 7"),
        INCLUSION.replace("index 5", "index -5"),
        INCLUSION.replace("index 5\n", ""),
        INCLUSION.replace("extra ", ""),
        INCLUSION.replace(b64encode(BODIES[5]).decode(), b64encode(BODIES[4]).decode()),
        INCLUSION.replace(b64encode(LEAVES[4]).decode(), b64encode(LEAVES[5]).decode()),
        INCLUSION.replace(b64encode(LEAVES[4]).decode() + "\n", ""),
        INCLUSION.replace("index 5\n", "index 5\n" + (b64encode(LEAVES[4]).decode() + "\n") * 64),
        INCLUSION.partition("\n\n")[0] + "\n\n" + note(6),
        INCLUSION.partition("\n\n")[0]
        + "\n\n"
        + str(signed(checkpoint(7).text, replace(SIGNER, seed=bytes([1] * 32)))),
        INCLUSION.partition("\n\n")[0] + "\n\n" + str(signed(BODIES[0].decode() + "\n", SIGNER)),
        "\udcff" + INCLUSION,
    ],
)
def test_what_shows_no_event_in_the_log_is_refused(proof: str) -> None:
    with pytest.raises(NoteInvalid):
        check_inclusion(proof, KEYS)


@pytest.mark.parametrize(
    ("proof", "old"),
    [
        (CONSISTENCY, checkpoint(4)),
        (CONSISTENCY, checkpoint(5)._replace(root=bytes(32))),
        (CONSISTENCY, checkpoint(5)._replace(origin="procdef.log/1")),
        (CONSISTENCY.replace("old 5", "old 05"), checkpoint(5)),
        (CONSISTENCY.replace("old 5", "size 5"), checkpoint(5)),
        (f"old 5\n\n{note(7)}", checkpoint(5)),
        (f"old 7\n\n{note(7)}", checkpoint(7)._replace(root=bytes(32))),
        (CONSISTENCY.partition("\n\n")[0] + "\n\n" + note(6), checkpoint(5)),
    ],
)
def test_what_shows_no_earlier_log_is_refused(proof: str, old: Checkpoint) -> None:
    assert check_consistency(CONSISTENCY, checkpoint(5), KEYS) == checkpoint(7)
    with pytest.raises(NoteInvalid):
        check_consistency(proof, old, KEYS)


def test_what_cannot_be_shown_is_not_written() -> None:
    with pytest.raises(NoteInvalid, match="comes after"):
        inclusion_proof(BODIES[7], 7, note(7), tree())
    with pytest.raises(NoteInvalid, match="never had"):
        consistency_proof(8, note(7), tree())


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_one_error(proof: bytes) -> None:
    for each in (proof, b"c2sp.org/tlog-proof@v1\n" + proof, b"old 5\n" + proof):
        with pytest.raises(NoteInvalid):
            check_inclusion(each, KEYS)
        with pytest.raises(NoteInvalid):
            check_consistency(each, checkpoint(5), KEYS)
