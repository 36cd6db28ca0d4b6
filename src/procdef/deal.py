"""Where a deal stands: a frozen state that is nothing but the fold of its events (``events.fold``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from operator import itemgetter
from typing import Any, NamedTuple, SupportsBytes

from procdef.errors import LogBroken
from procdef.log.canonical import encode
from procdef.log.event import copied


class Waiver(NamedTuple):
    """A criterion let pass by someone who may; ``n`` is its event, ``given`` when that happened, ``reads`` what ends it when
    it changes."""

    criterion: str
    n: int
    reads: tuple[str, ...]
    given: str = ""


class Deal(NamedTuple):
    """A deal after its ``n``-th event. Times are UTC text; ``values`` are in the log's canonical form.

    ``former`` are those who owned it before, each with the fields that changed since they handed it over.
    ``standing`` holds for each action the people whose completions (of a decision: approvals) stand, ``rejected`` who
    rejected last, ``changed_by`` who last changed each field. ``entered``, ``latest`` and the like are when things
    happened; ``at`` is when the last event was recorded. ``active`` is when somebody last took a step that was applied,
    ``contacted`` when a contact was last noted. ``visit`` counts the stays, from 1. ``erased`` are the fields whose present
    value was erased: they are unset.

    ``due`` is by when the stage is to be left, ``dues`` by when its actions are to be done, by their paths; both are those of
    the present visit. ``told`` are the timers that went off in it: what fell due, the kind, the due time, and of a reminder
    how long before. ``until`` and ``rows`` stand beside ``standing``, for actions that have any: when each completion lapses
    ('' is never), and the row of the table under which each was given (0 is none). ``given`` are when the completions of the
    present visit were given, of actions that were due by some time then.

    A field that not every deal has gets a default: then a state that was stored without it is read all the same.
    """

    stream: str
    process: str
    version: int
    definition: str
    stage: str
    owner: str
    path: tuple[str, ...]
    started: str
    entered: str
    n: int
    head: str
    at: str
    latest: str
    active: str
    key: str | None = None
    mode: str = "open"
    visit: int = 1
    values: Mapping[str, Any] = {}
    standing: Mapping[str, tuple[str, ...]] = {}
    rejected: Mapping[str, str] = {}
    changed_by: Mapping[str, str] = {}
    waivers: tuple[Waiver, ...] = ()
    erased: tuple[str, ...] = ()
    due: str | None = None
    offered: str | None = None
    won: str | None = None
    lost: str | None = None
    finished: str | None = None
    reason: str | None = None
    origin: str | None = None
    contacted: str | None = None
    former: Mapping[str, tuple[str, ...]] = {}
    dues: Mapping[str, str] = {}
    told: tuple[tuple[str, ...], ...] = ()
    until: Mapping[str, tuple[str, ...]] = {}
    rows: Mapping[str, tuple[int, ...]] = {}
    given: Mapping[str, tuple[str, ...]] = {}

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

    def standing_at(self, moment: str) -> Mapping[str, tuple[str, ...]]:
        """The completions that stand, without those that have lapsed by then."""
        return self.counting_at(moment).standing

    def counting_at(self, moment: str, spared: Callable[[str], bool] | None = None) -> Deal:
        """The deal as it counts at that moment: without the completions that have lapsed by then, and without the waivers that
        ended with one. Completions of the actions that are ``spared`` do not lapse."""
        if not self.until:
            return self
        lapsing = {action: ends for action, ends in self.until.items() if spared is None or not spared(action)}
        over = {action: ends for action, ends in lapsing.items() if any(end and end <= moment for end in ends)}
        if not over:
            return self
        waivers = tuple(one for one in self.waivers if not _ended(one, over, moment))
        return self._replace(waivers=waivers, **self._without(over, moment))

    def _without(self, over: Mapping[str, tuple[str, ...]], moment: str) -> dict[str, Any]:
        """The completions of all actions without those that have lapsed: who gave them, until when, under which row, and
        of the latest when."""
        found: dict[str, Any] = {}
        for name in _BESIDE:
            held = dict(getattr(self, name))
            for action, ends in over.items():
                each_one = held.pop(action, ())
                pairs = zip(each_one, ends[len(ends) - len(each_one) :], strict=False)
                kept = tuple(each for each, end in pairs if not end or end > moment)
                if kept:
                    held[action] = kept
            found[name] = held
        return found

    def with_completion(self, action: str, person: str, until: str, row: int) -> dict[str, Any]:
        """What changes where an action was completed once more, until then ('' is for ever), under that row (0 is none)."""
        before = self.standing.get(action, ())
        found: dict[str, Any] = {"standing": {**self.standing, action: (*before, person)}}
        for name, none, value in (("until", "", until), ("rows", 0, row)):
            held = getattr(self, name)
            if value or action in held:
                found[name] = {**held, action: (*held.get(action, (none,) * len(before)), value)}
        return found

    def completions_of(self, other: Deal) -> dict[str, Any]:
        """What changes where the completions of the other deal, which is this one otherwise, stand in place of its own."""
        return {} if other is self else {name: getattr(other, name) for name in _BESIDE}

    def without_completions(self, action: str) -> dict[str, Any]:
        """What changes where all completions of an action end."""
        beside = {name: getattr(self, name) for name in _BESIDE}
        changes = {name: held for name, held in beside.items() if action in held or name == "standing"}
        return {name: {one: each for one, each in held.items() if one != action} for name, held in changes.items()}

    def done_at(self, action: str, at_least: int, row: int) -> str | None:
        """When an action was done that was due by some time then, by the completions that were given under that row of its
        table (0: it has none); ``None`` where that was before the present visit, or it was not due."""
        people, given = self.standing.get(action, ()), self.given.get(action, ())
        times = ("",) * (len(people) - len(given)) + given
        if row:
            times = tuple(each for each, under in zip(times, self.rows.get(action, ()), strict=False) if under == row)
        return (sorted(times)[at_least - 1] or None) if len(times) >= at_least else None

    def waivers_beside(self, changed: Collection[str]) -> tuple[Waiver, ...]:
        """The waivers that stand when these fields or actions change: those that read none of them."""
        if not self.waivers:
            return self.waivers
        return tuple(waiver for waiver in self.waivers if not any(name in waiver.reads for name in changed))

    def owned_earlier(self, person: str, fields: Collection[str]) -> bool:
        """Whether this person owned the deal before its present owner, and none of these fields changed since."""
        since = self.former.get(person)
        return since is not None and not any(name in since for name in fields)

    def was_filled(self, field: str) -> bool:
        """Whether a field holds a value, or held one until that was erased, which undoes nothing that was done."""
        return field in self.values or field in self.erased

    def copy(self) -> Deal:
        """The same deal with values that nobody else holds: the engine's own pass the gates, and go into the log."""
        return self._replace(
            values=copied(self.values),
            standing=dict(self.standing),
            rejected=dict(self.rejected),
            changed_by=dict(self.changed_by),
            former=dict(self.former),
            dues=dict(self.dues),
            until=dict(self.until),
            rows=dict(self.rows),
            given=dict(self.given),
        )

    def __bytes__(self) -> bytes:
        """Canonical JSON of the whole deal, without what it has not."""
        return encode({name: value for name, value in zip(_NAMES, _by_name(self), strict=True) if value or value in (0, "")})


