"""Where a deal stands: a frozen state that is nothing but the fold of its events.

The fold evaluates no expression and asks no calendar, so that a later procdef cannot change what happened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, SupportsBytes

from procdef.errors import LogBroken, NewerLog
from procdef.log.canonical import encode
from procdef.log.event import Data, copied
from procdef.log.format import unknown

FOLD = 2
"""The version of the fold below; a stored state that another one made is folded anew. It grows with every change to
what the fold makes or reads, a new type or key included: that is how an older procdef notices that it must not write."""


class Waiver(NamedTuple):
    """A criterion let pass by someone who may; ``n`` is its event, ``reads`` what ends it when it changes."""

    criterion: str
    n: int
    reads: tuple[str, ...]


class Deal(NamedTuple):
    """A deal after its ``n``-th event. Times are UTC text; ``values`` are in the log's canonical form.

    ``standing`` holds for each action the people whose completions (of a decision: approvals) stand, ``rejected`` who
    rejected last, ``changed_by`` who last changed each field. ``entered``, ``latest`` and the like are when things
    happened; ``at`` is when the last event was recorded. ``visit`` counts the stays, from 1. ``erased`` are the fields
    whose present value was erased: they are unset.
    """

    stream: str
    key: str | None
    process: str
    version: int
    definition: str
    stage: str
    mode: str
    owner: str
    path: tuple[str, ...]
    values: Mapping[str, Any]
    standing: Mapping[str, tuple[str, ...]]
    rejected: Mapping[str, str]
    changed_by: Mapping[str, str]
    waivers: tuple[Waiver, ...]
    started: str
    entered: str
    visit: int
    due: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    origin: str | None
    n: int
    head: str
    at: str
    latest: str
    erased: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The deal's id for people, or its stream where that was erased."""
        return self.key or self.stream

    @property
    def outcome(self) -> str:
        """``open``, ``won`` or ``lost``."""
        return "lost" if self.mode == "lost" else "won" if self.won else "open"

    @property
    def passed(self) -> tuple[str, ...]:
        """The stages on the path that the deal has left behind."""
        return self.path[:-1]

    def copy(self) -> Deal:
        """The same deal with values that nobody else holds: the engine's own pass the gates, and go into the log."""
        return self._replace(
            values=copied(self.values),
            standing=dict(self.standing),
            rejected=dict(self.rejected),
            changed_by=dict(self.changed_by),
        )

    def __bytes__(self) -> bytes:
        """Canonical JSON of the whole deal."""
        return encode({key: value for key, value in zip(Deal._fields, self, strict=True) if value or value in (0, "")})


Changes = Mapping[str, Any]
"""Fields of a deal with what an event makes of them."""

_NOTHING: Changes = {}
_PLACE = {name: place for place, name in enumerate(Deal._fields)}
_LAST = _PLACE["n"]
"""Where the four fields begin that every event changes: ``n``, ``head``, ``at`` and ``latest``."""
_UNSET = ("key", "due", "offered", "won", "lost", "finished", "reason", "origin")
_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(_UNSET),
    **{"values": {}, "standing": {}, "rejected": {}, "changed_by": {}, "waivers": (), "erased": ()},
}


def from_state(state: SupportsBytes) -> Deal:
    """The deal of this canonical JSON, or itself."""
    if isinstance(state, Deal):
        return state
    try:
        stored = json.loads(bytes(state))
        stored["path"] = tuple(stored["path"])
        stored["erased"] = tuple(stored.get("erased", ()))
        stored["standing"] = {action: tuple(people) for action, people in stored.get("standing", {}).items()}
        stored["waivers"] = tuple(Waiver(c, n, tuple(reads)) for c, n, reads in stored.get("waivers", ()))
        return Deal(**{**_EMPTY, **stored})
    except (ValueError, TypeError, LookupError, AttributeError):
        raise LogBroken("the stored state of a deal cannot be read; `procdef audit verify` tells more") from None


class Happening(NamedTuple):
    """An event as the fold reads it: its data with personal values in place, and what it needs of the envelope. ``sealed``
    are the fields whose values it sealed; those that ``data`` lacks were erased since."""

    type: str
    data: Data
    stream: str
    n: int
    hash: str
    at: str
    happened: str | None
    person: str
    definition: Data | None = None
    sealed: tuple[str, ...] = ()

    @property
    def occurred(self) -> str:
        return self.happened or self.at


def happening(event: Mapping[str, Any], digest: str) -> Happening:
    """A stored event (with its personal values opened) as the fold reads it.

    Raises ``NewerLog`` for what only a later procdef knows.
    """
    newer = unknown(event)
    if newer is not None:
        raise NewerLog(f"{event.get('stream')}: event {event.get('n')} has {newer}, which only a later procdef reads")
    return known_happening(event, digest)


def known_happening(event: Mapping[str, Any], digest: str) -> Happening:
    """As ``happening``, for an event of which everything is known."""
    person = event.get("for") or event["by"]
    return Happening(
        event["type"],
        event["data"],
        event["stream"],
        event["n"],
        digest,
        event["at"],
        event.get("happened"),
        person["id"],
        event.get("definition"),
        _sealed_fields(event["private"]) if "private" in event else (),
    )


def _sealed_fields(pointers: Iterable[str]) -> tuple[str, ...]:
    return tuple([pointer.split("/")[2] for pointer in pointers if pointer.startswith("/values/")])


