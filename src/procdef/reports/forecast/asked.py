"""What a forecast is asked for, as people and programs say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from procdef.engine import Engine
from procdef.engine.arguments import count
from procdef.engine.arguments import moment as clock_time
from procdef.errors import InvalidArgument
from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition
from procdef.reports.newest_version import newest_before
from procdef.reports.processes_and_moments import Moment, moment_of, versions_of

MOST_MONTHS = 60
"""How many months can be looked at, ahead and back."""


class Asked(NamedTuple):
    """All published versions of the process, the moment at which the forecast stands, how many whole months it looks at and
    for how many it is tested, what its draws begin with, and the number of the version that was newest then."""

    definitions: Sequence[ProcessDefinition]
    as_of: datetime
    months: int
    backtest: int
    seed: int
    newest: int

    @property
    def filter(self) -> Mapping[str, Any]:
        """As an answer names what it was asked."""
        process, moment = self.definitions[0].id, timestamp(self.as_of)
        return {
            "process": process, "as_of": moment, "months": self.months, "backtest": self.backtest, "seed": self.seed
        }  # fmt: skip


def asked(
    engine: Engine,
    process: str | None = None,
    *,
    months: int = 6,
    as_of: Moment | None = None,
    backtest: int = 12,
    seed: int = 0,
    now: datetime | None = None,
) -> Asked:
    """What is asked for, once it is of its form. Raises ``UnknownProcess`` and ``InvalidArgument``."""
    versions, newest = versions_of(engine, process)
    clock = engine.now() if now is None else clock_time(now, "now")
    moment = clock if as_of is None else instant(moment_of(as_of, newest.calendar.zone, "as_of"))
    if moment > clock:
        raise InvalidArgument(f"{as_of} has not come yet; a forecast stands at a time that has", "as_of")
    for name, given, least in (("months", months, 1), ("backtest", backtest, 0)):
        if count(given, name, least) > MOST_MONTHS:
            raise InvalidArgument(f"`{name}` is at most {MOST_MONTHS}, not {given}", name)
    then = newest if as_of is None else newest_before(engine, versions, timestamp(moment))
    return Asked(versions, moment, months, backtest, count(seed, "seed", 0), then.version)
