"""The assumptions that the sound values of a file make, held against its process; what is wrong is told as it is found."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from procdef.diagnostics import Finding, Place, Route
from procdef.expression import BadValue, coerce
from procdef.language.build import working_hours
from procdef.language.shape.calendars import DAYS, hours_findings
from procdef.language.value_forms import ids
from procdef.model import Action, ProcessDefinition, Stage
from procdef.scenarios.checking.names import lacking
from procdef.simulation.assumptions.defaults import defaults, without_recorded
from procdef.simulation.assumptions.distributions import Choice
from procdef.simulation.assumptions.field_values import field_values
from procdef.simulation.assumptions.model import (
    Absence,
    ActionAssumptions,
    Arrivals,
    Assumptions,
    FieldValues,
    People,
    StageAssumptions,
    Together,
)
from procdef.simulation.assumptions.spreads import Faults, choice, share, times
from procdef.simulation.assumptions.working_clock import WorkingClock

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEAP = 2028
_WHOLE_YEAR = timedelta(days=366)
_LONGEST_OVER_NEW_YEAR = timedelta(days=183)


class Building:
    """Makes the assumptions of a process from ``value``, the sound values of a file; ``faults`` is told what is wrong."""

    def __init__(self, definition: ProcessDefinition, value: Mapping[str, Any], faults: Faults) -> None:
        self._process, self._value, self._tell = definition, value, faults
        self._clock = WorkingClock(definition.calendar)

    def assumptions(self) -> Assumptions:
        """All of them; what the file leaves out, or where it is faulty, is as by default."""
        values = self._values()
        base = defaults(self._process, values).assumptions
        stages = {**base.stages, **self._stages(base)}
        base = replace(base, arrivals=without_recorded(base.arrivals, stages))
        return replace(
            base,
            values={**base.values, **values},
            arrivals={**base.arrivals, **self._arrivals(base)},
            people={**base.people, **self._people(base)},
            stages=stages,
            actions={**base.actions, **self._actions(base)},
            together=self._together(),
        )

    def _part(self, key: str) -> Iterable[tuple[str, Any]]:
        found = self._value.get(key)
        return [(name, raw) for name, raw in found.items() if raw is not None] if isinstance(found, dict) else []

    def _vain(self, route: Route, sentence: str, subject: str) -> None:
        self._tell(Finding("assumed-in-vain", Place(route, "key"), sentence, subject=subject, kind="key"))

    def _arrivals(self, base: Assumptions) -> dict[str, Arrivals]:
        found = {}
        for name, raw in self._part("arrivals"):
            route: Route = ("arrivals", name)
            if name not in self._process.stages:
                self._tell(lacking(route, name, "stage", self._process.starts, part="key"))
            elif name not in base.arrivals:
                starts = ", ".join(self._process.starts)
                self._vain(route, f"no deal starts in {{subject}}; they start in {starts}", name)
            elif not isinstance(raw, dict):
                found[name] = replace(base.arrivals[name], per_month=float(raw))
            elif "per_month" in raw:
                days = choice(raw["weekdays"], (*route, "weekdays"), self._tell) if "weekdays" in raw else None
                knows = base.arrivals[name].knows
                if "knows" in raw:
                    knows = self._known_fields(raw["knows"], (*route, "knows"))
                found[name] = Arrivals(
                    float(raw["per_month"]),
                    {
                        MONTHS.index(month) + 1: float(number)
                        for month, number in raw.get("months", {}).items()
                        if month in MONTHS
                    },
                    {DAYS.index(day): days.share(day) for day in days.weights if day in DAYS} if days else {},
                    knows,
                )
        return found

    def _known_fields(self, raw: Any, route: Route) -> tuple[str, ...]:
        names = tuple(name for name in ids(raw) if isinstance(name, str))
        for name in names:
            if name not in self._process.fields:
                self._tell(lacking((*route, name), name, "field", self._process.fields))
        return names

    def _people(self, base: Assumptions) -> dict[str, People]:
        found = {}
        for name, raw in self._part("people"):
            route: Route = ("people", name)
            if name not in self._process.roles:
                self._tell(lacking(route, name, "role", self._process.roles, part="key"))
            elif not isinstance(raw, dict):
                found[name] = replace(base.people[name], number=int(raw))
            elif "number" in raw:
                hours, faulty = {days: of for days, of in raw.get("hours", {}).items() if _are_days(days)}, False
                for fault in hours_findings(hours, (*route, "hours")):
                    faulty = True
                    self._tell(fault)
                away = tuple(
                    self._absence(one, (*route, "away", place)) for place, one in enumerate(raw.get("away", ()))
                )
                for place, one in enumerate(away):
                    if one is not None and (one.number or 0) > raw["number"]:
                        at: Route = (*route, "away", place, "number")
                        sentence = "{subject} are away of {all}; leave `number` out where all are"
                        details = {"all": raw["number"]}
                        self._tell(
                            Finding(
                                "out-of-range", Place(at), sentence, subject=str(one.number), kind="value", details=details
                            )
                        )
                found[name] = People(
                    int(raw["number"]),
                    float(raw["hours_a_day"]) if "hours_a_day" in raw else None,
                    working_hours(hours) if hours and not faulty else None,
                    tuple(one for one in away if one is not None),
                )
        return found

    def _absence(self, raw: Any, route: Route) -> Absence | None:
        if not isinstance(raw, dict) or not {"from", "until"} <= raw.keys():
            return None
        days = []
        for key in ("from", "until"):
            month, day = (int(part) for part in raw[key].split("-"))
            if day > monthrange(_LEAP, month)[1]:
                sentence = "there is no such day in any year; correct it"
                self._tell(Finding("bad-calendar", Place((*route, key)), sentence, subject=raw[key], kind="value"))
                return None
            days.append((month, day))
        if days[1] < days[0] and _length(*days) > _LONGEST_OVER_NEW_YEAR:
            sentence = "from {subject} until {until} is most of a year; write the first day as `from`, the last as `until`"
            details = {"until": raw["until"]}
            place = Place((*route, "from"))
            self._tell(Finding("bad-calendar", place, sentence, subject=raw["from"], kind="value", details=details))
        return Absence(days[0], days[1], raw.get("number"))

    def _stages(self, base: Assumptions) -> dict[str, StageAssumptions]:
        found = {}
        for name, raw in self._part("stages"):
            route: Route = ("stages", name)
            stage = self._process.stages.get(name)
            if stage is None:
                self._tell(lacking(route, name, "stage", self._process.stages, part="key"))
                continue
            of = base.stages[name]
            if "wait" in raw:
                of = replace(of, wait=times(raw["wait"], (*route, "wait"), self._clock, self._tell) or of.wait)
            if "lost" in raw:
                of = self._lost(of, stage, raw["lost"], (*route, "lost"))
            ways, back = (self._led(name, raw, key) for key in ("ways", "back"))
            if ways:
                of = replace(
                    of, ways=self._one_of(ways, (*route, "ways"), stage.next, "stage", f"from {name}") or of.ways
                )
            if back:
                of = replace(of, back=self._chances(back, (*route, "back"), stage.back, "stage", together=True))
            if "waived" in raw:
                of = replace(of, waived=self._waived(stage, raw["waived"], (*route, "waived")))
            if "stalled" in raw:
                chance = share(raw["stalled"], (*route, "stalled"), self._tell)
                of = replace(of, stalled=of.stalled if chance is None else chance)
            if "records" in raw:
                of = replace(of, records=self._known_fields(raw["records"], (*route, "records")))
            found[name] = of
        return found

    def _led(self, stage: str, raw: Mapping[str, Any], key: Literal["ways", "back"]) -> dict[str, Any]:
        """What is said of ways on or back, without stages that there are and that no such way leads to."""
        of = self._process.stages[stage]
        known = of.next if key == "ways" else of.back
        given: Mapping[str, Any] = raw.get(key) or {}
        for name in given:
            if name in self._process.stages and name not in known:
                way = "way leads" if key == "ways" else "way back leads"
                others = f"; there is one to {' and '.join(known)}" if known else ""
                self._vain(("stages", stage, key, name), f"no {way} from {stage} to {{subject}}{others}", name)
        return {name: each for name, each in given.items() if name in known or name not in self._process.stages}

    def _lost(self, of: StageAssumptions, stage: Stage, raw: Any, route: Route) -> StageAssumptions:
        lost = self._process.lost
        if lost is None:
            self._vain(route, "no deal of this process is lost, as it has no `lost`; remove this", "lost")
            return of
        if stage.id in self._process.won_side:
            self._vain(
                route, "{subject} is assumed of a stage in which deals are won; say it of an earlier one", "lost"
            )
            return of
        said = raw if isinstance(raw, dict) else {"chance": raw}
        chance = (
            share(said["chance"], route if said is not raw else (*route, "chance"), self._tell)
            if "chance" in said
            else None
        )
        reasons = of.reasons or Choice(dict.fromkeys(lost.reasons, 1.0))
        if "reasons" in said:
            reasons = self._one_of(said["reasons"], (*route, "reasons"), lost.reasons, "reason") or reasons
        after = times(said["after"], (*route, "after"), self._clock, self._tell) if "after" in said else None
        return replace(of, lost=chance or 0.0, reasons=reasons if chance else None, lost_after=after)

    def _one_of(
        self, raw: Any, route: Route, known: Mapping[str, Any], kind: Any, where: str = "the process"
    ) -> Choice | None:
        sound = True
        for name in raw:
            if name not in known:
                sound = False
                self._tell(lacking((*route, name), name, kind, known, part="key", whose=where))
        found = choice(raw, route, self._tell)
        return found if sound else None

    def _chances(
        self, raw: Any, route: Route, known: Mapping[str, Any], kind: Any, *, together: bool = False
    ) -> dict[str, float]:
        found = {}
        for name, each in raw.items():
            if name not in known:
                self._tell(lacking((*route, name), name, kind, known, part="key", whose="the stage"))
            elif (chance := share(each, (*route, name), self._tell)) is not None:
                found[name] = chance
        if together and sum(found.values()) > 1:
            sentence = "together these are more than 100 %; correct one"
            self._tell(Finding("bad-share", Place(route), sentence, subject=str(route[-1]), kind="key"))
        return found

    def _waived(self, stage: Stage, raw: Any, route: Route) -> dict[str, float]:
        criteria = {**stage.entry_criteria, **stage.exit_criteria}
        found = self._chances(raw, route, criteria, "criterion")
        for name in found:
            if not criteria[name].waivable_by:
                self._vain((*route, name), "nobody may waive {subject}; remove this", name)
        return found

    def _actions(self, base: Assumptions) -> dict[str, ActionAssumptions]:
        found = {}
        for path, raw in self._part("actions"):
            route: Route = ("actions", path)
            action = self._process.actions.get(path)
            if action is None:
                self._tell(lacking(route, path, "action", self._process.actions, part="key"))
                continue
            of = base.actions[path]
            if "wait" in raw:
                of = replace(of, wait=times(raw["wait"], (*route, "wait"), self._clock, self._tell) or of.wait)
            if "work" in raw:
                work = times(raw["work"], (*route, "work"), self._clock, self._tell, work=True)
                of = replace(of, work=work or of.work)
            found[path] = self._chances_of(action, of, raw, route)
        return found

    def _chances_of(self, action: Action, of: ActionAssumptions, raw: Any, route: Route) -> ActionAssumptions:
        if "ways" in raw:
            if not action.ways:
                self._vain((*route, "ways"), f"{action.path} is done in one way only; remove `{{subject}}`", "ways")
            else:
                of = replace(
                    of, ways=self._one_of(raw["ways"], (*route, "ways"), action.ways, "way", "the action") or of.ways
                )
        if "approved" in raw:
            if not action.decision:
                self._vain((*route, "approved"), f"{action.path} decides nothing; remove `{{subject}}`", "approved")
            else:
                chance = share(raw["approved"], (*route, "approved"), self._tell)
                of = replace(of, approved=of.approved if chance is None else chance)
        if "done" in raw:
            if action.required:
                self._vain(
                    (*route, "done"), f"{action.path} is required, so it is always done; remove `{{subject}}`", "done"
                )
            else:
                chance = share(raw["done"], (*route, "done"), self._tell)
                of = replace(of, done=of.done if chance is None else chance)
        return of

    def _values(self) -> dict[str, FieldValues]:
        found = {}
        for name, raw in self._part("values"):
            if name not in self._process.fields:
                self._tell(lacking(("values", name), name, "field", self._process.fields, part="key"))
                continue
            kind = self._process.fields[name].type
            values = field_values(raw, ("values", name), kind, self._clock, self._tell)
            if values is not None:
                found[name] = values
        return found

    def _together(self) -> Together | None:
        raw = self._value.get("together")
        if not isinstance(raw, dict) or not {"fields", "rows"} <= raw.keys():
            return None
        names = self._known_fields(raw["fields"], ("together", "fields"))
        kinds = [self._process.fields[name].type if name in self._process.fields else None for name in names]
        rows = []
        for place, row in enumerate(raw["rows"]):
            route: Route = ("together", "rows", place)
            if not isinstance(row, list) or len(row) != len(names):
                count = len(row) if isinstance(row, list) else 0
                sentence = (
                    "a row has a value for each of the {due} fields, this has {count}; write null for what is not known"
                )
                self._tell(Finding("unfit-value", Place(route), sentence, subject=str(row), kind="value",
                                   details={"due": len(names), "count": count}))  # fmt: skip
                continue
            rows.append(tuple(self._cell(cell, (*route, at), kinds[at]) for at, cell in enumerate(row)))
        return Together(names, tuple(rows)) if rows else None

    def _cell(self, cell: Any, route: Route, kind: Any) -> object:
        if kind is None or cell is None:
            return None
        try:
            coerce(kind, cell)
        except BadValue as bad:
            self._tell(
                Finding(
                    "unfit-value", Place(route), "this {why}", subject=str(cell), kind="value", details={"why": bad}
                )
            )
        return cell


def _are_days(name: str) -> bool:
    """Whether it names days as hours do: ``mon``, or ``mon-fri``."""
    return all(day in DAYS for day in name.split("-"))


def _length(first: tuple[int, int], last: tuple[int, int]) -> timedelta:
    """How long it is from a month and day to an earlier one, of the next year."""
    return _WHOLE_YEAR - (date(_LEAP, *first) - date(_LEAP, *last))
