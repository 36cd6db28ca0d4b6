"""What a process aims at, and when people work: the figures of the handbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import TYPE_CHECKING

from procdef.calendar import Calendar, Ranges
from procdef.model import Goal
from procdef.pages.passages import Passage
from procdef.pages.playbook.reading import Reading, Said

if TYPE_CHECKING:
    from markupsafe import Markup

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def aims(reading: Reading) -> list[tuple[Passage, Said]]:
    """The goals: what each is called, and how much it is."""
    return [(reading.words[goal.id], _amount(reading, goal)) for goal in reading.definition.goals.values()]


def _amount(reading: Reading, goal: Goal) -> Markup:
    from markupsafe import Markup, escape

    amount = reading.numbers.plain(goal.amount, 3)
    if goal.id in ("hit_rate", "win_rate"):
        return Markup("{} % {}").format(amount, reading.words[f"{goal.id}_means"])
    if goal.id == "won_value":
        amount = f"{amount} {reading.definition.currency}"
    return reading.words.say(f"per_{goal.per}", amount=amount) if goal.per else escape(amount)


def working_time(reading: Reading) -> Said | None:
    """The hours of the process's calendar, where the process has one and counts in working time."""
    from markupsafe import Markup

    definition, calendar = reading.definition, reading.definition.calendar
    stages, actions = definition.stages.values(), definition.actions.values()
    slas = [sla for sla in (*(stage.sla for stage in stages), *(action.sla for action in actions)) if sla]
    lengths = [each for sla in slas for each in (sla.within, sla.escalate_after, *sla.remind) if each]
    lengths += [action.valid_for for action in actions if action.valid_for]
    lengths += [lost.reopen.within] if (lost := definition.lost) and lost.reopen and lost.reopen.within else []
    by_day = calendar.hours_given and any(sla.until for sla in slas)
    if not calendar.given or not (by_day or any(length.business for length in lengths)):
        return None
    hours = Markup(", ").join(_spans(reading, calendar))
    said = reading.words.say("working_hours", hours=hours, zone=calendar.timezone)
    if calendar.country:
        country = "-".join(filter(None, (calendar.country, calendar.region)))
        said += Markup("; ") + reading.words.say("holidays", country=country)
    return said


def _spans(reading: Reading, calendar: Calendar) -> Iterator[Markup]:
    """Days in a row with the same hours together: ``Mon–Fri 09:00–17:00``."""
    from markupsafe import Markup

    runs: list[tuple[int, int, Ranges]] = []
    for day, ranges in sorted(calendar.hours.items()):
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == ranges:
            runs[-1] = (runs[-1][0], day, ranges)
        elif ranges:
            runs.append((day, day, ranges))
    for first, last, ranges in runs:
        names = [reading.words[_DAYS[day]] for day in ((first,) if first == last else (first, last))]
        times = ", ".join(f"{_clock(begin)}–{_clock(end) if end != time() else '24:00'}" for begin, end in ranges)
        yield Markup("{} {}").format(Markup("–").join(names), times)


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
