"""Files that another file names, as scenarios name a process and a directory of people, and assumptions a process.

Whoever wrote the file that names them need not be who may read them: scenarios of strangers are played on servers that hold
secrets. So of a file that does not declare to be of the kind that is asked for, nothing is told but that, and no word of it.
"""

from __future__ import annotations

from pathlib import Path

from procdef.diagnostics import Finding, message_of
from procdef.language.file_kinds import FileKind, declares
from procdef.language.yaml.file_bytes import file_bytes


def named_file(path: Path, kind: FileKind) -> bytes | str:
    """The bytes of a file that declares to be of this kind; else a sentence that says why it cannot be used."""
    source = file_bytes(path)
    if isinstance(source, Finding):
        return message_of(source)
    if not declares(source, kind):
        return f"it is not a {kind.content}: it does not begin with `{kind.begins}`"
    return source
