"""What a simulation assumes, complete: of every start stage, stage, action, field and role of one process.

A file says as much of it as its author knows; the rest comes from the process itself. Chances are from 0 to 1; lengths of time
are ``Span``\\ s. Only ``draw`` takes random numbers, from the ``random.Random`` that it is given.

How a deal lives by it: it comes in by ``arrivals``, and its values are drawn at once (``values.ValueSource``). In each stage
one thing is done after the other: the deal waits (``wait``: for the customer, for something to be ready), then somebody works
on it (``work``). When the last action is done it waits for the stage's ``wait`` and goes on. Of those that enter a stage
``lost`` are lost in it, when ``lost_after`` has passed since they came in, or else when they would go on; ``back`` go back
instead of on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from procdef.calendar import Ranges
from procdef.simulation.assumptions.distributions import Choice, Distribution


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in seconds: of working time in the process's calendar where ``business``, else of the clock."""

    seconds: float
    business: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """How long something takes: ``seconds`` are those of a ``Span``, of working time where ``business``."""

    seconds: Distribution
    business: bool = False

    def draw(self, random: Random) -> Span:
        """One length of time, never below 0."""
        return Span(max(0.0, self.seconds.draw(random)), self.business)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many deals start in a stage: ``per_month`` in each month, on average, or as many as ``months`` (1 to 12) says of one.

    ``weekdays`` are the shares of the days of a week, from Monday (0); where it is empty, they come in the working hours of the
    process's calendar, all of them as likely. Within a month each deal comes for itself (a Poisson process). ``knows`` are the
    fields that are filled in when one starts there.
    """

    per_month: float
    months: Mapping[int, float] = field(default_factory=dict)
    weekdays: Mapping[int, float] = field(default_factory=dict)
    knows: tuple[str, ...] = ()

    def in_month(self, month: int) -> float:
        """The expected number in a month (1 to 12)."""
        return self.months.get(month, self.per_month)


@dataclass(frozen=True, slots=True)
class ActionAssumptions:
    """Of an action: ``wait`` before somebody can begin, since what was before it in the stage; ``work`` is their own working
    time for it. ``ways`` are None where it has none. ``approved`` is the chance that a decision approves, and 1 of what decides
    nothing. ``done`` is how often it is done where it is optional, and 1 where it is required."""

    wait: Times
    work: Times
    ways: Choice | None = None
    approved: float = 1.0
    done: float = 1.0


@dataclass(frozen=True, slots=True)
class StageAssumptions:
    """Of a stage: ``wait`` after the last action, or since it was entered where it has none, before the deal goes on.

    ``lost`` is the chance that a deal which entered it is lost in it, for one of ``reasons``, ``lost_after`` it came in, or
    when it would go on where that is None. ``ways`` weigh the stages that it may go on to, None where it leads nowhere;
    ``back`` holds the chance of a return by the stage that it leads to, each time that it would go on. ``waived`` is, by the id
    of a criterion of the stage (either side), the chance that somebody waives it where it is not met; else the deal cannot go
    on by it. ``records`` are fields that are recorded there beside the actions, when the deal would go on. ``stalled`` is the
    chance that nobody carries the deal on: when it would go on or be lost it stays, open, for good; the other chances are those
    of the others.
    """

    wait: Times
    lost: float = 0.0
    reasons: Choice | None = None
    lost_after: Times | None = None
    ways: Choice | None = None
    back: Mapping[str, float] = field(default_factory=dict)
    waived: Mapping[str, float] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    stalled: float = 0.0


@dataclass(frozen=True, slots=True)
class Absence:
    """Days of each year, (month, day) both included, on which ``number`` of a role are away, or all where that is None.

    One that ends before it begins runs over the turn of the year.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    number: int | None = None

    def holds(self, month: int, day: int) -> bool:
        """Whether that day is one of them."""
        if self.first <= self.last:
            return self.first <= (month, day) <= self.last
        return (month, day) >= self.first or (month, day) <= self.last


@dataclass(frozen=True, slots=True)
class People:
    """Who has a role: so many people, who each have ``hours_a_day`` for the work of this process on a working day, None where
    they have all of it. ``hours`` are their working hours by weekday from Monday (0), None where they are the calendar's; its
    holidays and closed days are theirs in any case."""

    number: int
    hours_a_day: float | None = None
    hours: Mapping[int, Ranges] | None = None
    away: tuple[Absence, ...] = ()

    def there(self, month: int, day: int) -> int:
        """How many of them are not away on a day."""
        gone = (self.number if each.number is None else each.number for each in self.away if each.holds(month, day))
        return max(0, self.number - sum(gone))


@dataclass(frozen=True, slots=True)
class FieldValues:
    """What a field holds. ``source`` gives numbers, ids of options, switches and texts as they are; of a date or a time
    ``times`` gives how long after the moment at which it is recorded. ``{number}`` in a text is the number of the deal.

    ``empty`` is the chance that it is not filled in. ``each`` are the chances of the options of a choice of many, of
    which there is one at least, and ``rows``
    with ``columns`` how a list is filled.
    """

    source: Distribution | Choice | None = None
    times: Times | None = None
    empty: float = 0.0
    each: Mapping[str, float] = field(default_factory=dict)
    rows: Distribution | None = None
    columns: Mapping[str, FieldValues] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Together:
    """Values of real deals, drawn as a whole, so that what belongs together stays together. A cell that is None was not known,
    and is drawn for itself."""

    fields: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Everything that is assumed of one process. ``arrivals`` by start stage, ``values`` by field, ``actions`` by
    ``stage.action``, ``stages`` and ``people`` by id: each holds all that the process has."""

    process: str
    arrivals: Mapping[str, Arrivals]
    values: Mapping[str, FieldValues]
    actions: Mapping[str, ActionAssumptions]
    stages: Mapping[str, StageAssumptions]
    people: Mapping[str, People]
    together: Together | None = None
