"""A note is read as it was signed, whatever mail, editors and git made of its file."""

from __future__ import annotations

import pytest

from procdef.log.altered_notes import restored
from procdef.log.checkpoint import Checkpoint
from procdef.log.signed_note import Signer, signed

SIGNER = Signer("procdef.log/0", bytes(32))
NOTE = str(signed(Checkpoint(SIGNER.name, 7, bytes(32)).text, SIGNER)).encode()
CRLF = NOTE.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("altered", "told"),
    [
        (NOTE, ""),
        (CRLF, "line ends"),
        (NOTE.replace(b"\n", b"\r"), "line ends"),
        (b"\xef\xbb\xbf" + NOTE, "byte order mark"),
        (b"\xef\xbb\xbf" + CRLF, "byte order mark was put in front and its line ends"),
        (CRLF.decode().encode("utf-16"), "UTF-16 and its line ends"),
        (b"\xfe\xff" + NOTE.decode().encode("utf-16-be"), "UTF-16"),
        (NOTE.rstrip(b"\n"), "after its last line"),
        (NOTE + b"\n\n", "after its last line"),
        (CRLF.rstrip(b"\r\n"), "line ends were changed to those of another system and what stands after its last line"),
    ],
)
def test_what_a_program_changed_is_undone_and_told(altered: bytes, told: str) -> None:
    note, change = restored(altered)
    assert note == NOTE
    assert told in change
    assert bool(change) is bool(told)


@pytest.mark.parametrize(
    "given", [b"", b"\xff\xfe", b"\xff\xfeA", b"\xef\xbb\xbf", NOTE[:-30], NOTE.replace(b"\n\n", b"\n"), b"\r" * 99]
)
def test_what_is_no_note_even_so_stays_as_it_is(given: bytes) -> None:
    assert restored(given) == (given, "")
