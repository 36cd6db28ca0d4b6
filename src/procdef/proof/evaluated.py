"""Conditions evaluated by the engine's own code, for values and a time that were thought of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from procdef.expression import Situation
from procdef.expression.dates_as_numbers import EPOCH
from procdef.proof.atoms import Atom, Atoms
from procdef.proof.domains import AGES, TODAY
from procdef.proof.formulas import OUTCOMES


def situation(values: Mapping[str, Any], clock: Mapping[str, int], done: Iterable[str], zone: Any) -> Situation:
    """What an expression sees of a deal with these values at that time."""
    if "now" in clock:
        now = EPOCH + timedelta(microseconds=clock["now"])
    elif "today" in clock:
        now = datetime.combine(datetime.fromordinal(clock["today"]), time(12), zone).astimezone(UTC)
    else:
        now = datetime.combine(TODAY, time(12), zone).astimezone(UTC)
    age, stage_age, idle, contact_age = (timedelta(microseconds=clock.get(name, 0)) for name in AGES)
    return Situation(values, frozenset(done), now, now.astimezone(zone).date(), age, stage_age, idle, contact_age)


def judged(
    atoms: Atoms, members: Iterable[Atom], values: Mapping[str, Any], clock: Mapping[str, int]
) -> dict[int, int]:
    """What the engine's own evaluation makes of atoms for these values at that time."""
    seen = situation(values, clock, (), atoms.scope.timezone)
    return {atom.number: OUTCOMES[atom.run(seen, {})] for atom in members}
