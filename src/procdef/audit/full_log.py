"""A deal's log in full: of every event who, what, when and why, old and new values, and the rules with their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procdef.audit.deal_histories import History, folded, told
from procdef.audit.export import Exported
from procdef.audit.rules_of_event import RULE_KEYS, RuleOutcome, rules
from procdef.deal import Deal
from procdef.directory import absent_people
from procdef.engine.definition_cache import DefinitionCache
from procdef.events.types import privacy_erased
from procdef.log.event import ERASED
from procdef.model import ProcessDefinition
from procdef.store.port import Tx

_OF_THE_DEAL = ("stage", "owner", "outcome")
_TOLD = frozenset((
    "values", "unset", "changed", "reason", "note", "text", "evidence", "waivers", "unfinished", "facts", "unmet", "decision",
    "process", "stage", "action", "criterion", "do",
))  # fmt: skip
"""What events say that has a place of its own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the rules looked at, with the roles (and where they come from, where that is told) and how sure it is;
    ``entered_by`` who was at the keyboard, where that is another."""

    id: str
    roles: tuple[str, ...]
    auth: str
    entered_by: str | None
    entered_auth: str | None
    roles_from: str | None = None

    @property
    def deputy_for(self) -> tuple[str, ...]:
        """The absent people whose roles they had, where those come from a directory."""
        return absent_people(self.roles_from)


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after; ``None`` is empty. What belongs to the deal itself is named ``deal.stage`` and so on."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Gone:
    """A personal value of an event that was erased: where it stood, when and on what basis it went, and by which event."""

    path: str
    time: str
    basis: str
    n: int


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """One event, ``event`` being its type, ``what`` the name of the activity. ``happened`` is ``None`` where it happened as it
    was recorded. ``waivers`` are the events whose waivers it used, ``unfinished`` what was passed over, ``facts`` what a
    decision saw, ``more`` whatever else the event says, ``erased`` what it does not say any more."""

    stream: str
    n: int
    id: str
    hash: str
    event: str
    what: str
    who: Person
    via: str
    recorded: str
    happened: str | None
    reason: str | None
    note: str | None
    evidence: Mapping[str, Any] | None
    changes: tuple[Change, ...]
    waivers: tuple[int, ...]
    unfinished: tuple[str, ...]
    rules: tuple[RuleOutcome, ...]
    facts: Mapping[str, Any] | None
    more: Mapping[str, Any]
    erased: tuple[Gone, ...]
    definition: Mapping[str, Any]


def full_log(tx: Tx, stream: str, definition: ProcessDefinition) -> Iterator[LoggedStep]:
    """The events of a deal in order, each by the version that it was judged by. ``definition`` is the one that the deal is
    pinned to."""
    library = DefinitionCache()

    def judged_by(event: Exported) -> ProcessDefinition:
        sha = event.event["definition"]["sha256"]
        return definition if sha == definition.sha256 else library.known(tx, sha).definition

    def tell(history: History) -> Iterable[LoggedStep]:
        gone = _gone(history)
        return (
            _step(judged_by(event), before, event, after, gone.get(event.n, ())) for before, event, after in folded(history)
        )

    return told(tx, tell, (stream,), personal=True)


def person_of(event: Mapping[str, Any]) -> Person:
    """Who an event names."""
    by, person = event["by"], event.get("for") or event["by"]
    other, sure = (None, None) if person is by else (by["id"], by["auth"])
    return Person(person["id"], tuple(person.get("roles", ())), person["auth"], other, sure, person.get("from"))


def _gone(history: History) -> Mapping[int, Sequence[Gone]]:
    """By event the values of it that were erased later."""
    found: dict[int, list[Gone]] = {}
    for event in history:
        if event.type == privacy_erased.EVENT.name:
            for _, n, path in event.event["data"]["leaves"]:
                found.setdefault(n, []).append(Gone(path, event.recorded, event.event["data"]["basis"], event.n))
    return found


def _step(
    definition: ProcessDefinition, before: Deal | None, row: Exported, after: Deal, gone: Sequence[Gone]
) -> LoggedStep:
    event = row.event
    others = row.type.startswith("x-")
    data: Mapping[str, Any] = {} if others else event["data"]
    note = data.get("note", data.get("text"))
    return LoggedStep(
        row.case, row.n, row.id, row.hash, row.type, row.activity, person_of(event), event["via"], row.recorded,
        event.get("happened"), data.get("reason"), note, data.get("evidence"), tuple(_changes(before, event, after)),
        tuple(data.get("waivers", ())), tuple(data.get("unfinished", ())),
        () if others else tuple(rules(definition, event, row.stage)), data.get("facts"),
        event["data"] if others else _more(row.type, data), tuple(gone),
        {key: event["definition"][key] for key in ("id", "version", "sha256")},
    )  # fmt: skip


def _more(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says beside its changes, reasons and rules; values that were recorded as they were already, too."""
    told = _TOLD | RULE_KEYS.get(kind, frozenset())
    more = {key: value for key, value in data.items() if key not in told}
    same = sorted({*data.get("values", ()), *data.get("unset", ())} - {*data.get("changed", ())})
    return {**more, **({"unchanged": same} if same and "changed" in data else {})}


def _changes(before: Deal | None, event: Mapping[str, Any], after: Deal) -> Iterator[Change]:
    data, old = event["data"], before.values if before else {}
    if event["type"].startswith("x-"):
        return
    changed = data.get("changed", ()) if before else sorted(after.values)
    if before and event["type"] == "deal.migrated":
        names = data.get("fields", {})
        changed = sorted({name for name, now in names.items() if now is None} | (data["values"].keys() - {*names.values()}))
    for name in changed:
        gone = before is not None and name in before.erased
        yield Change(name, ERASED if gone else old.get(name), after.values.get(name))
    for name in _OF_THE_DEAL:
        was, now = getattr(before, name) if before else None, getattr(after, name)
        if was != now:
            yield Change(f"deal.{name}", was, now)
