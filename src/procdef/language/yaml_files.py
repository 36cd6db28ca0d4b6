"""The YAML files of a folder, and of which kind a file is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from procdef.language.file_kinds import FileKind, kind_of
from procdef.language.yaml.file_bytes import file_bytes

_ENDINGS = (".yaml", ".yml")


def kind_of_file(path: Path) -> FileKind | None:
    """The kind of a file, as ``kind_of`` tells it; None also of one that cannot be read."""
    source = file_bytes(path)
    return kind_of(source) if isinstance(source, bytes) else None


def yaml_files_in(folder: Path) -> list[Path]:
    """Those that lie in a folder itself, in order. Raises ``OSError`` where it cannot be read."""
    return sorted(path for path in folder.iterdir() if _is_yaml(path))


def yaml_files_below(folder: Path) -> list[Path]:
    """Those in a folder and in the folders below it, in order; links to folders are not followed, so that a walk ends. Raises
    ``OSError`` where one cannot be read."""
    return sorted(_walked(folder))


def _walked(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder, onerror=_raised):
        yield from (path for path in (Path(place, name) for name in names) if _is_yaml(path))


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS and path.is_file()


def _raised(error: OSError) -> NoReturn:
    raise error
