"""Where a deal is, by its events alone: the columns of its row in ``deal``, and its present visit to a stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.events.types import FOLD
from procdef.log.canonical import parsed
from procdef.log.irregularity import Irregularity
from procdef.model import ProcessDefinition
from procdef.store.rows import DealRow, StayRow
from procdef.verification.projections.expected_deadlines import strange_deadlines

_LASTING = ("stream", "process", "version", "n", "head")
"""What every version of the fold puts into the state of a deal."""
_LEAVING = {"stage.advanced": "advanced", "stage.returned": "returned", "deal.lost": "lost", "deal.finished": "finished"}
"""How a visit ends, by the type of the event that ends it."""


def is_applied(kind: str) -> bool:
    """Whether an event of a deal is of a step that was applied, after which a deal is idle for no time."""
    beside = ("step.refused", "privacy.erased", "deal.migrated")
    return kind not in beside and not kind.startswith(("x-", "timer."))


@dataclass(slots=True)
class DealColumns:
    """A deal after the events that were taken. Of ``amount`` and ``expected`` the names are those of the fields;
    ``open_fields`` are those of them that are not personal, each with the kind of the rows in ``activity``. A log of a layout
    before 4 has neither ``active`` nor when a visit was due: then its tables are not ``complete``; one before 5 has no
    ``deadlines``, for which stands there when the stage is due."""

    stream: str
    complete: bool = True
    deadlines: bool = True
    definition: ProcessDefinition | None = None
    open_fields: tuple[tuple[str, str], ...] = ()
    amount_field: str | None = None
    expected_field: str | None = None
    key: str | None = None
    process: str = ""
    version: int = 0
    stage: str = ""
    mode: str = "open"
    owner: str = ""
    started: str = ""
    entered: str = ""
    visit: int = 0
    due: str | None = None
    amount: str | None = None
    expected: str | None = None
    offered: str | None = None
    won: str | None = None
    lost: str | None = None
    finished: str | None = None
    reason: str | None = None
    active: str = ""
    n: int = 0
    head: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Those with which the deal went over to the version that it is pinned to."""
    dues: dict[str, str] = field(default_factory=dict)
    """By when the actions of the present stage are to be done."""

    def begin(self, definition: ProcessDefinition) -> None:
        """The events are those of a deal of this definition."""
        self.definition = definition
        self.amount_field, self.expected_field = definition.deal.value, definition.deal.close
        named = (("value", self.amount_field), ("close", self.expected_field))
        self.open_fields = tuple((kind, name) for kind, name in named if name and not definition.fields[name].type.private)

    def take(self, step: OpenedEvent, event: Mapping[str, Any]) -> StayRow | None:
        """Go on with the next event; the visit that it ended, where it did."""
        self.n, self.head = step.n, step.hash
        if is_applied(step.type) and step.occurred > self.active:
            self.active = step.occurred
        change = _CHANGES.get(step.type)
        if change is None:
            return None
        left = self._left(step) if step.type in _LEAVING and self.mode == "open" else None
        change(self, step, event)
        return left

    def _left(self, step: OpenedEvent) -> StayRow:
        return StayRow(
            self.stream, self.visit, self.stage, self.entered, step.occurred, _LEAVING[step.type], self._due_of_visit
        )

    @property
    def _due_of_visit(self) -> str | None:
        return self.due if self.complete else None

    @property
    def present(self) -> StayRow | None:
        """The visit that has not ended."""
        if self.mode != "open" or not self.visit:
            return None
        return StayRow(self.stream, self.visit, self.stage, self.entered, None, None, self._due_of_visit)

    def enter(self, stage: str, step: OpenedEvent) -> None:
        """Begin a visit."""
        self.stage, self.entered, self.due = stage, step.occurred, step.data.get("due")
        self.dues = dict(step.data.get("dues", {}))
        self.visit += 1

    def row(self, deal: Deal) -> DealRow:
        """The row as a database holds it; ``deal`` is the state."""
        return DealRow(
            stream=self.stream,
            key=self.key or self.stream,
            process=self.process,
            version=self.version,
            stage=self.stage,
            mode=self.mode,
            outcome="lost" if self.mode == "lost" else "won" if self.won else "open",
            owner=self.owner,
            started=self.started,
            entered=self.entered,
            due=self.due,
            amount=self.amount,
            expected=self.expected,
            offered=self.offered,
            won=self.won,
            lost=self.lost,
            finished=self.finished,
            reason=self.reason,
            active=self.active if self.complete else "",
            wake=None,
            deadline=self.due,
            n=self.n,
            head=self.head,
            fold=FOLD,
            state=bytes(deal),
        )


