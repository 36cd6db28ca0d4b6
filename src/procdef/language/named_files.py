"""Files that another file names, as scenarios name a process and a directory of people, and assumptions a process.

Whoever wrote the file that names them need not be who may read them: scenarios of strangers are played on servers that hold
secrets. So of a file that does not declare to be of the kind that is asked for, nothing is told but that, and no word of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from procdef.diagnostics import Diagnostic, Finding, Place, message_of, nearest
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


def unusable(code: str, key: str, path: Path, written: str, sentence: str, **details: str) -> Finding:
    """The finding on a file that another one names as ``written`` behind a key, with the name beside it that may be meant.

    ``sentence`` has blanks for it (``subject``), for ``details`` and for the ``hint``.
    """
    lost = not path.exists() and path.parent.is_dir()
    found = nearest(path.name, [one.name for one in path.parent.glob("*.y*ml")]) if lost else None
    near = None if found is None else written.removesuffix(path.name) + found
    return Finding(
        code,
        Place((key,)),
        sentence,
        fix=near,
        subject=written,
        kind="file",
        candidates=(near,) if near else (),
        details=details,
    )


def told_errors(errors: Sequence[Diagnostic]) -> str:
    """How many errors a file has, and the first of them."""
    count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    return f"has {count}, the first in line {errors[0].span.line}: {errors[0].message}"
