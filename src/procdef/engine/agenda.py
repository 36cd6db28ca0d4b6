"""What waits for whom: what is due in open deals, and the day of one person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, timedelta, tzinfo
from heapq import merge
from itertools import groupby, repeat
from typing import Any, NamedTuple

from procdef.advice.preconditions import actions_before
from procdef.commands import Actor, Do
from procdef.deal import Deal
from procdef.decide import Refusal, decide
from procdef.decide.approvers import doers
from procdef.decide.context import Context
from procdef.decide.timers import lapsing, open_items
from procdef.engine.arguments import instance_of, optional
from procdef.engine.definition_cache import DefinitionCache, Volume
from procdef.engine.queries import awake
from procdef.engine.transactions import Transactions
from procdef.errors import InvalidArgument
from procdef.events.types import deal_assigned
from procdef.log.event import timestamp
from procdef.model import Action, ProcessDefinition, Stage
from procdef.results.agenda_item import AgendaItem
from procdef.store.port import Tx
from procdef.store.queries import Deals, Definitions, Events
from procdef.store.rows import DealRow

WITHIN, IDLE = timedelta(days=14), timedelta(days=14)
"""How far an agenda looks ahead, and how long a deal may lie untouched, where nobody says."""
_FOR_EVER = timedelta(days=365_000)
_ORDER = ("overdue", "approve", "handed", "rejected", "idle", "due", "lapses")
_NO_LENGTH = "how long is a timedelta that is not negative"
_KEEPS_FROM = frozenset((
    "not-yours", "four-eyes", "needs-open", "when-false", "when-unknown", "approver-unknown", "elsewhere", "closed",
))  # fmt: skip
"""What keeps somebody from approving now; whatever else is missing they can bring along."""


class Agenda(Transactions):
    """What an engine tells of what waits for whom."""

    def agenda(
        self,
        person: Actor | None = None,
        *,
        role: str | None = None,
        within: timedelta = WITHIN,
        idle: timedelta = IDLE,
    ) -> list[AgendaItem]:
        """What is due in open deals by ``within`` from now, what is overdue first, and last what is done and lapses by then.

        For a ``person`` it is what they are to do, as the owner of a deal or in a role of theirs, and their day: behind what is
        overdue, decisions that wait for them, deals that were handed over to them or came into a stage of theirs and that
        nobody has taken up, decisions that were rejected in deals of theirs, and deals of theirs that nobody has touched for
        ``idle``. Who comes without roles has those of the directory of people, where one is published; a role that no process
        has matches nothing. For a ``role`` it is what that role is to do or was told of when it was overdue; one that no
        process has is an ``InvalidArgument``.
        """
        person = optional(Actor, person, "person", "an agenda is that of an Actor")
        role = optional(str, role, "role", "a role is named by its id, a text")
        if person is not None and role is not None:
            raise InvalidArgument("an agenda is that of a person or of a role; name one of them", "role")
        for name, length in (("within", within), ("idle", idle)):
            if instance_of(timedelta, length, name, _NO_LENGTH) < timedelta(0):
                raise InvalidArgument(_NO_LENGTH, name)
        now = self.now()
        horizon = timestamp(now + within + timedelta(microseconds=1)) if within < _FOR_EVER else "9999"
        untouched = timestamp(now - idle) if idle < _FOR_EVER else ""
        asked = _Asked(person.person if person else None, role, timestamp(now), horizon, untouched)
        return self._read(lambda tx: _Desk(tx, self._library, self._language, asked).items())


def refuse_unknown_role(role: str, definitions: Iterable[ProcessDefinition]) -> None:
    """Raises ``InvalidArgument`` where none of these processes has that role."""
    known = {each for definition in definitions for each in definition.roles}
    if role not in known:
        raise InvalidArgument(f'there is no role "{role}" here; there are {", ".join(sorted(known)) or "none"}', "role")


class _Asked(NamedTuple):
    """What was asked for. Open deals whose last step was before ``untouched`` lie idle."""

    person: Actor | None
    role: str | None
    now: str
    until: str
    untouched: str


class _Seen(NamedTuple):
    """A deal that is looked at."""

    deal: Deal
    volume: Volume
    context: Context

    @property
    def definition(self) -> ProcessDefinition:
        """The version that the deal is pinned to."""
        return self.volume.definition


_Question = Callable[[_Seen], Iterator[AgendaItem]]


def _opens_by_itself(action: Action) -> bool:
    """Whether an action with a due time may come to be open again with time alone, which no row of a deal tells before."""
    when = action.when
    return action.sla is not None and (action.valid_for is not None or (when is not None and bool(when.clock or when.actions)))


def _key(found: tuple[DealRow, _Question]) -> str:
    return found[0].key


class _Desk:
    """One agenda."""

    def __init__(self, tx: Tx, library: DefinitionCache, language: str | None, asked: _Asked) -> None:
        self._tx, self._library, self._language, self._asked = tx, library, language, asked

    def items(self) -> list[AgendaItem]:
        """All of it in its order; what stands there for several reasons stands there once, for the first of them."""
        self._know_the_role()
        if self._asked.person is not None:
            self._asked = self._asked._replace(person=self._with_roles(self._asked.person))
        found: dict[tuple[str, str], AgendaItem] = {}
        every = [item for seen, questions in self._deals() for question in questions for item in question(seen)]
        for item in sorted(every, key=lambda item: _ORDER.index(item.kind)):
            place = item.stream, item.of
            known = found.get(place)
            if known is None:
                found[place] = item
        return sorted(found.values(), key=lambda each: (_ORDER.index(each.kind), each.due or each.since or "", each.deal))

    def _with_roles(self, person: Actor) -> Actor:
        """The person with the roles of today, where they came with none and there is a directory of people. The day is that of
        the process that was published last. Raises ``UnknownPerson``."""
        found = None if person.roles else self._library.people.in_force(self._tx)
        if found is None:
            return person
        zone: tzinfo = UTC
        for row in self._tx.scan(Definitions()):
            zone = self._library.known(self._tx, row.sha256).definition.calendar.zone
        known = found.known(person, self._asked.now, zone)
        if known is None:
            raise found.refuse(person)
        return known

    def _know_the_role(self) -> None:
        """Raises ``InvalidArgument`` for a role that was asked for and that no process has: it never has anything to do. A
        person may well have roles that are of other programs."""
        role = self._asked.role
        if role is not None:
            rows = list(self._tx.scan(Definitions()))
            refuse_unknown_role(role, (self._library.known(self._tx, row.sha256).definition for row in rows))

    def _questions(self) -> Iterator[tuple[Deals, _Question]]:
        """What is asked, and of which deals."""
        person = self._asked.person
        alone = person.id if person is not None and not person.roles else None
        yield Deals(owner=alone, due_before=self._asked.until), self._due
        for process, stage in self._stages_where(lambda _, actions: any(each.valid_for for each in actions)):
            yield Deals(process=process, stage=stage), self._lapsing
        for process, stage in self._stages_where(lambda _, actions: any(map(_opens_by_itself, actions))):
            yield Deals(process=process, stage=stage), self._due
        if person is not None:
            for process, stage in self._stages_of(person):
                yield Deals(process=process, stage=stage), self._for_its_people
            yield Deals(owner=person.id), self._for_its_owner

    def _deals(self) -> Iterator[tuple[_Seen, tuple[_Question, ...]]]:
        """Each open deal of which something is asked, once, with all that is: deals come in the order of their keys."""
        scans = [zip(self._tx.scan(query), repeat(question)) for query, question in self._questions()]
        for _, asked in groupby(merge(*scans, key=_key), _key):
            rows, questions = zip(*asked, strict=True)
            if rows[0].mode == "open":
                yield self._seen(rows[0]), tuple(dict.fromkeys(questions))

    def _due(self, seen: _Seen) -> Iterator[AgendaItem]:
        for of, due, sla in open_items(seen.context):
            action = seen.definition.actions.get(of)
            roles = doers(seen.context, action) if action is not None else ()
            escalated = (of, "escalated", due) in seen.deal.told
            if due < self._asked.until and self._concerns(seen, action, roles, sla.escalate_to if escalated else ()):
                kind = "overdue" if due < self._asked.now else "due"
                yield self._item(seen, kind, of, due=due, roles=roles, escalated=escalated)

    def _lapsing(self, seen: _Seen) -> Iterator[AgendaItem]:
        """What is done and has to be done again once it lapses."""
        for action, end, person in lapsing(seen.context):
            roles = doers(seen.context, action)
            if end < self._asked.until and self._concerns(seen, action, roles, ()):
                yield self._item(seen, "lapses", action.path, due=end, roles=roles, by=person)

    def _concerns(self, seen: _Seen, action: Action | None, roles: tuple[str, ...], told: tuple[str, ...]) -> bool:
        """Whether what is due is the business of whom the agenda is for."""
        person, role = self._asked.person, self._asked.role
        if role is not None:
            return role in (roles or seen.context.allowed(seen.context.stage.owner)) or role in told
        if person is None:
            return True
        if not person.roles.isdisjoint(told) or not person.roles.isdisjoint(roles):
            return True
        return seen.deal.owner == person.id and not (roles and person.roles)

    def _for_its_people(self, seen: _Seen) -> Iterator[AgendaItem]:
        """What waits for the person, without being due, in a stage in which a role of theirs decides or owns."""
        person = self._asked.person
        assert person is not None
        yield from self._approvals(seen, person)
        yield from self._come_into(seen, person)

    def _for_its_owner(self, seen: _Seen) -> Iterator[AgendaItem]:
        """What waits for the person, without being due, in a deal of theirs."""
        person = self._asked.person
        assert person is not None
        yield from self._handed(seen, person)
        yield from self._rejected(seen)
        if seen.deal.active < self._asked.untouched:
            yield self._item(seen, "idle", seen.deal.stage, since=seen.deal.active)

    def _stages_of(self, person: Actor) -> list[tuple[str, str]]:
        """The processes with the stages in which a role of the person decides or owns."""

        def theirs(stage: Stage, actions: tuple[Action, ...]) -> bool:
            decided = [action.roles for action in actions if action.decision]
            if not stage.owner and () in decided:
                return True  # which every role of the process decides on
            return not {*stage.owner}.union(*decided).isdisjoint(person.roles)

        return self._stages_where(theirs) if person.roles else []

    def _stages_where(self, fits: Callable[[Stage, tuple[Action, ...]], bool]) -> list[tuple[str, str]]:
        """The processes with the stages, in any version, that fit with the actions in them."""
        found: dict[tuple[str, str], None] = {}
        for row in self._tx.scan(Definitions()):
            definition = self._library.known(self._tx, row.sha256).definition
            for stage in definition.stages.values():
                if fits(stage, stage.actions):
                    found[definition.id, stage.id] = None
        return list(found)

    def _approvals(self, seen: _Seen, person: Actor) -> Iterator[AgendaItem]:
        for action in self._decisions(seen):
            if seen.context.status(action) != "open" or actions_before(seen.context, action):
                continue
            step = Do(action.path, decision="approve")
            verdict = decide(seen.definition, seen.volume.machine, seen.deal, step, person, self._asked.now)
            if not isinstance(verdict, Refusal) or _KEEPS_FROM.isdisjoint(each.code for each in verdict.obstacles):
                due = seen.deal.dues.get(action.path)
                yield self._item(
                    seen, "approve", action.path, due=due, roles=doers(seen.context, action), since=seen.deal.active
                )

    def _come_into(self, seen: _Seen, person: Actor) -> Iterator[AgendaItem]:
        """A deal that moved on into a stage of other people, of whom nobody has done anything yet."""
        deal, stage = seen.deal, seen.context.stage
        if len(deal.path) < 2 or deal.active > deal.entered or deal.owner == person.id:
            return
        before = seen.definition.stages[deal.path[-2]].owner
        if not person.roles.isdisjoint(stage.owner) and not {*before} & {*stage.owner} and before:
            yield self._item(seen, "handed", stage.id, roles=stage.owner, since=deal.entered)

    def _handed(self, seen: _Seen, person: Actor) -> Iterator[AgendaItem]:
        """A deal that somebody else handed over to the person, who has done nothing in it since."""
        if not seen.deal.former:
            return
        handed = None
        for row in self._tx.scan(Events(seen.deal.stream)):
            event = json.loads(row.body)
            who = (event.get("for") or event["by"])["id"]
            if event["type"] == deal_assigned.EVENT.name and event["data"]["to"] == person.id and who != person.id:
                handed = event
            elif who == person.id and not event["type"].startswith("timer."):
                handed = None
        if handed is not None:
            who = (handed.get("for") or handed["by"])["id"]
            since = handed.get("happened") or handed["at"]
            yield self._item(seen, "handed", seen.deal.stage, by=who, since=since)

    def _rejected(self, seen: _Seen) -> Iterator[AgendaItem]:
        for action in self._decisions(seen):
            who = seen.deal.rejected.get(action.path)
            if who is not None and seen.context.status(action) == "open":
                roles = doers(seen.context, action)
                yield self._item(seen, "rejected", action.path, due=seen.deal.dues.get(action.path), roles=roles, by=who)

    def _decisions(self, seen: _Seen) -> list[Action]:
        stage = seen.context.stage
        return [each for each in stage.actions if each.decision]

    def _item(self, seen: _Seen, kind: Any, of: str, **more: Any) -> AgendaItem:
        deal, definition = seen.deal, seen.definition
        action = definition.actions.get(of)
        what = action.title if action is not None else definition.stages[of].title
        return AgendaItem(
            kind, deal.name, definition.title_of(deal.values), deal.stream, deal.process, deal.version, deal.stage, deal.owner,
            of, what.in_language(self._language), **more,
        )  # fmt: skip

    def _seen(self, row: DealRow) -> _Seen:
        deal = awake(self._tx, row)
        volume = self._library.known(self._tx, deal.definition)
        person = self._asked.person or Actor("nobody")
        return _Seen(deal, volume, Context(volume.definition, deal, person, max(self._asked.now, deal.at)))

