"""The time line as a page shows it: the stages that the deal was in, one after the other, with what happened in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from procdef.advice.refusal_sentences import logged_sentence
from procdef.events.types import BY_NAME
from procdef.events.types.criterion_waived import path_of
from procdef.model import ProcessDefinition
from procdef.pages.casefile.values import Cell, Values
from procdef.pages.passages import Passage, Words, passage
from procdef.reports.casefile.contents import Change, Moment

LABELS = {
    "deal.started": "started", "deal.recorded": "recorded", "deal.corrected": "corrected", "action.completed": "done_action",
    "action.voided": "voided", "criterion.waived": "waived", "stage.advanced": "moved", "stage.returned": "moved_back",
    "deal.won": "won_event", "deal.lost": "lost_event", "deal.reopened": "reopened", "deal.finished": "finished_event",
    "deal.assigned": "handed", "deal.noted": "note", "step.refused": "refused", "privacy.erased": "erased_event",
    "timer.reminded": "reminder_event", "timer.overdue": "overdue_event", "timer.escalated": "escalated_event",
    "deal.migrated": "migrated",
}  # fmt: skip
_MOVES = ("stage.advanced", "stage.returned")
_DECIDED = {"approve": "approved_event", "reject": "rejected_event"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A field with what stood there before and what stands there now; ``old`` is ``None`` where nothing stood there."""

    field: Passage
    old: Cell | None
    new: Cell


@dataclass(frozen=True, slots=True)
class Row:
    """An event. ``about`` is what it was done to, ``way`` how (of a refused step its verb), ``said`` what people wrote with it,
    each on its own; ``notes`` are procdef's own remarks. ``address`` is a link given as evidence."""

    n: int
    time: str
    stamp: str
    who: str
    entered_by: str | None
    label: Passage
    about: tuple[Passage, ...]
    way: Passage | None
    said: tuple[str, ...]
    address: str | None
    changes: tuple[Changed, ...]
    notes: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Events one after the other, either all applied or all ``refused``."""

    refused: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay in a stage with what happened in it, its number, and since when; the move that ends it is its last event."""

    place: int
    stage: Passage
    since: str
    runs: tuple[Run, ...]


