"""A deal's log in full: of every event who, what, when and why, old and new values, and the rules with their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.audit.events import ERASED
from procdef.audit.export import Exported
from procdef.deal import Deal
from procdef.model import ProcessDefinition
from procdef.reports.histories import History, folded, told
from procdef.reports.rules import Rule, rules
from procdef.store.port import Tx

_OF_THE_DEAL = ("stage", "owner", "outcome")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the rules looked at, with the roles and how sure it is; ``entered_by`` who was at the keyboard, where that is
    another."""

    id: str
    roles: tuple[str, ...]
    auth: str
    entered_by: str | None
    entered_auth: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after; ``None`` is empty. What belongs to the deal itself is named ``deal.stage`` and so on."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One event, ``event`` being its type, ``what`` the name of the activity. ``happened`` is ``None`` where it happened as it
    was recorded. ``waivers`` are the events whose waivers it used, ``unfinished`` what was passed over."""

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
    rules: tuple[Rule, ...]


def full_log(tx: Tx, stream: str, definition: ProcessDefinition) -> Iterator[Step]:
    """The events of a deal in order. ``definition`` is the one that the deal is pinned to."""

    def tell(history: History) -> Iterable[Step]:
        return (_step(definition, before, event, after) for before, event, after in folded(history))

    return told(tx, tell, (stream,), personal=True)


def person_of(event: Mapping[str, Any]) -> Person:
    """Who an event names."""
    by, person = event["by"], event.get("for") or event["by"]
    other = (None, None) if person is by else (by["id"], by["auth"])
    return Person(person["id"], tuple(person.get("roles", ())), person["auth"], *other)


def _step(definition: ProcessDefinition, before: Deal | None, row: Exported, after: Deal) -> Step:
    event = row.event
    data = event["data"]
    note = data.get("text") if row.type == "deal.noted" else data.get("note")
    return Step(
        row.case, row.n, row.id, row.hash, row.type, row.activity, person_of(event), event["via"], row.recorded,
        event.get("happened"), data.get("reason"), note, data.get("evidence"), tuple(_changes(before, event, after)),
        tuple(data.get("waivers", ())), tuple(data.get("unfinished", ())), tuple(rules(definition, event, row.stage)),
    )  # fmt: skip


def _changes(before: Deal | None, event: Mapping[str, Any], after: Deal) -> Iterator[Change]:
    data, old = event["data"], before.values if before else {}
    changed = data.get("changed", ()) if before else sorted(after.values)
    for name in changed:
        gone = before is not None and name in before.erased
        yield Change(name, ERASED if gone else old.get(name), after.values.get(name))
    for name in _OF_THE_DEAL:
        was, now = getattr(before, name) if before else None, getattr(after, name)
        if was != now:
            yield Change(f"deal.{name}", was, now)
