"""How values and lengths of time are spread, from what a file says: distributions, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, Protocol

from procdef.calendar import parse_duration
from procdef.diagnostics import Finding, Place, Route
from procdef.simulation.assumptions.distributions import (
    Choice,
    Constant,
    Distribution,
    LogNormal,
    Pert,
    Sample,
    Triangular,
    Uniform,
)
from procdef.simulation.assumptions.model import Times
from procdef.simulation.assumptions.working_clock import WorkingClock

Number = Callable[[Any, Route], float | None]
"""The number that something written stands for; None, and the fault is told, where it is none."""
_WAYS = (("always",), ("low", "likely", "high", "shape"), ("median", "factor"), ("sample",))
_NEEDED = {"low": "high", "high": "low", "likely": "low", "shape": "low", "median": "factor", "factor": "median"}
_MOST = 100


class Faults(Protocol):
    """Where faults are told."""

    def __call__(self, finding: Finding, /) -> None: ...


def spread(raw: Mapping[str, Any], route: Route, number: Number, faults: Faults) -> Distribution | None:
    """The distribution of numbers that a mapping describes; None where it is faulty, and that is told."""
    said = [way for way in _WAYS if any(key in raw for key in way)]
    if len(said) != 1:
        keys = ", ".join(f"`{key}`" for key in raw if key not in ("empty", "rows", "columns"))
        sentence = "{keys} say in several ways how this is spread; keep one" if said else _NOTHING
        faults(Finding("which-spread", Place(route, "key"), sentence, subject=str(route[-1]), kind="key",
                       details={"keys": keys}))  # fmt: skip
        return None
    for key in said[0]:
        if key in raw and _NEEDED.get(key, key) not in raw:
            sentence = "`{key}` needs `{subject}` beside it"
            faults(Finding("which-spread", Place((*route, key), "key"), sentence, subject=_NEEDED[key], kind="key",
                           details={"key": key}))  # fmt: skip
            return None
    if "sample" in raw:
        seen = [number(one, (*route, "sample", place)) for place, one in enumerate(raw["sample"])]
        return Sample(tuple(one for one in seen if one is not None)) if None not in seen else None
    points = {
        key: number(raw[key], (*route, key)) for key in ("always", "low", "likely", "high", "median") if key in raw
    }
    if None in points.values():
        return None
    known = {key: point for key, point in points.items() if point is not None}
    if "always" in known:
        return Constant(known["always"])
    if "median" in known:
        return _lognormal(known["median"], float(raw["factor"]), route, faults)
    return _estimate(known, raw, route, faults)


_NOTHING = "nothing says how this is spread; write `low`, `likely` and `high`, or `always`"


def _lognormal(median: float, factor: float, route: Route, faults: Faults) -> Distribution | None:
    if median <= 0:
        sentence = "a median with a factor is above 0; write `low`, `likely` and `high` instead"
        faults(Finding("which-spread", Place((*route, "median")), sentence, subject="median", kind="key"))
        return None
    return LogNormal(median, factor)


def _estimate(points: Mapping[str, float], raw: Mapping[str, Any], route: Route, faults: Faults) -> Distribution | None:
    names = [key for key in ("low", "likely", "high") if key in points]
    for first, second in pairwise(names):
        if points[first] > points[second]:
            sentence = "`{first}` is {one}, and `{second}` only {other}; swap them, or correct one"
            details = {"first": first, "one": raw[first], "second": second, "other": raw[second]}
            place = Place((*route, second))
            faults(
                Finding("reversed-estimate", place, sentence, subject=str(raw[second]), kind="value", details=details)
            )
            return None
    low, high = points["low"], points["high"]
    if "likely" not in points:
        if "shape" in raw:
            sentence = "`shape` says how `low`, `likely` and `high` are joined, and there is no `likely`; add it"
            faults(Finding("which-spread", Place((*route, "shape"), "key"), sentence, subject="shape", kind="key"))
            return None
        return Uniform(low, high)
    if raw.get("shape") == "triangular":
        return Triangular(low, points["likely"], high)
    return Pert(low, points["likely"], high)


def times(raw: Any, route: Route, clock: WorkingClock, faults: Faults, *, work: bool = False) -> Times | None:
    """How long something takes. ``work``: it is somebody's own time, which is working time however it is written."""
    kinds: dict[bool, tuple[str, Route]] = {}
    wrong = nothing_of_working_time = False

    def seconds(written: Any, at: Route) -> float | None:
        nonlocal wrong, nothing_of_working_time
        duration = parse_duration(str(written))
        assert duration is not None  # the schema lets nothing else through
        if why := _unit_fault(duration.unit, work):
            faults(Finding("wrong-unit", Place(at), why, subject=str(written), kind="value"))
            return None
        length, business = clock.length(duration)
        nothing_of_working_time |= business and not length
        if length and not work:
            kinds.setdefault(business, (str(written), at))
            if len(kinds) == 2 and not wrong:
                wrong = True
                other, sentence = (
                    kinds[not business][0],
                    "this is {one} time, and {other} is not; write both in one kind of time",
                )
                details = {"one": "working" if business else "clock", "other": f'"{other}"'}
                faults(Finding("wrong-unit", Place(at), sentence, subject=str(written), kind="value", details=details))
        return length

    found = spread(raw if isinstance(raw, dict) else {"always": raw}, route, seconds, faults)
    business = work or True in kinds or (not kinds and nothing_of_working_time)
    return None if found is None or wrong else Times(found, business)


def _unit_fault(unit: str, work: bool) -> str | None:
    bare = unit.removeprefix("business ")
    if work and bare not in ("minutes", "hours"):
        return (
            "work is somebody's own time, and {subject} are no minutes or hours; write how many hours they work on it"
        )
    if bare in ("months", "years"):
        return "{subject} have no fixed length; write days or weeks"
    return None


def share(raw: Any, route: Route, faults: Faults) -> float | None:
    """A share of 100 as a chance from 0 to 1."""
    found = Decimal(str(raw).rstrip("% "))
    if found > _MOST:
        sentence = "{subject} is more than all; a share is at most 100 %"
        faults(Finding("bad-share", Place(route), sentence, subject=str(raw), kind="value"))
        return None
    return float(found / _MOST)


def choice(raw: Mapping[str, Any], route: Route, faults: Faults) -> Choice | None:
    """One of several things, by counts or by shares that add up."""
    shares = [str(weight) for weight in raw.values() if isinstance(weight, str)]
    if shares and len(shares) < len(raw):
        sentence = "some of these are shares and others counts; write all in one way"
        faults(Finding("bad-weights", Place(route), sentence, subject=shares[0], kind="value"))
        return None
    weights = {name: float(str(weight).rstrip("% ")) for name, weight in raw.items()}
    total = sum(weights.values())
    if shares and abs(total - _MOST) > 1:
        sentence = "these shares add up to {total} %, and not to 100 %; correct one, or write counts"
        faults(
            Finding(
                "bad-weights", Place(route), sentence, subject=shares[0], kind="value", details={"total": f"{total:g}"}
            )
        )
        return None
    if not total:
        faults(Finding("bad-weights", Place(route), "all of these weigh 0, so none can be chosen; give one a weight",
                       subject="0", kind="value"))  # fmt: skip
        return None
    return Choice(weights)
