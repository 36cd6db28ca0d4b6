"""Where the files that ship with procdef lie: process definitions, the demonstration deals, the schema, tables and texts.

They are in folders, or in an archive that Python imports procdef from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PACKAGE = Path(__file__).parent
_YAML = ".yaml"
SCENARIOS = ".test.yaml"
"""How the name of a file of scenarios ends that lies beside a process of that name."""


@cache
def _package() -> Traversable:
    if _PACKAGE.is_dir():
        return _PACKAGE
    from importlib.resources import files

    return files("procdef")


def packaged(*parts: str) -> Traversable:
    """The file or folder at this place within the package."""
    found = _package()
    for part in parts:
        found = found / part
    return found


def shipped(folder: str) -> Traversable:
    """The folder ``processes`` or ``schemas``: inside the installed package, or at the top of a source checkout."""
    inside = packaged(folder)
    return inside if inside.is_dir() or not _PACKAGE.is_dir() else _PACKAGE.parents[1] / folder


def shipped_processes() -> dict[str, Traversable]:
    """The files of the processes that ship with procdef, by their ids."""
    return {name: file for name, file in _ending(_YAML).items() if "." not in name}  # of others the name says what they are


def shipped_scenarios() -> dict[str, Traversable]:
    """The files of scenarios that ship with procdef, by the ids of the processes that they test."""
    return _ending(SCENARIOS)


def _ending(end: str) -> dict[str, Traversable]:
    files = {file.name: file for file in shipped("processes").iterdir() if file.name.endswith(end)}
    return {name.removesuffix(end): files[name] for name in sorted(files)}
