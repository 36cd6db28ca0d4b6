"""A command that takes one kind of file, and is given another, says what it is and names the command for it."""

from __future__ import annotations

from pathlib import Path

import click

from procdef.language.file_kinds import FileKind


def refuse_other_kind(source: Path | bytes, file: str, taken: FileKind | None) -> None:
    """Raises ``click.UsageError`` for a file of another kind than the one ``taken``, or of any where that is None; ``file`` is
    how it was named."""
    from procdef.language.file_kinds import kind_of
    from procdef.language.yaml.file_bytes import file_bytes

    held = file_bytes(source) if isinstance(source, Path) else source
    kind = kind_of(held) if isinstance(held, bytes) else None
    if kind is not None and kind is not taken:
        raise click.UsageError(f"{file} is {kind.use(file)}")
