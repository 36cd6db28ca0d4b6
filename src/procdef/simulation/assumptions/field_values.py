"""What a field is assumed to hold, from what a file says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from procdef.calendar import parse_duration
from procdef.diagnostics import Finding, Place, Route
from procdef.expression import BadValue, coerce
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.language.shape.suggested_forms import duration_form
from procdef.scenarios.checking.names import lacking
from procdef.simulation.assumptions.distributions import Choice
from procdef.simulation.assumptions.model import FieldValues
from procdef.simulation.assumptions.spreads import Faults, choice, share, spread, times
from procdef.simulation.assumptions.working_clock import WorkingClock

_SPREAD = frozenset(("low", "likely", "high", "shape", "median", "factor", "sample"))
_DATES = (Kind.DATE, Kind.DATETIME)


def field_values(raw: Any, route: Route, kind: FieldType, clock: WorkingClock, faults: Faults) -> FieldValues | None:
    """What a field of that type holds; None where it is faulty, and that is told."""
    if not isinstance(raw, dict):
        return _always(raw, route, kind, clock, faults)
    empty = share(raw["empty"], (*route, "empty"), faults) if "empty" in raw else 0.0
    left = {key: value for key, value in raw.items() if key != "empty"}
    found = _spread(left, route, kind, clock, faults)
    return None if found is None or empty is None else replace(found, empty=empty)


def _spread(
    raw: Mapping[str, Any], route: Route, kind: FieldType, clock: WorkingClock, faults: Faults
) -> FieldValues | None:
    if "always" in raw and len(raw) == 1:
        return _always(raw["always"], (*route, "always"), kind, clock, faults)
    taken = _taken(kind)
    strange = next((key for key in raw if key not in taken and key != "always"), None)
    if strange is not None:
        sentence = "a field of {kind} takes no `{subject}`; write {taken}"
        details = {"kind": _called(kind), "taken": _said(kind)}
        faults(
            Finding(
                "which-spread", Place((*route, strange), "key"), sentence, subject=strange, kind="key", details=details
            )
        )
        return None
    match kind.kind:
        case Kind.LIST:
            return _rows(raw, route, kind, clock, faults)
        case Kind.BOOLEAN if "chance" in raw:
            chance = share(raw["chance"], (*route, "chance"), faults)
            return None if chance is None else FieldValues(_true(chance))
        case Kind.CHOICE if kind.many and "each" in raw:
            return _each(raw["each"], (*route, "each"), kind, faults)
    if "choice" in raw and len(raw) == 1:
        return _choice(raw["choice"], (*route, "choice"), kind, faults)
    if kind.kind in _DATES:
        return _ahead(raw, route, clock, faults)
    found = spread(raw, route, lambda written, at: _number(written, at, kind, faults), faults)
    return None if found is None else FieldValues(found)


def _taken(kind: FieldType) -> frozenset[str]:
    if kind.kind is Kind.LIST:
        return frozenset(("rows", "columns"))
    if kind.kind is Kind.BOOLEAN:
        return frozenset(("chance",))
    if kind.kind in NUMBERS or kind.kind in _DATES:
        return _SPREAD
    return frozenset(("each",) if kind.many else ("choice",))


def _said(kind: FieldType) -> str:
    if kind.kind is Kind.LIST:
        return "`rows` and `columns`"
    if kind.kind is Kind.BOOLEAN:
        return "`chance: 70 %`"
    if kind.kind in NUMBERS or kind.kind in _DATES:
        return "`low`, `likely` and `high`"
    return "`each`" if kind.many else "`choice`"


def _called(kind: FieldType) -> str:
    return f"the type {kind.kind}" + (" with `many`" if kind.many else "")


def _true(chance: float) -> Choice:
    return Choice({True: round(100 * chance, 4), False: round(100 * (1 - chance), 4)})


def _always(raw: Any, route: Route, kind: FieldType, clock: WorkingClock, faults: Faults) -> FieldValues | None:
    if (
        kind.kind is Kind.BOOLEAN
        and isinstance(raw, str)
        and raw.endswith("%")
        and raw.rstrip("% ").replace(".", "").isdigit()
    ):
        chance = share(raw, route, faults)
        return None if chance is None else FieldValues(_true(chance))
    if kind.kind is Kind.BOOLEAN and isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= 100:
        sentence = '{subject} is neither true nor false; how often it is true is a share, such as "{subject} %"'
        faults(Finding("bad-share", Place(route), sentence, fix=f"{raw} %", subject=str(raw), kind="value"))
        return None
    if kind.kind in _DATES:
        return _ahead({"always": raw}, route, clock, faults, bare=True)
    if kind.kind is Kind.LIST:
        sentence = "a list is filled by {taken}, row for row"
        faults(
            Finding(
                "which-spread", Place(route), sentence, subject=str(raw), kind="value", details={"taken": _said(kind)}
            )
        )
        return None
    if kind.kind in NUMBERS:
        number = _number(raw, route, kind, faults)
        return None if number is None else FieldValues(spread({"always": raw}, route, lambda *_: number, faults))
    value = _fitting(raw, route, kind, faults)
    if value is None:
        return None
    if kind.many:
        return FieldValues(each=dict.fromkeys(value, 1.0))
    return FieldValues(_true(float(value)) if kind.kind is Kind.BOOLEAN else Choice({raw: 1.0}))


def _ahead(
    raw: Mapping[str, Any], route: Route, clock: WorkingClock, faults: Faults, *, bare: bool = False
) -> FieldValues | None:
    """A date: how long after it is recorded it lies."""
    for key, written in raw.items():
        for place, one in enumerate(written if isinstance(written, list) else [written]):
            if key in ("shape", "factor") or parse_duration(str(one)) is not None:
                continue
            at = route if bare else (*route, key, *((place,) if isinstance(written, list) else ()))
            near = duration_form(one)
            sentence = "a date lies a duration after it is recorded, and {subject} is none; write " + (
                "{form}" if near else "it as 14 days"
            )
            faults(
                Finding(
                    "unfit-value", Place(at), sentence, fix=near, subject=str(one), kind="value", details={"form": near}
                )
            )
            return None
    found = times(raw, route, clock, faults)
    return None if found is None else FieldValues(times=found)


def _number(raw: Any, route: Route, kind: FieldType, faults: Faults) -> float | None:
    value = _fitting(raw, route, kind, faults)
    return None if value is None else float(value)


def _fitting(raw: Any, route: Route, kind: FieldType, faults: Faults) -> Any:
    try:
        value = coerce(kind, raw.replace("{number}", "1") if isinstance(raw, str) else raw)
    except BadValue as bad:
        faults(Finding("unfit-value", Place(route), "this {why}", subject=str(raw), kind="value", details={"why": bad}))
        return None
    if value is None:
        faults(Finding("unfit-value", Place(route), "this is empty; write `empty: 100 %` for a field that nobody fills in",
                       subject=str(raw), kind="value"))  # fmt: skip
    return value


def _choice(raw: Mapping[str, Any], route: Route, kind: FieldType, faults: Faults) -> FieldValues | None:
    known = [name for name in raw if _is_option(name, (*route, name), kind, faults)]
    found = choice(raw, route, faults)
    return FieldValues(found) if found is not None and len(known) == len(raw) else None


def _is_option(name: str, route: Route, kind: FieldType, faults: Faults) -> bool:
    if kind.kind is not Kind.CHOICE:
        return _fitting(name, route, kind, faults) is not None
    if name not in kind.options:
        faults(lacking(route, name, "option", kind.options, part="key", whose="the field"))
    return name in kind.options


def _each(raw: Mapping[str, Any], route: Route, kind: FieldType, faults: Faults) -> FieldValues | None:
    known = [name for name in raw if _is_option(name, (*route, name), kind, faults)]
    chances = {name: share(each, (*route, name), faults) for name, each in raw.items()}
    sound = {name: chance for name, chance in chances.items() if chance is not None}
    return FieldValues(each=sound) if len(sound) == len(known) == len(raw) else None


def _rows(
    raw: Mapping[str, Any], route: Route, kind: FieldType, clock: WorkingClock, faults: Faults
) -> FieldValues | None:
    given: Mapping[str, Any] = raw.get("columns", {})
    columns: dict[str, FieldValues | None] = {}
    for name, each in given.items():
        if name not in kind.columns:
            faults(lacking((*route, "columns", name), name, "column", kind.columns, part="key", whose="the list"))
            columns[name] = None
        else:
            columns[name] = field_values(each, (*route, "columns", name), kind.columns[name], clock, faults)
    written = raw.get("rows", 1)
    of_rows = written if isinstance(written, dict) else {"always": written}
    number = FieldType(Kind.INTEGER)
    rows = spread(of_rows, (*route, "rows"), lambda one, at: _number(one, at, number, faults), faults)
    sound = {name: each for name, each in columns.items() if each is not None}
    return None if rows is None or len(sound) < len(columns) else FieldValues(rows=rows, columns=sound)
