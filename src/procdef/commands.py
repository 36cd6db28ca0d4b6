"""What people ask for: one frozen dataclass per command, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

AUTH = ("claimed", "os", "app", "token", "signed")
"""How sure it is who someone is, weakest first."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step. ``auth`` tells how they were authenticated, ``source`` where the roles come from.

    ``behalf`` is the person it is done for: rules look at that person where there is one.
    """

    id: str
    roles: frozenset[str] = frozenset()
    auth: Literal["claimed", "os", "app", "token", "signed"] = "app"
    source: str | None = None
    behalf: Actor | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(self.roles))

    @property
    def person(self) -> Actor:
        """The one that the rules look at."""
        return self.behalf or self

    def logged(self) -> dict[str, Any]:
        """As the log writes it (without ``behalf``, which stands beside it)."""
        shown: dict[str, Any] = {"id": self.id, "auth": self.auth}
        if self.roles:
            shown["roles"] = sorted(self.roles)
        if self.source is not None:
            shown["from"] = self.source
        return shown


@dataclass(frozen=True, slots=True)
class Start:
    process: str
    stage: str | None = None
    origin: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """Set values; with ``correct`` past the gate, for typing errors."""

    values: Mapping[str, object]
    correct: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Do:
    action: str
    values: Mapping[str, object] = field(default_factory=dict)
    way: str | None = None
    evidence: str | None = None
    note: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    to: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Back:
    to: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    criterion: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Lose:
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    pass


@dataclass(frozen=True, slots=True)
class Assign:
    person: str


@dataclass(frozen=True, slots=True)
class Note:
    note: str
    kind: str | None = None
    objection: str | None = None


Command = Start | Record | Do | Advance | Back | Waive | Lose | Reopen | Finish | Assign | Note

VERBS: Mapping[type[Command], str] = {
    Start: "start",
    Record: "record",
    Do: "do",
    Advance: "advance",
    Back: "back",
    Waive: "waive",
    Lose: "lose",
    Reopen: "reopen",
    Finish: "finish",
    Assign: "assign",
    Note: "note",
}
