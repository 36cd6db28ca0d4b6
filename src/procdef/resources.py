"""Where the files that ship with procdef lie: process definitions, the demonstration deals, the schema."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The folder ``processes`` or ``schemas``: inside the installed package, or at the top of a source checkout."""
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parents[1] / folder


def shipped_processes() -> dict[str, Path]:
    """The files of the processes that ship with procdef, by their ids."""
    return {path.stem: path for path in sorted(shipped("processes").glob("*.yaml"))}
