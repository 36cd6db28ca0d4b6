"""A command that takes one kind of file, and is given another, says what it is and names the command for it."""

from __future__ import annotations

from pathlib import Path

import click

from procdef.language.file_kinds import FileKind


def refuse_other_kind(source: Path | bytes, file: str, taken: FileKind | None) -> None:
    """Raises ``click.UsageError`` for a file of another kind than the one ``taken``, or of any where that is None; ``file`` is
    how it was named."""
    from procdef.language.file_kinds import kind_of
    from procdef.language.yaml_files import kind_of_file

    kind = kind_of_file(source) if isinstance(source, Path) else kind_of(source)
    if kind is not None and kind is not taken:
        raise click.UsageError(f"{file} is {kind.use(file)}")