def _started(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    data, pinned = step.data, event["definition"]
    columns.key, columns.process, columns.version = data.get("key"), pinned["id"], pinned["version"]
    columns.owner = (event.get("for") or event["by"])["id"]
    columns.started = step.occurred
    columns.amount, columns.expected = data["values"].get(columns.amount_field), data["values"].get(columns.expected_field)
    columns.enter(data["stage"], step)


def _recorded(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    values, changed = step.data["values"], step.data["changed"]
    if not changed:
        return
    if "due" in step.data:
        columns.due = step.data["due"]
    dues = {**columns.dues, **step.data.get("dues", {})}
    columns.dues = {path: due for path, due in dues.items() if due is not None}
    if columns.amount_field in values or columns.amount_field in changed:
        columns.amount = values.get(columns.amount_field)
    if columns.expected_field in values or columns.expected_field in changed:
        columns.expected = values.get(columns.expected_field)


def _migrated(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.version, columns.stage, columns.due = event["definition"]["version"], step.data["stage"], step.data.get("due")
    columns.dues = dict(step.data.get("dues", {}))
    columns.amount = columns.values.get(columns.amount_field) if columns.amount_field else None
    columns.expected = columns.values.get(columns.expected_field) if columns.expected_field else None


def _completed(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    if "milestone" in step.data and columns.offered is None:
        columns.offered = step.occurred


def _moved(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.enter(step.data["to"], step)


def _won(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.won = step.occurred


def _lost(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.mode, columns.lost, columns.reason, columns.due = "lost", step.occurred, step.data["reason"], None


def _reopened(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.mode, columns.lost, columns.reason = "open", None, None
    columns.enter(columns.stage, step)


def _finished(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.mode, columns.finished, columns.due = "done", step.occurred, None


def _assigned(columns: DealColumns, step: OpenedEvent, event: Mapping[str, Any]) -> None:
    columns.owner = step.data["to"]


_CHANGES: Mapping[str, Callable[[DealColumns, OpenedEvent, Mapping[str, Any]], None]] = {
    "deal.started": _started,
    "deal.recorded": _recorded,
    "deal.corrected": _recorded,
    "deal.migrated": _migrated,
    "action.completed": _completed,
    "stage.advanced": _moved,
    "stage.returned": _moved,
    "deal.won": _won,
    "deal.lost": _lost,
    "deal.reopened": _reopened,
    "deal.finished": _finished,
    "deal.assigned": _assigned,
}
"""Other types of events leave all columns but ``n``, ``head`` and ``state`` as they are."""


def differing_deal(columns: DealColumns, deal: Deal, stored: DealRow | None) -> Iterator[Irregularity]:
    """Columns of the deal's row that are not what its events come to; ``deal`` is the fold of the same events."""
    if stored is None:
        yield Irregularity("deal-missing", deal.stream, 0, "a row of the deal", "none")
        return
    if isinstance(stored.state, Deal):  # a store in memory need not write it
        stored = stored._replace(state=bytes(stored.state))
    expected = columns.row(deal)
    if columns.deadlines and columns.definition is not None:
        expected = expected._replace(wake=stored.wake, deadline=stored.deadline)
        for name, wanted in strange_deadlines(columns.definition, deal, stored):
            yield Irregularity("deal-differs", deal.stream, deal.n, f"{name}: {wanted}", "another")
    if expected == stored:
        return
    earlier = isinstance(stored.fold, int) and 0 < stored.fold < FOLD
    for name, value, found in zip(DealRow._fields, expected, stored, strict=True):
        # A state that an earlier fold made is never read: the deal is folded anew. It still is one of this deal.
        if value != found and not (earlier and (name == "fold" or (name == "state" and _is_of(deal, stored.state)))):
            yield Irregularity("deal-differs", deal.stream, deal.n, f"{name} as its events say", "another")


def _is_of(deal: Deal, state: object) -> bool:
    """Whether this can be what an earlier fold made of the deal."""
    try:
        told = parsed(state) if isinstance(state, bytes) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and all(told.get(name) == getattr(deal, name) for name in _LASTING)
