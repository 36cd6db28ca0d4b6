"""What a file of scenarios says, once it is read and free of errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procdef.calendar import Duration
from procdef.commands import Actor
from procdef.diagnostics import Diagnostic
from procdef.directory import Directory
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
    written. ``place`` tells the line of its keys, which is asked of those only that are not as expected."""

    number: int
    place: Callable[..., int] = field(repr=False, compare=False)
    deal: str
    at: datetime | None = None
    after: Duration | None = None
    verb: str | None = None
    by: Actor | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[ExpectedRefusal, ...] | str = ()
    then: Mapping[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """Where it stands; 0 where it comes from no file."""
        return self.place()

    def line_of(self, key: str) -> int:
        """The line of one of its keys, as ``then.stage``, or of what is nearest above that."""
        return self.place(*key.split("."))


@dataclass(frozen=True, slots=True)
class Scenario:
    """``begins`` is when it begins; the clock stands still until a step moves it. ``directory`` says who has which roles, where
    the steps do not."""

    id: str
    title: str
    begins: datetime
    steps: tuple[ScenarioStep, ...]
    line: int = 0
    directory: Directory | None = None


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """``process`` is the path of the process and ``definition`` what it says, where that can be read; ``scenarios`` and
    ``people``, with their roles, are there only while there is no error among the ``findings``; roles out of a ``directory``
    are those of the day on which the first scenario begins. ``text`` is the file's own."""

    name: str
    process: str
    definition: ProcessDefinition | None
    scenarios: tuple[Scenario, ...]
    findings: tuple[Diagnostic, ...]
    text: str = ""
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    directory: Directory | None = None
