"""What a file of scenarios says, once it is read and free of errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procdef.calendar import Duration
from procdef.commands import Actor
from procdef.diagnostics import Diagnostic
from procdef.model import ProcessDefinition

ANY = "any"
"""What a step is expected to be refused for where that does not matter."""


@dataclass(frozen=True, slots=True)
class ExpectedRefusal:
    """Something that is to stand in a step's way: ``id`` is the whole id or its last part, ``code`` None where any will do."""

    id: str
    code: str | None = None

    def __str__(self) -> str:
        return f"{self.id}: {self.code}" if self.code else self.id


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One step, from 1. ``at`` and ``after`` move the clock before it; ``given`` are the arguments of ``verb`` as the engine
    takes them. ``refused`` is empty where the step is to be applied. ``then`` is how ``deal`` is to stand afterwards, as it is
    written, and ``lines`` where that stands, by key."""

    number: int
    line: int
    deal: str
    at: datetime | None = None
    after: Duration | None = None
    verb: str | None = None
    by: Actor | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[ExpectedRefusal, ...] | str = ()
    then: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line of one of its keys, or its own."""
        return self.lines.get(key) or self.line


@dataclass(frozen=True, slots=True)
class Scenario:
    """``begins`` is when it begins; the clock stands still until a step moves it."""

    id: str
    title: str
    begins: datetime
    steps: tuple[ScenarioStep, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """``process`` is the path of the process and ``definition`` what it says, where that can be read; ``scenarios`` are there
    only while there is no error among the ``findings``. ``text`` is the file's own."""

    name: str
    process: str
    definition: ProcessDefinition | None
    scenarios: tuple[Scenario, ...]
    findings: tuple[Diagnostic, ...]
    text: str = ""
