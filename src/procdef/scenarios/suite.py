"""Many files of scenarios: each process is read once, and what they tried of it is told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from procdef.engine.arguments import language_code
from procdef.errors import DefinitionInvalid, InvalidArgument
from procdef.model import ProcessDefinition
from procdef.scenarios.coverage import Coverage
from procdef.scenarios.model import ScenarioFile
from procdef.scenarios.play import Player
from procdef.scenarios.reading import Processes, read_scenarios
from procdef.scenarios.results import Outcome, PlayedFile

Source = tuple[str, Path | bytes]
"""A file of scenarios by the name that messages have for it: its path, or its bytes."""


@dataclass(slots=True)
class Suite:
    """Plays files of scenarios. ``played`` counts the scenarios so far, and ``failed`` those that did not go as expected;
    ``faulty`` counts the files that could not be played."""

    language: str | None = None
    played: int = 0
    failed: int = 0
    faulty: int = 0
    _processes: Processes = field(default_factory=Processes)
    _players: dict[str, Player] = field(default_factory=dict)

    def read(self, source: Source) -> ScenarioFile:
        """A file of scenarios."""
        name, given = source
        return read_scenarios(given, name, processes=self._processes)

    def play(self, file: ScenarioFile) -> list[Outcome]:
        """Play a file, one scenario after the other; a file with errors is not played."""
        if file.definition is None or not file.scenarios:
            self.faulty += 1
            return []
        player = self.player(file.definition)
        found = []
        for scenario in file.scenarios:
            outcome = player.play(scenario, file.name)
            self.played += 1
            self.failed += not outcome.passed
            found.append(outcome)
        return found

    def player(self, definition: ProcessDefinition) -> Player:
        """Who plays the scenarios of a process."""
        if definition.sha256 not in self._players:
            self._players[definition.sha256] = Player(definition, self.language)
        return self._players[definition.sha256]

    @property
    def coverage(self) -> list[Coverage]:
        """What was tried of each process, in the order in which they were met."""
        return [player.coverage for player in self._players.values()]


def play_file(path: str | Path, language: str | None = None) -> PlayedFile:
    """Play a file of scenarios, see ``procdef.scenarios.play_file``."""
    if not isinstance(path, str | Path):
        raise InvalidArgument("a file of scenarios is named by its path, a text or a Path", "path")
    suite = Suite(language_code(language))
    file = suite.read((str(path), Path(path)))
    if any(finding.severity == "error" for finding in file.findings):
        raise DefinitionInvalid(file.findings)
    outcomes = tuple(suite.play(file))
    (coverage,) = suite.coverage
    return PlayedFile(file.name, outcomes, coverage.percent, tuple(map(str, coverage.missing)))


def coverage_of(definition: ProcessDefinition, files: Iterable[Path]) -> Coverage:
    """What the scenarios in these files try of a process, as it is; those that fail count up to where they do."""
    player = Player(definition)
    for path in files:
        for scenario in read_scenarios(path, process=definition).scenarios:
            player.play(scenario)
    return player.coverage
