"""A file that is no plain text is told to be what it is, in one finding at its beginning."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language.check import check_source

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_bytes()
KINDS = [
    (b"{\\rtf1\\ansi\n" + SOUND + b"}", "this is formatted text (RTF)"),
    (b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), "this is a document of Word, Excel or another office program"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "this is a PDF"),
    (b"<!DOCTYPE html>\n<html></html>", "this is a web page"),
    (SOUND.decode().encode("utf-16"), "this is text in UTF-16"),
    (SOUND.decode().encode("utf-16-le"), "this is text in UTF-16"),
]


@pytest.mark.parametrize(("source", "said"), KINDS)
def test_a_file_of_another_kind_is_told_once_at_its_beginning(source: bytes, said: str) -> None:
    (found,) = check_source(source, "mine.yaml")
    assert (found.code, found.span.line, found.span.column) == ("encoding", 1, 1)
    assert found.message.startswith(said)


@pytest.mark.parametrize("source", [SOUND, b"\xef\xbb\xbf" + SOUND, SOUND.replace(b"\n", b"\r\n")])
def test_a_text_is_read(source: bytes) -> None:
    assert check_source(source, "mine.yaml") == []
