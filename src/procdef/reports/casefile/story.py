"""The events of a deal gone through once: the time line, and what it tells of values, people, talks and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from procdef.deal import Deal
from procdef.engine.queries import Told
from procdef.events.types import (
    action_completed,
    action_voided,
    criterion_waived,
    deal_corrected,
    deal_finished,
    deal_migrated,
    deal_noted,
    deal_recorded,
    deal_started,
    stage_advanced,
    step_refused,
)
from procdef.events.types.criterion_waived import path_of
from procdef.events.types.deal_migrated import renamed
from procdef.log.event import ERASED
from procdef.model import ProcessDefinition
from procdef.reports.casefile.contents import (
    Approval,
    CaseWaiver,
    Change,
    Correction,
    Evidence,
    Moment,
    Ownership,
    Person,
    Said,
    SetValue,
)

_VALUES = frozenset(("values", "unset", "changed", "facts"))
"""Keys of an event's data that a moment has elsewhere, or not at all."""
_HOW: Mapping[str, Literal["start", "record", "correct", "migrate"]] = {
    deal_started.EVENT.name: "start", deal_recorded.EVENT.name: "record", deal_corrected.EVENT.name: "correct",
    deal_migrated.EVENT.name: "migrate",
}  # fmt: skip
_USING = frozenset((stage_advanced.EVENT.name, deal_finished.EVENT.name))
"""The moves that use waivers up."""
_DECIDED = {"approve": "approved", "reject": "rejected"}


@dataclass(slots=True)
class _Somebody:
    first: str
    last: str
    roles: set[str] = field(default_factory=set)
    steps: int = 0
    refused: int = 0
    entered: int = 0
    owned: list[Ownership] = field(default_factory=list)


