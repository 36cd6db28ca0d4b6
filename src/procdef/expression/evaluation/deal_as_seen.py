"""What an expression sees of a deal at one moment."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from procdef.expression.types import Value

Truth = bool | None
"""``None`` is unknown."""


class Reasons(Protocol):
    """Why things are as they are, for those of which there is something to say."""

    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> str: ...


class Seen(Protocol):
    """What an expression sees of a deal at one moment: set values, actions done (``stage.action``), the time (UTC) and the
    date in the process's time zone, the age of the deal and of its stay in the stage.

    ``unsure`` are actions of which it is not known whether they are done, each with why; ``supposed`` are scores that are taken
    for these numbers, instead of being added up."""

    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def done(self) -> Container[str]: ...
    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def age(self) -> timedelta: ...
    @property
    def stage_age(self) -> timedelta: ...
    @property
    def idle(self) -> timedelta: ...
    @property
    def contact_age(self) -> timedelta: ...
    @property
    def unsure(self) -> Reasons: ...
    @property
    def supposed(self) -> Mapping[str, int]: ...


@dataclass(slots=True)
class Situation:
    """What an expression sees, given outright."""

    values: Mapping[str, Value]
    done: Container[str]
    now: datetime
    today: date
    age: timedelta
    stage_age: timedelta
    idle: timedelta = timedelta(0)
    contact_age: timedelta = timedelta(0)
    supposed: Mapping[str, int] = field(default_factory=dict)
    unsure: Reasons = field(default_factory=dict[str, str])


Row = Mapping[str, Any]
Closure = Callable[[Seen, Row], Any]
"""What a part of an expression comes to, on a deal and, inside of a list, a row of it."""

AGES: Mapping[str, Callable[[Seen], timedelta]] = {
    "deal.age": lambda s: s.age,
    "deal.stage_age": lambda s: s.stage_age,
    "deal.idle": lambda s: s.idle,
    "deal.contact_age": lambda s: s.contact_age,
}
"""The ages of a deal by their names."""
