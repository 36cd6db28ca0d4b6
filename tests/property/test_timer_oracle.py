"""What ticks tell, held against an oracle that goes from minute to minute: ticks come late and twice, steps in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.verification import Tally, verify

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SELLER, MANAGER = Actor("maija", {"seller"}), Actor("olli", {"manager"})
RANK = ("reminded", "overdue", "escalated")


class Length(NamedTuple):
    """So many minutes, of working time or of any."""

    minutes: int
    working: bool = False

    def __str__(self) -> str:
        return f"{self.minutes} {'business ' * self.working}minutes"


class Clause(NamedTuple):
    """A deadline as it is declared: within some time, or (``within`` is none) until the field ``call_at``."""

    within: Length | None
    remind: tuple[Length, ...] = ()
    escalates: bool = False
    after: Length | None = None

    def __str__(self) -> str:
        parts = [f"within: {self.within}" if self.within else "until: call_at"]
        if self.remind:
            parts.append(f"remind: [{', '.join(map(str, self.remind))}]")
        if self.escalates:
            parts.append("escalate_to: manager")
        if self.after:
            parts.append(f"escalate_after: {self.after}")
        return f"{{{', '.join(parts)}}}"


LENGTHS = st.builds(Length, st.sampled_from((70, 150, 400, 900)), st.booleans())
SHORT = st.builds(Length, st.sampled_from((1, 15, 60)), st.booleans())
REMINDERS = st.lists(SHORT, max_size=2, unique_by=str).map(tuple)


@st.composite
def clauses(draw: st.DrawFn, until: bool = False) -> Clause:
    escalates = draw(st.booleans())
    after = draw(st.none() | SHORT) if escalates else None
    return Clause(None if until else draw(LENGTHS), draw(REMINDERS), escalates, after)


CLAUSES = st.fixed_dictionaries(
    {"lead": clauses(), "lead.call": clauses(until=True), "lead.visit": clauses(), "offer": clauses()}
)
OPS = st.lists(
    st.one_of(
        st.just(("tick",)),
        st.tuples(st.just("wait"), st.sampled_from((1, 7, 30, 59, 120, 480, 1440, 4000))),
        st.tuples(st.just("do"), st.sampled_from(("call", "visit"))),
        st.tuples(st.just("big"), st.sampled_from((True, False, None))),
        st.tuples(st.just("call_at"), st.none() | st.sampled_from((-60, 0, 40, 300, 2000))),
        st.tuples(st.sampled_from(("advance", "back", "lose", "reopen", "note"))),
    ),
    min_size=4,
    max_size=30,
)


def process(clause: dict[str, Clause]) -> str:
    return f"""
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
calendar: {{timezone: UTC, hours: {{mon-fri: "09:00-17:00"}}}}
roles: {{seller: {{title: Seller}}, manager: {{title: Manager}}}}
fields: {{big: {{type: boolean}}, call_at: {{type: datetime}}}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {clause["lead"]}
    optional_actions:
      call: {{title: Call, sla: {clause["lead.call"]}}}
      visit: {{title: Visit, when: big, sla: {clause["lead.visit"]}}}
    next: offer
  offer:
    title: Offer
    owner: seller
    sla: {clause["offer"]}
    back: [lead]
    next: won
  won: {{title: Won, owner: seller, outcome: won}}
lost: {{reasons: {{price: Too dear}}, reopen: {{by: manager, within: 900 days}}}}
"""


def works(minute: datetime) -> bool:
    return minute.weekday() < 5 and 9 <= minute.hour < 17


def later(begin: datetime, length: Length) -> datetime:
    """Minute by minute until as many were counted."""
    left, reached = length.minutes, begin
    while left:
        left -= works(reached) or not length.working
        reached += MINUTE
    return reached


def earlier(end: datetime, length: Length, since: datetime) -> datetime:
    """Back minute by minute, and not before ``since``."""
    left, reached = length.minutes, end
    while left and reached > since:
        reached -= MINUTE
        left -= works(reached) or not length.working
    return max(reached, since) if not left else since


@dataclass
class Oracle:
    """A deal as the manual describes it."""

    clauses: dict[str, Clause]
    now: datetime
    stage: str = "lead"
    open: bool = True
    big: bool | None = None
    call_at: datetime | None = None
    done: set[str] = field(default_factory=set)
    told: set[tuple[Any, ...]] = field(default_factory=set)
    due: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entered = self.now
        self.enter(self.stage)

    def enter(self, stage: str) -> None:
        self.stage, self.entered, self.told, self.due, self.open = stage, self.now, set(), {}, True
        for of, clause in self.clauses.items():
            if of.split(".")[0] == stage and clause.within:
                self.due[of] = later(self.now, clause.within)
        self.set_call(self.call_at)

    def set_call(self, moment: datetime | None) -> None:
        self.call_at = moment
        self.due.pop("lead.call", None)
        if moment is not None and self.stage == "lead":
            self.due["lead.call"] = moment

    def running(self, of: str) -> bool:
        return of not in self.done and not (of == "lead.visit" and self.big is False)

    def tick(self) -> list[tuple[str, ...]]:
        """What is to be told now, in order."""
        ready: list[tuple[Any, ...]] = []
        for of, due in self.due.items() if self.open else ():
            clause = self.clauses[of]
            if not self.running(of):
                continue
            for before in clause.remind:
                at = earlier(due, before, self.entered)
                if at <= self.now < due and at < due:
                    ready.append((at, "reminded", of, due, str(before).removesuffix("s" * (before.minutes == 1))))
            if self.now >= due:
                ready.append((due, "overdue", of, due, None))
            at = later(due, clause.after) if clause.after else due
            if clause.escalates and self.now >= at:
                ready.append((at, "escalated", of, due, None))
        found = [each for each in ready if each[1:] not in self.told]
        self.told |= {each[1:] for each in found}
        return [each[1:] for each in sorted(found, key=lambda each: (each[0], RANK.index(each[1]), each[2]))]


def utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Twins:
    """The engine and the oracle, side by side."""

    def __init__(self, clause: dict[str, Clause]) -> None:
        self.now, self.store = MONDAY, open_store("memory:")
        self.engine = Engine(self.store, lambda: self.now)
        self.engine.publish(load(process(clause)), by=SELLER)
        self.engine.start("timed", "D", by=SELLER)
        self.oracle = Oracle(clause, self.now)

    def take(self, op: tuple[Any, ...]) -> None:
        kind, *more = op
        self.oracle.now = self.now
        if kind == "wait":
            self.now += more[0] * MINUTE
        elif kind == "tick":
            self.tick()
        else:
            try:
                self.step(kind, *more)
            except StepRefused:
                return

    def step(self, kind: str, *more: Any) -> None:
        engine, oracle = self.engine, self.oracle
        match kind:
            case "do":
                engine.do("D", more[0], by=SELLER)
                oracle.done.add(f"lead.{more[0]}")
            case "big":
                engine.record("D", {"big": more[0]}, by=SELLER)
                oracle.big = more[0]
            case "call_at":
                moment = None if more[0] is None else self.now + more[0] * MINUTE
                engine.record("D", {"call_at": moment and moment.isoformat()}, by=SELLER)
                oracle.set_call(moment)
            case "advance":
                if oracle.stage == "offer":
                    return
                engine.advance("D", by=SELLER)
                oracle.enter("offer")
            case "back":
                engine.back("D", "lead", by=SELLER, reason="Once more")
                oracle.enter("lead")
            case "lose":
                engine.lose("D", "price", by=SELLER)
                oracle.open = False
            case "reopen":
                engine.reopen("D", by=MANAGER, reason="They called")
                oracle.enter(oracle.stage)
            case _:
                engine.note("D", "Hello", by=SELLER)

    def tick(self) -> None:
        expected = [
            tuple(filter(None, (kind, of, utc(due), before))) for kind, of, due, before in self.oracle.tick()
        ]
        told = [tuple(filter(None, (each.kind, each.of, each.due, each.before))) for each in self.engine.tick(by=MANAGER)]
        assert told == expected
        assert [*self.engine.tick(by=MANAGER)] == []

    def sound(self) -> None:
        with self.store.inspect() as tx:
            assert [*verify(tx, Tally())] == []


@settings(max_examples=120, deadline=None)
@given(CLAUSES, OPS)
def test_ticks_tell_what_the_manual_says(clause: dict[str, Clause], ops: list[tuple[Any, ...]]) -> None:
    twins = Twins(clause)
    for op in ops:
        twins.take(op)
    twins.take(("tick",))
    twins.sound()
