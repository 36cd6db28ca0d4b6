"""Scenarios: what a process is expected to do with a deal, played by the engine itself, and what of the process that tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procdef.scenarios.results import PlayedFile


def play_file(path: str | Path, language: str | None = None) -> PlayedFile:
    """Play a file of scenarios, each in a log of its own in memory, on the process that the file names. Refusals are told in
    ``language`` where the process is translated.

    Raises ``DefinitionInvalid`` with all findings where the file, or its process, has errors or cannot be read. A scenario that
    does not go as expected raises nothing: its outcome says what was found instead.
    """
    from procdef.scenarios import suite  # `procdef check` looks for scenarios too, and need not load an engine

    return suite.play_file(path, language)
