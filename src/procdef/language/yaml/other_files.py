"""Files that are no plain text at all: what they are by their first bytes, and how to make a text of them."""

from __future__ import annotations

from procdef.diagnostics import Finding
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault

_KINDS = {
    b"{\\rtf": "formatted text (RTF)",
    b"PK\x03\x04": "a document of Word, Excel or another office program, or an archive",
    b"\xd0\xcf\x11\xe0": "a document of an older office program",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
}
_SENTENCE = "this is {what}, not plain text; save the process as plain text (UTF-8), with a name that ends in .yaml"
_WIDE = "this is text in UTF-16; save the file with the encoding UTF-8 (in Notepad: Save as)"


def other_file(source: bytes) -> Finding | None:
    """The finding on the bytes of a file that is no text in UTF-8, where its first bytes tell what it is."""
    what = next((kind for first, kind in _KINDS.items() if source.lstrip(b"\xef\xbb\xbf \r\n").startswith(first)), None)
    if what is not None:
        return reading_fault("encoding", Stretch(0, 0), _SENTENCE, kind="file", what=what)
    wide = source.startswith((b"\xff\xfe", b"\xfe\xff")) or (source[:64].count(0) > 8 and len(source) % 2 == 0)
    return reading_fault("encoding", Stretch(0, 0), _WIDE, kind="file") if wide else None
