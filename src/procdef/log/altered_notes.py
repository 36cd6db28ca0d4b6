"""Notes that programs altered on their way: mail, editors and git change line ends, encodings and the last line.

None of that is what a signature is over, so the note as it was signed can be had again. It is told all the same: whoever
compares files byte by byte, or has a timestamp over them, needs to know.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

from procdef.errors import NoteInvalid
from procdef.log.checkpoint import HeldNote
from procdef.log.signed_note import LONGEST, parse_note

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def held_note(name: str, given: bytes) -> HeldNote:
    """The note in these bytes, which messages call by that name, as it was signed."""
    return HeldNote(name, *restored(given))


def restored(given: bytes) -> tuple[bytes, str]:
    """The note as it was signed, and what was changed in it since (nothing: ""). What is no note even so stays as it is."""
    made, changes = given, []
    if _is_note(given) or len(given) > 2 * LONGEST:
        return given, ""
    for undo in _UNDO:
        made, change = undo(made)
        if change:
            changes.append(change)
            if _is_note(made):
                return made, " and ".join(changes)
    return given, ""


def _is_note(given: bytes) -> bool:
    try:
        parse_note(given)
    except NoteInvalid:
        return False
    return not given.startswith(codecs.BOM_UTF8)  # a signed note may, but no checkpoint of a log does


def _without_utf16(given: bytes) -> tuple[bytes, str]:
    encoding = _UTF16.get(given[:2])
    try:
        return (given[2:].decode(encoding).encode(), "it was written anew in UTF-16") if encoding else (given, "")
    except UnicodeError:
        return given, ""


def _without_mark(given: bytes) -> tuple[bytes, str]:
    made = given.removeprefix(codecs.BOM_UTF8)
    return made, "a byte order mark was put in front" if made != given else ""


def _with_plain_newlines(given: bytes) -> tuple[bytes, str]:
    made = given.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return made, "its line ends were changed to those of another system" if made != given else ""


def _with_one_last_newline(given: bytes) -> tuple[bytes, str]:
    made = given.rstrip(b" \t\n") + b"\n"
    return made, "what stands after its last line was changed" if made != given else ""


_UNDO: tuple[Callable[[bytes], tuple[bytes, str]], ...] = (
    _without_utf16, _without_mark, _with_plain_newlines, _with_one_last_newline,
)  # fmt: skip
