"""Where scenarios are: files of their own, in folders, or beside the process that they test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from procdef.language import LARGEST
from procdef.log.endless_files import is_endless
from procdef.open_databases import is_held
from procdef.scenarios.declaration import declares_scenarios
from procdef.scenarios.reading import process_named

_ENDINGS = (".yaml", ".yml")


def has_scenarios(path: Path) -> bool:
    """Whether a file declares scenarios; one that cannot be read does not."""
    source = beginning(path)
    return source is not None and declares_scenarios(source)


def beginning(path: Path) -> bytes | None:
    """The bytes of a file as far as they are read at all; None where it cannot be."""
    try:
        if is_held(path) or is_endless(path):
            return None
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError):
        return None


def inside(folder: Path) -> list[Path]:
    """The files of scenarios below a folder, in order; links to folders are not followed, so that a walk ends. Raises
    ``OSError`` where a folder cannot be read."""
    return sorted(path for path in _below(folder) if has_scenarios(path))


def _below(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder, onerror=_raised):
        paths = (Path(place, name) for name in names)
        yield from (path for path in paths if path.suffix.lower() in _ENDINGS and path.is_file())


def _raised(error: OSError) -> None:
    raise error


def beside(process: Path) -> list[Path]:
    """The files of scenarios in the folder of a process that test it, in order."""
    there = (path for path in process.parent.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    return sorted(path for path in there if has_scenarios(path) and _tests(path, process))


def _tests(path: Path, process: Path) -> bool:
    named = process_named(beginning(path) or b"", str(path))
    return named is not None and named == process.resolve()