_BESIDE = ("standing", "until", "rows", "given")
"""What is told of the completions of each action, one beside the other; of ``given`` the last ones."""


def _ended(waiver: Waiver, over: Mapping[str, tuple[str, ...]], moment: str) -> bool:
    """Whether something that a waiver reads lapsed after it was given."""
    return any(waiver.given < end <= moment for name in waiver.reads for end in over.get(name, ()))


Changes = Mapping[str, Any]
"""Fields of a deal with what an event makes of them."""

_NAMES = sorted(Deal._fields)  # in the order of canonical JSON, which then has little left to sort
_by_name = itemgetter(*map(Deal._fields.index, _NAMES))
_PLACE = {name: place for place, name in enumerate(Deal._fields)}
_LAST = _PLACE["n"]
"""Where the fields begin that every event changes, ``n``, ``head``, ``at`` and ``latest``, and behind them ``active``."""


def changed(deal: Deal, changes: Changes, n: int, head: str, at: str, occurred: str, applied: bool) -> Deal:
    """The deal with these changes after its ``n``-th event, whose hash is ``head``. ``applied``: it is of an applied step.
    ``occurred`` is empty where what came by itself is told."""
    after = list(deal)
    for name, value in changes.items():
        after[_PLACE[name]] = value
    latest = max(occurred, deal.latest)
    # A note may tell of something before the latest step, which stays the latest.
    after[_LAST : _LAST + 5] = n, head, at, latest, max(occurred, deal.active) if applied else deal.active
    return tuple.__new__(Deal, after)  # what ``_make`` does, which would count the fields too


def from_state(state: SupportsBytes) -> Deal:
    """The deal of this canonical JSON, or itself."""
    if isinstance(state, Deal):
        return state
    try:
        stored = json.loads(bytes(state))
        stored["path"] = tuple(stored["path"])
        stored["erased"] = tuple(stored.get("erased", ()))
        stored["standing"] = {action: tuple(people) for action, people in stored.get("standing", {}).items()}
        stored["former"] = {person: tuple(names) for person, names in stored.get("former", {}).items()}
        stored["told"] = tuple(map(tuple, stored.get("told", ())))
        stored["until"] = {action: tuple(ends) for action, ends in stored.get("until", {}).items()}
        stored["rows"] = {action: tuple(numbers) for action, numbers in stored.get("rows", {}).items()}
        stored["given"] = {action: tuple(times) for action, times in stored.get("given", {}).items()}
        stored["waivers"] = tuple(Waiver(c, n, tuple(reads), *given) for c, n, reads, *given in stored.get("waivers", ()))
        return Deal(**stored)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise LogBroken("the stored state of a deal cannot be read") from None
