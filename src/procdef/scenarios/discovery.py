"""Where scenarios are: files of their own, in folders, or beside the process that they test."""

from __future__ import annotations

from pathlib import Path

from procdef.language.file_kinds import SCENARIOS
from procdef.language.yaml_files import kind_of_file, yaml_files_below, yaml_files_in
from procdef.scenarios.reading import process_named


def inside(folder: Path) -> list[Path]:
    """The files of scenarios below a folder, in order. Raises ``OSError`` where a folder cannot be read."""
    return [path for path in yaml_files_below(folder) if kind_of_file(path) is SCENARIOS]


def beside(process: Path) -> list[Path]:
    """The files of scenarios in the folder of a process that test it, in order."""
    there = yaml_files_in(process.parent)
    return [path for path in there if kind_of_file(path) is SCENARIOS and process_named(path) == process.resolve()]