class TimeLine:
    """What makes events of one deal readable."""

    def __init__(self, definition: ProcessDefinition, language: str, words: Words, values: Values) -> None:
        self._definition, self._language, self._words, self._values = definition, language, words, values

    def visits(self, timeline: Iterable[Moment]) -> Iterator[Visit]:
        """The stays, in order; the last one also where nothing has happened in it yet."""
        place, move = 0, None
        for _, moments in groupby(_numbered(timeline), key=lambda each: each[0]):
            told = [moment for _, moment in moments]
            begun = move.happened if move else told[0].happened
            runs = tuple(
                Run(not applied, tuple(map(self.row, some))) for applied, some in groupby(told, key=lambda each: each.applied)
            )
            place += 1
            yield Visit(place, self._stage(told[0].stage), self._values.moment(begun), runs)
            move = told[-1] if told[-1].type in _MOVES else None
        if move is not None:
            yield Visit(place + 1, self._stage(move.data["to"]), self._values.moment(move.happened), ())

    def row(self, moment: Moment) -> Row:
        """An event."""
        known = moment.type in BY_NAME
        data: Mapping[str, Any] = moment.data if known else {}
        evidence = data.get("evidence") or {}
        url = evidence.get("url")
        said = [data.get(key) for key in ("reason", "note", "text")] + [evidence.get(key) for key in ("text", "url", "name")]
        if moment.type == "deal.lost":
            said[0] = None
        way = data.get("way")
        how = Passage(data["do"], "en") if moment.type == "step.refused" else self._way(data["action"], way) if way else None
        return Row(
            n=moment.n,
            time=self._values.moment(moment.happened),
            stamp=moment.happened,
            who=moment.by,
            entered_by=moment.entered_by,
            label=self._label(moment) if known else Passage(moment.type),
            about=tuple(self._about(moment)) if known else (),
            way=how,
            said=tuple(text for text in said if text and text != url),
            address=url,
            changes=tuple(map(self.changed, moment.changes)),
            notes=tuple(self._notes(moment)) if known else (),
        )

    def changed(self, change: Change) -> Changed:
        """A change of a field."""
        old = None if change.old is None else self._values.cell(change.field, change.old)
        return Changed(self._values.field(change.field), old, self._values.cell(change.field, change.new))

    def _label(self, moment: Moment) -> Passage:
        data = moment.data
        if moment.type == "deal.noted":
            return self._words[data.get("kind", "note")]
        if moment.type == "action.completed" and "decision" in data:
            return self._words[_DECIDED[data["decision"]]]
        return self._words[LABELS[moment.type]] if moment.type in LABELS else Passage(moment.type)

    def _about(self, moment: Moment) -> Iterator[Passage]:
        data = moment.data
        match moment.type:
            case "action.completed" | "action.voided":
                yield self._action(data["action"])
            case "criterion.waived":
                yield self.criterion(path_of(data["criterion"]))
            case "deal.started" | "deal.won":
                yield self._stage(data["stage"])
            case "stage.advanced" | "stage.returned":
                yield self._stage(data["to"])
            case "deal.migrated":
                yield Passage(f"v{data['from']} → v{data['to']}")
                yield self._stage(data["stage"])
            case "deal.assigned":
                yield Passage(data["to"])
            case name if BY_NAME[name].timer:
                yield self._action(data["of"]) if data["of"] in self._definition.actions else self._stage(data["of"])
            case "deal.lost":
                lost = self._definition.lost
                title = lost.reasons.get(data["reason"]) if lost else None
                yield passage(title, self._language) if title else Passage(data["reason"])
            case "deal.noted" if "objection" in data:
                yield self.objection(data["objection"])
            case "step.refused":
                yield from self._refused(data)

    def _refused(self, data: Mapping[str, Any]) -> Iterator[Passage]:
        """What the step was about."""
        asked = data.get("arguments", {})
        if isinstance(asked.get("action"), str):
            yield self._action(next((path for path in self._paths(asked["action"])), asked["action"]))
        elif isinstance(asked.get("criterion"), str):
            yield self.criterion(asked["criterion"])
        elif isinstance(asked.get("to"), str) and data["do"] != "assign":
            yield self._stage(asked["to"])

    def _paths(self, action: str) -> list[str]:
        """The full paths that the id of an action may stand for, where it is one."""
        found = [path for path, each in self._definition.actions.items() if action in (path, each.id)]
        return found if len(found) == 1 else []

    def _due(self, data: Mapping[str, Any]) -> Iterator[Passage]:
        """By when the stage and its actions are due from then on."""
        times = [("", data["due"])] if "due" in data else []
        for of, due in (*times, *sorted(data.get("dues", {}).items())):
            said = f"{self._words['due']}: {self._values.moment(due)}" if due else str(self._words["not_due"])
            yield Passage(f"{self._action(of)}: {said}" if of else said)

    def _notes(self, moment: Moment) -> Iterator[Passage]:
        data, words = moment.data, self._words
        match moment.type:
            case "step.refused":
                for item in data["unmet"]:
                    yield self._unmet(item, data["do"], data.get("arguments", {}).get("to"))
            case "action.voided":
                fields = ", ".join(str(self._values.field(name)) for name in data["by_fields"])
                yield Passage(f"{fields} {words['changed']}")
            case "deal.migrated":
                for path in data.get("voided", ()):
                    yield Passage(f"{words['voided']}: {self._action(path)}")
            case "deal.recorded" | "deal.corrected" if not moment.changes:
                yield words["nothing_new"]
            case name if BY_NAME[name].timer:
                yield Passage(f"{words['due']}: {self._values.moment(data['due'])}")
                for role in data.get("to", ()):
                    known = self._definition.roles.get(role)
                    yield passage(known.title, self._language) if known else Passage(role)
        if moment.late is not None:
            yield Passage(f"{words['too_late']}: {self._values.moment(moment.late)}")
        if not BY_NAME[moment.type].timer:
            yield from self._due(data)
        if data.get("evidence", {}).get("sha256"):
            yield Passage(f"SHA-256 {data['evidence']['sha256']}")
        for path in data.get("unfinished", ()):
            yield Passage(f"{words['unfinished']}: {self._action(path)}")
        for path in moment.lapsed:
            yield Passage(f"{words['lapsed_waiver']}: {self.criterion(path)}")

    def _unmet(self, item: Mapping[str, Any], verb: str, to: object) -> Passage:
        """What a refused step lacked: a criterion's own message, or a sentence that names actions by their titles."""
        about = item.get("about", ())
        known = self._definition.criteria.get(about[0]) if item["code"] == "criterion-unmet" and about else None
        if known and known.message:
            return passage(known.message, self._language)
        told = logged_sentence(item["code"], [self._called(name) for name in about], verb, to)
        return Passage(told, "en" if self._language != "en" else None)

    def _called(self, path: str) -> str:
        """An action or a criterion, quoted as the page has it elsewhere; whatever else there is, by its id."""
        if path in self._definition.actions:
            return f"“{self._action(path)}”"
        criterion = self._definition.criteria.get(path)
        return f"“{self.criterion(path)}”" if criterion and criterion.message else path

    def _stage(self, name: str) -> Passage:
        stage = self._definition.stages.get(name)
        return passage(stage.title, self._language) if stage else Passage(name)

    def _action(self, path: str) -> Passage:
        action = self._definition.actions.get(path)
        return passage(action.title, self._language) if action else Passage(path)

    def _way(self, action: str, way: str) -> Passage:
        known = self._definition.actions.get(action)
        title = known.ways.get(way) if known else None
        return passage(title, self._language) if title else Passage(way)

    def criterion(self, path: str) -> Passage:
        """A criterion by what it tells when it is not met, or by its path."""
        known = self._definition.criteria.get(path)
        return passage(known.message, self._language) if known and known.message else Passage(path)

    def objection(self, name: str) -> Passage:
        """An objection by what the customer says."""
        for stage in self._definition.stages.values():
            if stage.playbook and name in stage.playbook.objections:
                return passage(stage.playbook.objections[name].concern, self._language)
        return Passage(name)


def _numbered(timeline: Iterable[Moment]) -> Iterator[tuple[int, Moment]]:
    """Each event with the number of the stay that it happened in: a move ends its stay, and what it brought begins the next."""
    stay = 0
    begins = False
    for moment in timeline:
        if begins:
            stay, begins = stay + 1, False
        yield stay, moment
        begins = moment.type in _MOVES
