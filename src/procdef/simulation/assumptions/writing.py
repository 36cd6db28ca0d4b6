"""Assumptions as a file that people read and change: what stands there comes to the same assumptions when it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import time
from typing import Any

from procdef.calendar import Ranges
from procdef.expression.types import Kind
from procdef.language.shape.calendars import DAYS
from procdef.model import ProcessDefinition
from procdef.scenarios.writing import scalar
from procdef.simulation.assumptions.building import MONTHS
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
from procdef.simulation.assumptions.explained import Explained, Route
from procdef.simulation.assumptions.lengths import written_length
from procdef.simulation.assumptions.model import (
    Absence,
    ActionAssumptions,
    Arrivals,
    FieldValues,
    People,
    StageAssumptions,
    Times,
)
from procdef.simulation.assumptions.working_clock import WorkingClock

_WIDEST = 128
_SCHEMA = "# yaml-language-server: $schema=../schemas/assumptions.schema.json\n"
_HEADS = {
    "arrivals": "How many deals start, by the stage that they start in.",
    "people": "Who does the work. hours_a_day is what each has for this process on a working day.",
    "stages": "Of the deals that come into a stage: how many are lost in it, and more. wait is from the last action on.",
    "actions": "wait is until somebody can begin, work what they then need for it.",
    "values": "What deals are like. Dates lie so long after they are recorded.",
    "together": "Values of real deals, drawn a row at a time; where one is null it is drawn as it says above.",
}


class _Bare(str):
    """A text that stands as it is."""

    __slots__ = ()


def written_assumptions(definition: ProcessDefinition, process: str, explained: Explained) -> str:
    """The file. ``process`` is the path of the process from where it is to lie."""
    writer = _Writer(definition, explained.notes)
    assumed = explained.assumptions
    parts: dict[str, Iterator[str]] = {
        "arrivals": writer.entries("arrivals", {name: writer.arrivals(of) for name, of in assumed.arrivals.items()}),
        "people": writer.entries("people", {name: writer.people(of) for name, of in assumed.people.items()}),
        "stages": writer.blocks("stages", {name: writer.stage(name, of) for name, of in assumed.stages.items()}),
        "actions": writer.blocks("actions", {path: writer.action(path, of) for path, of in assumed.actions.items()}),
        "values": writer.entries("values", {name: writer.field(name, of) for name, of in assumed.values.items()}),
    }
    if assumed.together is not None:
        rows = [f"    - {_flow(list(row))}" for row in assumed.together.rows]
        fields = f"  fields: {_flow(list(assumed.together.fields))}"
        parts["together"] = iter([*writer.noted("  ", ("together",)), fields, "  rows:", *rows])
    lines = [f"# {line}".rstrip() for line in explained.about]
    lines += ["procdef-assumptions: 1", f"process: {scalar(process)}"]
    for name, part in parts.items():
        told = list(part)
        if told:
            lines += ["", f"# {_HEADS[name]}", f"{name}:", *told]
    return _SCHEMA + "\n".join(lines) + "\n"


class _Writer:
    def __init__(self, definition: ProcessDefinition, notes: Mapping[Route, str]) -> None:
        self._process, self._notes = definition, notes
        self._day = WorkingClock(definition.calendar).day
        self._won = definition.won_side

    def entries(self, part: str, of: Mapping[str, Any]) -> Iterator[str]:
        """One line for each entry."""
        for name, value in of.items():
            yield from self._line("  ", name, value, (part, name))

    def blocks(self, part: str, of: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
        """One line for each key of each entry."""
        for name, keys in of.items():
            yield f"  {name}:"
            for key, value in keys.items():
                yield from self._line("    ", key, value, (part, name, key))

    def _line(self, indent: str, name: str, value: Any, route: Route) -> Iterator[str]:
        line, note = f"{indent}{scalar(name)}: {_flow(value)}", self._notes.get(route)
        if note is not None and len(line) + len(note) + 4 <= _WIDEST:
            yield f"{line}  # {note}"
            return
        yield from self.noted(indent, route)
        yield line

    def noted(self, indent: str, route: Route) -> list[str]:
        """What is to be said of a place, in a line above it."""
        return [f"{indent}# {self._notes[route]}"] if route in self._notes else []

    def arrivals(self, of: Arrivals) -> Any:
        found: dict[str, Any] = {"per_month": _number(of.per_month)}
        if of.months:
            found["months"] = {MONTHS[month - 1]: _number(count) for month, count in sorted(of.months.items())}
        if of.weekdays:
            total = sum(of.weekdays.values())
            found["weekdays"] = {
                DAYS[day]: _number(round(100 * each / total, 2)) for day, each in sorted(of.weekdays.items())
            }
        if of.knows:
            found["knows"] = list(of.knows)
        return found["per_month"] if len(found) == 1 else found

    def people(self, of: People) -> Any:
        found: dict[str, Any] = {"number": of.number}
        if of.hours_a_day is not None:
            found["hours_a_day"] = _number(of.hours_a_day)
        if of.hours is not None:
            found["hours"] = {DAYS[day]: _ranges(ranges) for day, ranges in sorted(of.hours.items())}
        if of.away:
            found["away"] = [_absence(each) for each in of.away]
        return found

    def stage(self, name: str, of: StageAssumptions) -> dict[str, Any]:
        found: dict[str, Any] = {"wait": self._times(of.wait)}
        if of.reasons is not None:
            lost: dict[str, Any] = {"chance": _share(of.lost), "reasons": _weights(of.reasons)}
            if of.lost_after is not None:
                lost["after"] = self._times(of.lost_after)
            found["lost"] = lost
        elif self._process.lost is not None and name not in self._won:
            found["lost"] = _share(of.lost)
        if of.stalled:
            found["stalled"] = _share(of.stalled)
        if of.ways is not None and len(of.ways.weights) > 1:
            found["ways"] = _weights(of.ways)
        if of.back:
            found["back"] = {name: _share(each) for name, each in of.back.items()}
        if of.waived:
            found["waived"] = {name: _share(each) for name, each in of.waived.items()}
        if of.records:
            found["records"] = list(of.records)
        return found

    def action(self, path: str, of: ActionAssumptions) -> dict[str, Any]:
        action = self._process.actions[path]
        found: dict[str, Any] = {"wait": self._times(of.wait), "work": self._times(of.work, work=True)}
        if of.ways is not None:
            found["ways"] = _weights(of.ways)
        if action.decision:
            found["approved"] = _share(of.approved)
        if not action.required:
            found["done"] = _share(of.done)
        return found

    def field(self, name: str, of: FieldValues) -> Any:
        return self._values(of, self._process.fields[name].type.kind is Kind.BOOLEAN)

    def _values(self, of: FieldValues, boolean: bool) -> Any:
        found: dict[str, Any]
        if of.rows is not None:
            columns = {name: self._values(each, _is_boolean(each)) for name, each in of.columns.items()}
            found = {"rows": _spread(of.rows, _number)} | ({"columns": columns} if columns else {})
        elif of.each:
            found = {"each": {name: _share(each) for name, each in of.each.items()}}
        elif of.times is not None:
            found = _as_mapping(self._times(of.times))
        elif isinstance(of.source, Choice):
            found = _chosen(of.source, boolean)
        else:
            assert of.source is not None
            found = _as_mapping(_spread(of.source, _number))
        return found | ({"empty": _share(of.empty)} if of.empty else {})

    def _times(self, of: Times, *, work: bool = False) -> Any:
        spread = _spread(of.seconds, lambda seconds: _Bare(written_length(seconds, of.business, self._day, work=work)))
        if isinstance(spread, dict) and spread.keys() == {"always"}:
            return spread["always"]
        return spread


def _as_mapping(spread: Any) -> dict[str, Any]:
    return spread if isinstance(spread, dict) else {"always": spread}


def _is_boolean(of: FieldValues) -> bool:
    return isinstance(of.source, Choice) and all(isinstance(one, bool) for one in of.source.weights)


def _chosen(of: Choice, boolean: bool) -> dict[str, Any]:
    if boolean:
        return {"chance": _share(of.share(True))}
    if len(of.weights) == 1 and all(weight == 1 for weight in of.weights.values()):
        return {"always": next(iter(of.weights))}
    return {"choice": _weights(of)}


def _spread(of: Distribution, point: Callable[[float], Any]) -> Any:
    """The keys of a distribution, its numbers as ``point`` writes them."""
    match of:
        case Constant(value):
            return {"always": point(value)}
        case Uniform(low, high):
            return {"low": point(low), "high": point(high)}
        case Pert(low, likely, high):
            return {"low": point(low), "likely": point(likely), "high": point(high)}
        case Triangular(low, likely, high):
            return {"low": point(low), "likely": point(likely), "high": point(high), "shape": "triangular"}
        case LogNormal(median, factor):
            return {"median": point(median), "factor": _number(factor)}
        case Sample(values):
            return {"sample": [point(each) for each in values]}
    raise TypeError(f"no file says {of}")


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _share(chance: float) -> _Bare:
    return _Bare(f"{_number(round(100 * chance, 4))} %")


def _weights(of: Choice) -> dict[Any, Any]:
    return {name: _number(weight) for name, weight in of.weights.items()}


def _ranges(ranges: Ranges) -> Any:
    told = [f"{begin:%H:%M}-{'24:00' if end == time() else f'{end:%H:%M}'}" for begin, end in ranges]
    return told[0] if len(told) == 1 else told


def _absence(of: Absence) -> dict[str, Any]:
    days = {"from": f"{of.first[0]:02}-{of.first[1]:02}", "until": f"{of.last[0]:02}-{of.last[1]:02}"}
    return days | ({} if of.number is None else {"number": of.number})


def _flow(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value) if isinstance(value, _Bare) else scalar(value)
