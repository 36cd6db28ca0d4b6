"""Signed notes and checkpoints, against what others have published: the notes of Go's module mirror and of its library."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procdef import NoteInvalid
from procdef.log.checkpoint import Checkpoint, parse_checkpoint, read_checkpoint
from procdef.log.signed_note import LONGEST, Signer, Verifier, opened, parse_note, signed

# golang.org/x/mod/sumdb/note
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
WRONG_LENGTH = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="
OTHER_KIND = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

# c2sp.org/signed-note and c2sp.org/tlog-checkpoint
POEM = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
SOFA = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""

# sum.golang.org
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_NOTES = {
    65209736: """go.sum database tree
65209736
5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=

— sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=
""",
    31700353: """go.sum database tree
31700353
qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

— sum.golang.org Az3grnmrIUEDFqHzAElIQCPNoRFRAAdFo47fooyWKMHb89k11GJh5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=
""",
}


def names(note: str, *keys: str) -> list[str]:
    return [each.name for each in opened(note, map(Verifier.parse, keys)).signatures]


def test_keys_are_read_and_written_as_published() -> None:
    signer = Signer.parse(PETER_SECRET)
    assert (signer.secret(), str(signer.verifier)) == (PETER_SECRET, PETER)
    assert [str(Verifier.parse(key)) for key in (PETER, ENOCH, GO)] == [PETER, ENOCH, GO]


def test_a_private_key_shows_itself_nowhere() -> None:
    shown = repr(Signer.parse(PETER_SECRET))
    assert PETER_SECRET[-40:] not in shown
    assert "seed" not in shown


def test_a_text_is_signed_to_the_published_bytes() -> None:
    assert str(signed(TEXT, Signer.parse(PETER_SECRET))) == f"{TEXT}\n{BY_PETER}"


@pytest.mark.parametrize("size", GO_NOTES)
def test_a_published_checkpoint_is_signed_by_its_published_key(size: int) -> None:
    assert names(GO_NOTES[size], GO) == ["sum.golang.org"]
    checkpoint = read_checkpoint(GO_NOTES[size])[0]
    assert (checkpoint.origin, checkpoint.size, checkpoint.extensions) == ("go.sum database tree", size, ())


@pytest.mark.parametrize("note", [POEM, SOFA, *GO_NOTES.values()])
def test_a_published_note_is_read_and_written_alike(note: str) -> None:
    assert str(parse_note(note)) == str(parse_note(note.encode())) == note


def test_a_checkpoint_is_read_and_written_alike() -> None:
    checkpoint, note = read_checkpoint(SOFA)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text == note.text
    extended = checkpoint._replace(extensions=("one", "and two"))
    assert parse_checkpoint(extended.text) == extended


@pytest.mark.parametrize(
    ("expected", "lines", "keys"),
    [
        (["PeterNeumann"], [BY_PETER, BY_ENOCH], [PETER]),
        (["PeterNeumann", "EnochRoot"], [BY_PETER, BY_ENOCH], [PETER, ENOCH]),
        (["PeterNeumann"], [BY_PETER, BY_PETER, BY_ENOCH, BY_ENOCH, BY_ENOCH.replace("5n2t", "5nABCD2t")], [PETER]),
    ],
)
def test_signatures_by_unknown_keys_are_passed_over(expected: list[str], lines: list[str], keys: list[str]) -> None:
    assert expected == names(f"{TEXT}\n{''.join(lines)}", *keys)


@pytest.mark.parametrize(
    ("expected", "note", "keys"),
    [
        ("no signature by a key that is known", f"{TEXT}\n{BY_PETER}{BY_ENOCH}", []),
        ("no signature by a key that is known", f"{TEXT}\n{BY_PETER}", [PETER.replace("Peter", "Pet")]),
        ("not over this text", f"{TEXT}\n{BY_ENOCH}{BY_PETER[:60]}ABCD{BY_PETER[60:]}", [PETER, ENOCH]),
        ("not over this text", f"{TEXT}more\n\n{BY_PETER}", [PETER]),
        ("at most 100 signatures", f"{TEXT}\n{BY_PETER * 101}", [PETER]),
    ],
)
def test_a_note_that_nobody_known_vouches_for_is_refused(expected: str, note: str, keys: list[str]) -> None:
    with pytest.raises(NoteInvalid, match=expected):
        opened(note, [key for key in map(_leniently, keys) if key])


def _leniently(text: str) -> Verifier | None:
    try:
        return Verifier.parse(text)
    except NoteInvalid:
        return None


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{BY_PETER[:-1]}",
        f"\x01{TEXT}\n{BY_PETER}",
        f"{TEXT}\r\n{BY_PETER}",
        f"\udcff{TEXT}\n{BY_PETER}",
        f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'Bad Name')}",
        f"{TEXT}\n{BY_PETER.replace('PeterNeumann', 'a+b')}",
        f"{TEXT}\n{BY_PETER.replace('PeterNeumann', '')}",
        f"{TEXT}\n{BY_PETER}Unexpected line.\n",
        f"{TEXT}\n{BY_PETER.replace('—', '-')}",
        f"{TEXT}\n{BY_PETER.replace('=', '')}",
        f"{TEXT}\n— PeterNeumann AAAA\n",
        f"{TEXT}\n— PeterNeumann x08go1==\n",
        "x" * LONGEST + f"{TEXT}\n{BY_PETER}",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_note(note)


def test_bytes_that_are_no_text_are_no_note() -> None:
    with pytest.raises(NoteInvalid, match="UTF-8"):
        parse_note(b"\xff" + f"{TEXT}\n{BY_PETER}".encode())


@pytest.mark.parametrize("text", ["abc", "a\x00\n", "", "\udcff\n"])
def test_what_no_note_can_have_is_not_signed(text: str) -> None:
    with pytest.raises(NoteInvalid):
        signed(text, Signer.parse(PETER_SECRET))


@pytest.mark.parametrize(("parse", "key"), [(Verifier.parse, PETER), (Signer.parse, PETER_SECRET)])
def test_a_mangled_key_is_refused(parse: type, key: str) -> None:
    parts = [key[i:j] for i in range(len(key)) for j in range(i + 1, len(key) + 1) if j - i < len(key)]
    changed = [key[:i] + chr(ord(key[i]) + 1) + key[i + 1 :] for i in range(len(key))]
    for mangled in (*parts[:: 7 if parse is Signer.parse else 1], *changed, "", key + "=", key.upper()):
        with pytest.raises(NoteInvalid):
            parse(mangled)


@pytest.mark.parametrize("key", [WRONG_LENGTH, OTHER_KIND])
def test_a_key_of_another_kind_is_refused(key: str) -> None:
    with pytest.raises(NoteInvalid, match=r"Ed25519|base64"):
        Verifier.parse(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n1\nAAAA\n",
        f"\n1\n{'A' * 43}=\n",
        f"a\n01\n{'A' * 43}=\n",
        f"a\n-1\n{'A' * 43}=\n",
        f"a\n1_0\n{'A' * 43}=\n",
        f"a\n٣\n{'A' * 43}=\n",
        f"a\n{2**63}\n{'A' * 43}=\n",
        f"a\n{'9' * 5000}\n{'A' * 43}=\n",
        f"a\n1\n{'A' * 42}B=\n",
        f"a\n1\n{'A' * 43}=",
        f"a\n1\n{'A' * 43}=\n\n",
        f"a\n1\n{'A' * 43}=\n\nb\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_checkpoint(text)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_are_a_note_or_one_error(given: bytes | str) -> None:
    for read in (parse_note, read_checkpoint):
        try:
            read(given)
        except NoteInvalid:
            continue
        assert b"\n\n" in (given if isinstance(given, bytes) else given.encode())


@given(st.integers(0, len(SOFA.encode()) - 1), st.integers(0, 255))
def test_a_changed_byte_is_another_note_or_one_error(place: int, byte: int) -> None:
    changed = SOFA.encode()[:place] + bytes([byte]) + SOFA.encode()[place + 1 :]
    with suppress(NoteInvalid):
        assert str(parse_note(changed)).encode() == changed


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_opens_to_itself(size: int, root: bytes) -> None:
    signer = Signer.parse(PETER_SECRET)
    checkpoint = Checkpoint("procdef.log/0", size, root)
    assert parse_checkpoint(opened(str(signed(checkpoint.text, signer)), [signer.verifier]).text) == checkpoint