def fold(deal: Deal | None, event: Happening) -> Deal:
    """The deal after this event.

    Raises ``NewerLog`` for a type of event that this procdef does not know, ``LogBroken`` where a deal does not begin
    with its start.
    """
    kind, occurred = event.type, event.happened or event.at
    if kind == "deal.started":
        return _started(event)
    if deal is None:
        raise LogBroken(f"{event.stream}: event {event.n} is {kind}, but a deal begins with deal.started")
    step = _STEPS.get(kind)
    if step is None and kind not in UNCHANGED and not kind.startswith("x-"):
        raise NewerLog(f"{event.stream}: event {event.n} has the type {kind}, which only a later procdef reads")
    after = list(deal)
    if step is not None:
        for name, value in step(deal, event).items():
            after[_PLACE[name]] = value
    after[_LAST : _LAST + 4] = event.n, event.hash, event.at, max(occurred, deal.latest)
    return tuple.__new__(Deal, after)  # what ``_make`` does, which would count the fields too


def _started(event: Happening) -> Deal:
    data, definition = event.data, event.definition or {}
    return Deal(
        stream=event.stream,
        key=data.get("key"),
        process=definition["id"],
        version=definition["version"],
        definition=definition["sha256"],
        stage=data["stage"],
        mode="open",
        owner=event.person,
        path=(data["stage"],),
        values=data["values"],
        standing={},
        rejected={},
        changed_by=dict.fromkeys((*data["values"], *event.sealed), event.person),
        waivers=(),
        started=event.occurred,
        entered=event.occurred,
        visit=1,
        due=data.get("due"),
        offered=None,
        won=None,
        lost=None,
        finished=None,
        reason=None,
        origin=data.get("from"),
        n=event.n,
        head=event.hash,
        at=event.at,
        latest=event.occurred,
        erased=tuple(sorted({name for name in event.sealed if name not in data["values"]})),
    )


def _recorded(deal: Deal, event: Happening) -> Changes:
    data = event.data
    changed = data["changed"]
    if not changed:
        return _NOTHING
    # A changed value that is in neither place was erased: what stood there before it does not come back.
    values = {name: value for name, value in deal.values.items() if name not in changed} | data["values"]
    return {
        "values": values,
        "changed_by": {**deal.changed_by, **dict.fromkeys(changed, event.person)},
        "waivers": _untouched(deal.waivers, changed),
        "erased": _still_erased(deal.erased, event),
    }


def _completed(deal: Deal, event: Happening) -> Changes:
    data, action = event.data, event.data["action"]
    rejected = {other: person for other, person in deal.rejected.items() if other != action}
    if data.get("decision") == "reject":
        standing = {other: people for other, people in deal.standing.items() if other != action}
        rejected[action] = event.person
    else:
        standing = {**deal.standing, action: (*deal.standing.get(action, ()), event.person)}
    offered = deal.offered or (event.occurred if "milestone" in data else None)
    waivers = _untouched(deal.waivers, (action,))
    return {"standing": standing, "rejected": rejected, "offered": offered, "waivers": waivers}


def _voided(deal: Deal, event: Happening) -> Changes:
    action = event.data["action"]
    standing = {other: people for other, people in deal.standing.items() if other != action}
    return {"standing": standing, "waivers": _untouched(deal.waivers, (action,))}


def _waived(deal: Deal, event: Happening) -> Changes:
    criterion = event.data["criterion"]
    path = f"{criterion['stage']}.{criterion['id']}"
    others = tuple(waiver for waiver in deal.waivers if waiver.criterion != path)
    return {"waivers": (*others, Waiver(path, event.n, tuple(event.data["reads"])))}


def _moved(deal: Deal, event: Happening) -> Changes:
    target = event.data["to"]
    path = deal.path[: deal.path.index(target)] if target in deal.path else deal.path
    return {
        "stage": target,
        "path": (*path, target),
        "waivers": (),
        "entered": event.occurred,
        "visit": deal.visit + 1,
        "due": event.data.get("due"),
    }


def _won(deal: Deal, event: Happening) -> Changes:
    return {"won": event.occurred}


def _lost(deal: Deal, event: Happening) -> Changes:
    return {"mode": "lost", "lost": event.occurred, "reason": event.data["reason"], "waivers": (), "due": None}


def _reopened(deal: Deal, event: Happening) -> Changes:
    return {
        "mode": "open",
        "lost": None,
        "reason": None,
        "entered": event.occurred,
        "visit": deal.visit + 1,
        "due": event.data.get("due"),
    }


def _finished(deal: Deal, event: Happening) -> Changes:
    return {"mode": "done", "finished": event.occurred, "waivers": (), "due": None}


def _assigned(deal: Deal, event: Happening) -> Changes:
    return {"owner": event.data["to"]}


def _still_erased(before: tuple[str, ...], event: Happening) -> tuple[str, ...]:
    """The fields whose present value is gone after values were recorded."""
    values, changed = event.data["values"], event.data["changed"]
    others = [name for name in before if name not in changed]
    return tuple(sorted({*others, *(name for name in event.sealed if name in changed and name not in values)}))


def _untouched(waivers: tuple[Waiver, ...], changed: tuple[str, ...] | list[str]) -> tuple[Waiver, ...]:
    if not waivers:
        return waivers
    return tuple(waiver for waiver in waivers if not any(name in waiver.reads for name in changed))


UNCHANGED = frozenset({
    "deal.noted", "step.refused", "privacy.erased",
    "definition.published", "privacy.purged", "log.created", "log.exported", "log.rekeyed", "log.moved", "log.opened",
})  # fmt: skip
"""The events that leave a deal where it is, but for what every event changes. The last ones have no business with a deal,
which is for the verifier to say."""

_STEPS = {
    "deal.recorded": _recorded,
    "deal.corrected": _recorded,
    "action.completed": _completed,
    "action.voided": _voided,
    "criterion.waived": _waived,
    "stage.advanced": _moved,
    "stage.returned": _moved,
    "deal.won": _won,
    "deal.lost": _lost,
    "deal.reopened": _reopened,
    "deal.finished": _finished,
    "deal.assigned": _assigned,
}