class Story:
    """What the events of one deal tell, in the order in which they were recorded."""

    def __init__(self, definition: ProcessDefinition, language: str | None) -> None:
        self._definition, self._language = definition, language
        self.deal: Deal | None = None
        self.timeline: list[Moment] = []
        self.conversations: list[Said] = []
        self.approvals: list[Approval] = []
        self.waivers: list[CaseWaiver] = []
        self.corrections: list[Correction] = []
        self.documents: list[Evidence] = []
        self.objections: dict[str, tuple[str, list[int]]] = {}
        self._people: dict[str, _Somebody] = {}
        self._set: dict[str, Moment] = {}
        self._times: dict[str, int] = {}
        self._approved: dict[str, list[int]] = {}
        self._waived: dict[int, int] = {}

    def hear(self, history: Iterable[Told]) -> None:
        """Take in the events, from the first on."""
        for told in history:
            moment = _moment(told)
            self.timeline.append(moment)
            self._meet(moment, told)
            if moment.type == deal_migrated.EVENT.name:
                self._rename(moment)
            self._follow_values(moment)
            self._follow_waivers(moment, told)
            data = moment.data
            match moment.type:
                case deal_noted.EVENT.name:
                    self._say(moment, data["text"], kind=data.get("kind"), objection=data.get("objection"))
                case action_completed.EVENT.name:
                    self._complete(moment, told.after.version)
                case action_voided.EVENT.name:
                    self._end_approvals(data["action"], moment.n)
                case deal_corrected.EVENT.name:
                    self.corrections.append(
                        Correction(moment.n, moment.happened, moment.by, moment.roles, moment.changes, data["reason"])
                    )
            self.deal = told.after

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who acted or owned the deal, by when they first did."""
        return tuple(
            Person(name, tuple(sorted(one.roles)), one.steps, one.refused, one.entered, one.first, one.last, tuple(one.owned))
            for name, one in self._people.items()
        )

    def approvals_at(self, moment: str) -> Iterator[Approval]:
        """The decisions, with what of them has lapsed by then."""
        for each in self.approvals:
            lapsed = each.until is not None and each.ended_by is None and each.until <= moment
            yield replace(each, lapsed=True) if lapsed else each

    def waivers_at(self, moment: str) -> Iterator[CaseWaiver]:
        """The waivers; one that ended with the lapse of an action has no event that ended it."""
        assert self.deal is not None
        standing = {waiver.n for waiver in self.deal.counting_at(moment).waivers}
        for each in self.waivers:
            yield replace(each, state="lapsed") if each.state == "standing" and each.n not in standing else each

    @property
    def values(self) -> Iterator[SetValue]:
        """The fields that are filled in, or were erased, in the order of the process."""
        assert self.deal is not None
        for name, each in self._definition.fields.items():
            erased = name in self.deal.erased
            if (erased or name in self.deal.values) and name in self._set:
                by = self._set[name]
                title = each.title.in_language(self._language) if each.title else None
                value = ERASED if erased else self.deal.values[name]
                kind, how = str(each.type.kind.value), _HOW[by.type]
                yield SetValue(name, title, kind, value, erased, by.by, by.happened, by.n, how, self._times[name])

    def _meet(self, moment: Moment, told: Told) -> None:
        one = self._somebody(moment.by, moment.happened)
        one.roles.update(moment.roles)
        one.steps += moment.applied and not moment.type.startswith(("privacy.", "timer.", "x-"))
        one.refused += not moment.applied
        if moment.entered_by is not None:
            self._somebody(moment.entered_by, moment.happened).entered += 1
        before, after = told.before, told.after
        if before is None or before.owner != after.owner:
            if before is not None:
                owned = self._somebody(before.owner, moment.happened).owned
                owned[-1] = replace(owned[-1], until=moment.happened)
            self._somebody(after.owner, moment.happened).owned.append(Ownership(moment.happened, None))

    def _somebody(self, name: str, at: str) -> _Somebody:
        one = self._people.setdefault(name, _Somebody(at, at))
        one.first, one.last = min(one.first, at), max(one.last, at)
        return one

    def _rename(self, moment: Moment) -> None:
        """Go on under the names of another version; approvals that it does not take over end."""
        stages, fields, actions = (moment.data.get(key, {}) for key in ("stages", "fields", "actions"))
        self.objections = {name: (stages.get(stage, stage), notes) for name, (stage, notes) in self.objections.items()}
        self._set, self._times = renamed(self._set, fields), renamed(self._times, fields)
        for action in [name for name, now in actions.items() if now is None]:
            self._end_approvals(action, moment.n)
        self._approved = renamed(self._approved, actions)
        for action in moment.data.get("voided", ()):
            self._end_approvals(action, moment.n)

    def _follow_values(self, moment: Moment) -> None:
        for change in moment.changes:
            self._set[change.field] = moment
            self._times[change.field] = self._times.get(change.field, 0) + 1

    def _follow_waivers(self, moment: Moment, told: Told) -> None:
        if moment.type == criterion_waived.EVENT.name:
            path = path_of(moment.data["criterion"])
            known = self._definition.criteria.get(path)
            message = known.message.in_language(self._language) if known and known.message else None
            self._waived[moment.n] = len(self.waivers)
            reason = moment.data["reason"]
            self.waivers.append(
                CaseWaiver(moment.n, moment.happened, moment.by, moment.roles, path, message, reason, "standing", None)
            )
        used = moment.data.get("waivers", ()) if moment.type in _USING else ()
        standing = {waiver.n for waiver in told.after.waivers}
        for n in [n for n in self._waived if n not in standing]:
            place = self._waived.pop(n)
            state: Literal["used", "lapsed"] = "used" if n in used else "lapsed"
            self.waivers[place] = replace(self.waivers[place], state=state, ended_by=moment.n)

    def _complete(self, moment: Moment, version: int) -> None:
        data, action = moment.data, moment.data["action"]
        title, evidence, decision = self._titled(action), data.get("evidence", {}), data.get("decision")
        if decision is not None:
            if decision == "reject":
                self._end_approvals(action, moment.n)
            else:
                self._approved.setdefault(action, []).append(len(self.approvals))
            told, note = _DECIDED[decision], data.get("note")
            self.approvals.append(
                Approval(moment.n, moment.happened, moment.by, moment.roles, action, title, told, note, None,
                         *self._row(moment, version), data.get("until"))
            )  # fmt: skip
        elif data.get("note"):
            self._say(moment, data["note"], action=action)
        if evidence.get("text"):
            self._say(moment, evidence["text"], action=action)
        elif evidence.get("kind") in ("document", "link"):
            shown = (evidence.get("name"), evidence.get("sha256"), evidence.get("url"))
            self.documents.append(Evidence(moment.n, moment.happened, moment.by, action, title, evidence["kind"], *shown))

    def _row(self, moment: Moment, version: int) -> tuple[int | None, str | None]:
        """The row of its table by which somebody decided, with its condition where this version has the table."""
        action, number = self._definition.actions.get(moment.data["action"]), moment.data.get("row")
        if action is None or number is None or version != self._definition.version:
            return number, None
        rows = action.table[number - 1 : number]
        return number, rows[0].when.text if rows and rows[0].when else None

    def _end_approvals(self, action: str, n: int) -> None:
        for place in self._approved.pop(action, ()):
            self.approvals[place] = replace(self.approvals[place], ended_by=n)

    def _say(
        self, moment: Moment, text: str, *, kind: str | None = None, action: str | None = None, objection: str | None = None
    ) -> None:
        if objection is not None:
            self.objections.setdefault(objection, (moment.stage, []))[1].append(moment.n)
        title = None if action is None else self._titled(action)
        self.conversations.append(
            Said(moment.n, moment.happened, moment.recorded, moment.by, kind, action, title, text, objection)
        )

    def _titled(self, action: str) -> str:
        known = self._definition.actions.get(action)
        return known.title.in_language(self._language) if known else action


def _moment(told: Told) -> Moment:
    event, before, after = told.event, told.before, told.after
    kind, data, by = event["type"], event["data"], event["by"]
    person = event.get("for") or by
    others = kind.startswith("x-")
    kept = data if others else {key: value for key, value in data.items() if key not in _VALUES}
    return Moment(
        n=event["n"],
        id=event["id"],
        hash=told.hash,
        type=kind,
        applied=kind != step_refused.EVENT.name,
        stage=(before or after).stage,
        by=person["id"],
        roles=tuple(person.get("roles", ())),
        entered_by=None if person is by else by["id"],
        via=event["via"],
        happened=event.get("happened") or event["at"],
        recorded=event["at"],
        changes=() if others or kind not in _HOW else tuple(_changes(before, data, after)),
        lapsed=_lapsed(before, data, after, kind),
        late=_missed(before, event),
        data=kept,
    )


def _missed(before: Deal | None, event: Mapping[str, Any]) -> str | None:
    """By when an action was due that was done after that."""
    if before is None or event["type"] != action_completed.EVENT.name:
        return None
    return action_completed.missed(event["data"], before.dues, event.get("happened") or event["at"])


def _changes(before: Deal | None, data: Mapping[str, Any], after: Deal) -> Iterator[Change]:
    if before is not None and "changed" not in data:
        yield from _changed_by_migration(before, data, after)
        return
    changed = data["changed"] if before is not None else sorted({*after.values, *after.erased})
    for name in changed:
        yield Change(name, _held(before, name), _held(after, name))


def _changed_by_migration(before: Deal, data: Mapping[str, Any], after: Deal) -> Iterator[Change]:
    """What was dropped, and what was set; what only has another name has not changed."""
    fields = data.get("fields", {})
    for name, now in fields.items():
        if now is None and name in before.values:
            yield Change(name, _held(before, name), None)
    for name in data["values"]:
        if name not in fields.values():
            yield Change(name, None, _held(after, name))


def _held(deal: Deal | None, name: str) -> Any:
    if deal is None:
        return None
    return ERASED if name in deal.erased else deal.values.get(name)


def _lapsed(before: Deal | None, data: Mapping[str, Any], after: Deal, kind: str) -> tuple[str, ...]:
    """The criteria whose waivers ended although the deal stayed where it was: something that they read changed."""
    if before is None or not before.waivers or before.visit != after.visit or before.mode != after.mode:
        return ()
    standing = {waiver.criterion for waiver in after.waivers}
    return tuple(waiver.criterion for waiver in before.waivers if waiver.criterion not in standing)


