"""The deals behind a figure: each count of a report has a name, and the deals that it counts can be told.

What a report counts of several deals is the sum of what it counts of each, so a deal is behind a figure when the report over
that deal alone counts it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple

from procdef.engine.queries import awake
from procdef.errors import InvalidArgument, LogBroken
from procdef.reports.asked import Asked
from procdef.reports.figures import Tally
from procdef.reports.figures.activity import ActivityTally
from procdef.reports.figures.goals import GoalsTally
from procdef.reports.figures.groups import GroupsTally
from procdef.reports.figures.growth import GrowthTally
from procdef.reports.figures.losses import LossesTally
from procdef.reports.figures.main_figures import MainTally
from procdef.reports.figures.measures import MeasuresTally
from procdef.reports.figures.objections import ObjectionsTally
from procdef.reports.figures.obstacles import RefusalsTally, WaiversTally
from procdef.reports.figures.slippage import SlippageTally
from procdef.reports.figures.stages import StagesTally
from procdef.reports.history import History
from procdef.reports.report import MainFigures, Report
from procdef.reports.sections import fields_of
from procdef.results.result import Result, parts
from procdef.store.port import Tx
from procdef.store.rows import DealRow

_CHUNK = 64
"""So many deals are counted together first: where they count nothing, none of them does."""
_PARTS = (
    "goals", "growth", "stages", "losses", "refusals", "waivers", "measures", "activity", "objections", "slippage",
    "groups",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BehindFigure(Result):
    """A deal behind a figure. ``times`` is how often it counts there: a deal can visit a stage twice."""

    deal: str
    title: str | None
    stage: str
    outcome: str
    owner: str
    value: str | None
    currency: str | None
    times: int


class Counted(NamedTuple):
    """A count of a report: its name, where it stands, and how many."""

    name: str
    keys: tuple[str, ...]
    number: int


def counts(report: Report) -> dict[str, Counted]:
    """The counts of a report by their names. What has a count of ``deals`` can be named without that."""
    found: dict[str, Counted] = {}
    main = [each.name for each in fields(MainFigures)]
    for name in (*main, *_PARTS):
        part = getattr(report.main if name in main else report, name)
        for keys, count in _whole_numbers((name,), part):
            found[".".join(keys)] = Counted(".".join(keys), keys, count)
    short = {name.removesuffix(".deals"): each for name, each in found.items() if name.endswith(".deals")}
    return {**short, **found}


def _whole_numbers(keys: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield keys, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _whole_numbers((*keys, name), each)
    elif isinstance(value, Result):
        kind: Any = type(value)
        for part in parts(kind):
            yield from _whole_numbers((*keys, part.name), getattr(value, part.name))


def named(report: Report, figure: str) -> Counted:
    """The count of that name. Raises ``InvalidArgument`` with what was likely meant."""
    known = counts(report)
    if figure in known:
        return known[figure]
    near = get_close_matches(figure, known, 1, 0.5)
    hint = f' (did you mean "{near[0]}"?)' if near else "; --format json names them all"
    raise InvalidArgument(f'there is no count "{figure}" in this report{hint}', "figure")


def histories_behind(
    rows: Iterable[History], what: Asked, figure: Counted
) -> Iterator[tuple[History, int]]:
    """The deals that count there, and how often."""
    make, keys = _tally(what, figure)
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        if _count(make, keys, chunk):
            for history in chunk:
                times = _count(make, keys, (history,))
                if times:
                    yield history, times


def _count(make: Callable[[], Tally], keys: tuple[str, ...], rows: Sequence[History]) -> int:
    tally = make()
    for history in rows:
        tally.add(history)
    found = tally.figures()
    for key in keys:
        if isinstance(found, Mapping):
            found = found.get(key)
        else:
            found = getattr(found, key, None)
        if found is None:
            return 0
    return int(found)


def _tally(what: Asked, figure: Counted) -> tuple[Callable[[], Tally], tuple[str, ...]]:
    """What counts the figure, and where it stands in what that tells."""
    scope, by = what
    needed = fields_of(scope, by)
    name, *rest = figure.keys
    tallies: dict[str, Callable[[], Tally]] = {
        "goals": lambda: GoalsTally(scope),
        "growth": lambda: GrowthTally(scope),
        "stages": lambda: StagesTally(scope, working=any(key.startswith("working") for key in rest)),
        "losses": lambda: LossesTally(scope),
        "refusals": lambda: RefusalsTally(scope),
        "waivers": lambda: WaiversTally(scope),
        "measures": lambda: MeasuresTally(scope, needed),
        "activity": lambda: ActivityTally(scope),
        "objections": lambda: ObjectionsTally(scope),
        "slippage": lambda: SlippageTally(scope),
    }
    if name == "groups" and by is not None:
        place = needed.index(by.field) if by.field is not None else 0
        return lambda: GroupsTally(scope, by, place), tuple(rest)
    if name in tallies:
        return tallies[name], tuple(rest)
    return lambda: MainTally(scope), figure.keys


def behind(
    tx: Tx, rows: Iterable[History], what: Asked, figure: Counted
) -> Iterator[BehindFigure]:
    """The deals behind a figure, as they stand now."""
    scope = what.scope
    for history, times in histories_behind(rows, what, figure):
        deal = history.deal
        stored, currency = tx.load([deal.stream]).deals[deal.stream], scope.currency(deal.version) or None
        title = _title(tx, stored, scope.titles.get(deal.version))
        yield BehindFigure(stored.key, title, deal.stage, deal.outcome, deal.owner, deal.amount, currency, times)


def _title(tx: Tx, deal: DealRow, field: str | None) -> str | None:
    """What people call the deal beside its id, where its version of the process says by a ``field`` what does."""
    if field is None:
        return None
    try:
        value = awake(tx, deal).values.get(field)
    except (LogBroken, LookupError):  # somebody changed the row or the log; `procdef audit verify` finds it
        return None
    return value if isinstance(value, str) else None
