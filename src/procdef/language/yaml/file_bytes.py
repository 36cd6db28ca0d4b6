"""The bytes of a file that is to be read, or why there are none."""

from __future__ import annotations

from pathlib import Path

from procdef.diagnostics import Finding
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reader import LARGEST
from procdef.language.yaml.reading_faults import reading_fault
from procdef.log.endless_files import is_endless
from procdef.open_databases import is_held


def file_bytes(path: Path | str) -> bytes | Finding:
    """The bytes of a file, one more than may be read where it is too large; a finding where it cannot be read."""
    try:
        if is_held(path):
            raise ValueError("it is a database in use")
        if is_endless(Path(path)):
            raise ValueError("it is a pipe or a device, which may never end")
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)  # one more tells that it is too large; a device may never end
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        sentence = "the file cannot be read: {reason}"
        return reading_fault("unreadable", Stretch(0, 0), sentence, str(path), "file", reason=reason)
