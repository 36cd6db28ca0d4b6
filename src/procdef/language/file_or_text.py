"""What somebody hands over to be checked or loaded: a file, or the text of one."""

from __future__ import annotations

from pathlib import Path

from procdef.diagnostics import Diagnostic, Finding
from procdef.errors import InvalidArgument
from procdef.language.placing import placed
from procdef.language.yaml.file_bytes import file_bytes
from procdef.language.yaml.tree import SourceText


def file_or_text(given: Path | str) -> tuple[bytes, str] | Diagnostic:
    """The bytes to be checked and the name that stands in messages, or the finding on a file that cannot be read.

    A ``Path`` is always a file. A ``str`` is a file when it names one or ends in ``.yaml`` or ``.yml``; else, and always
    when it has a line break, it is text.
    """
    if not isinstance(given, str | Path):
        raise InvalidArgument("what is checked is a Path, the name of a file, or a text", "path_or_text")
    if isinstance(given, str) and _is_text(given):
        return given.encode("utf-8", "surrogatepass"), "<text>"
    source = file_bytes(given)
    if isinstance(source, Finding):
        return placed(SourceText.of(str(given), "").span_of, source)
    return source, str(given)


def _is_text(given: str) -> bool:
    """Whether this is the text of a file, and not the name of one."""
    if not given or any(sign in given for sign in "\n\r\0"):
        return True
    return not given.lower().endswith((".yaml", ".yml")) and not _is_there(given)


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # no file can have such a name: it is too long, or holds half a surrogate pair
        return False
