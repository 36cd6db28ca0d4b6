"""Engines beside the oracle: each random command goes to both, and afterwards both must say the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from oracle.commands import PEOPLE, Step, draw_step
from oracle.conditions import Choose, chance
from oracle.deals import Deal, Item
from oracle.due_times import due_times
from oracle.log import Line, lines
from oracle.processes import Process, draw_process
from oracle.steps import outcome

from procdef import Actor, Engine, StepRefused, load
from procdef.store import Store
from procdef.verification import Tally, verify

PAUSES = [timedelta(minutes=1)] * 6 + [timedelta(0), timedelta(hours=5), timedelta(hours=24), timedelta(hours=36)]

AFTER_A_LOSS = [
    timedelta(0),
    timedelta(hours=36),
    timedelta(hours=36, seconds=1),
    timedelta(hours=48),
    timedelta(minutes=1),
]


def actor(name: str, behalf: bool) -> Actor:
    """The person, or a till with all rights that acts for the person: the rules look at the person."""
    person = Actor(name, PEOPLE[name], auth="claimed" if behalf else "app")
    return Actor("till", frozenset({"seller", "manager"}), auth="os", behalf=person) if behalf else person


def take(engine: Engine, deal: str, step: Step, by: Actor, **named: Any) -> Any:
    """The step as a call of the engine."""
    given = {key: value for key, value in step.items() if key not in ("do", "by")} | named
    verb = step["do"]
    if verb == "start":
        return engine.start("small", deal, by=by, **given)
    if verb == "note":
        return engine.note(deal, given.pop("note"), by=by, **given)
    return getattr(engine, verb)(deal, by=by, **given)


def stamp(moment: datetime | None) -> str | None:
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def expected_state(process: Process, deal: Deal) -> dict[str, Any]:
    due = due_times(process, deal)
    return {
        "due": stamp(due.pop(deal["stage"], None)),
        "dues": {path: stamp(moment) for path, moment in due.items()},
        **{key: deal[key] for key in ("stage", "mode", "outcome", "owner", "path", "values", "changed", "former")},
        **{key: stamp(deal[key]) for key in ("started", "entered", "offered", "lost", "active", "contacted")},
        "standing": {action: people for action, people in deal["standing"].items() if people},
        "until": {path: [stamp(end) or "" for end in ends] for path, ends in deal["until"].items() if any(ends)},
        "rows": {path: rows for path, rows in deal["rows"].items() if any(rows)},
        "waived": sorted({*deal["waived"]}),
    }


def seen_state(engine: Engine, name: str) -> dict[str, Any]:
    deal = engine.deal(name)
    return {
        **{key: getattr(deal, key) for key in ("stage", "mode", "outcome", "owner")},
        **{key: getattr(deal, key) for key in ("started", "entered", "offered", "lost", "active", "contacted")},
        "path": list(deal.path),
        "due": deal.due,
        "dues": dict(deal.dues),
        "values": dict(deal.values),
        "changed": dict(deal.changed_by),
        "former": {person: set(fields) for person, fields in deal.former.items()},
        "standing": {action: list(people) for action, people in deal.standing.items()},
        "until": {path: list(ends) for path, ends in deal.until.items() if any(ends)},
        "rows": {path: list(rows) for path, rows in deal.rows.items()},
        "waived": sorted(waiver.criterion for waiver in deal.waivers),
    }


def seen_line(event: dict[str, Any], waivers: dict[int, str]) -> Line:
    """An event as the oracle tells it. ``waivers`` are the criteria by the number of the event that waived them."""
    data, kind = event["data"], event["type"]
    waived = sorted(waivers[n] for n in data.get("waivers", ()))
    if kind == "stage.advanced":
        return kind, [*sorted(data.get("unfinished", ())), "with", *waived]
    if kind == "action.completed":
        row = [f"row {data['row']}"] if "row" in data else []
        return kind, [data["action"], *([data["milestone"]] if "milestone" in data else []), *row]
    if kind == "deal.lost":
        return kind, [data["reason"], *(["after_won"] if data.get("after_won") else [])]
    if kind in ("deal.recorded", "deal.corrected"):
        return kind, data["changed"]
    about = {"action.voided": "action", "deal.won": "stage"}
    return kind, [data[about[kind]]] if kind in about else waived


def plain(unmet: Iterable[Item]) -> list[tuple[str, list[str]]]:
    return sorted((code, sorted(about)) for code, about in unmet)


class Bench:
    """One random process and its deals: as the oracle has them, and in an engine on each store."""

    def __init__(self, choose: Choose, stores: Sequence[Store]) -> None:
        self.choose = choose
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.process = draw_process(choose)
        self.deals: dict[str, Deal] = {}
        self.requests = 0
        self.stores = stores
        self.engines = [Engine(store, clock=lambda: self.now) for store in stores]
        definition = load(self.process.text) if stores else None
        for engine in self.engines:
            assert definition is not None
            engine.publish(definition, by=Actor("jaana"))

    def next_deal(self) -> str:
        """The latest deal, now and then an older one; a new one when the latest is lost or done."""
        latest = self.deals.get(f"D{len(self.deals)}")
        if latest is None or (latest["mode"] != "open" and chance(self.choose, 4)):
            return f"D{len(self.deals) + 1}"
        return self.choose([*self.deals]) if chance(self.choose, 1) else f"D{len(self.deals)}"

    def step(self, verb: str | None = None) -> tuple[str, set[Item]]:
        """One random command, now and then tried without effect before or sent twice; its name and what is unmet."""
        name = self.next_deal()
        deal = self.deals.get(name)
        self.now += self.choose(PAUSES if deal is None or deal["mode"] == "open" else AFTER_A_LOSS)
        step = draw_step(self.choose, self.process, deal, self.now, verb)
        case = {"process": self.process, "deal": deal, "step": step, "now": self.now}
        case |= {"person": step["by"], "roles": PEOPLE[step["by"]]}
        unmet, after = outcome(case)
        log = [] if unmet else lines(case, after)
        by, dry = actor(step["by"], chance(self.choose, 2)), chance(self.choose, 1)
        self.requests += 1
        key = f"r{self.requests}" if chance(self.choose, 2) else None
        for engine in self.engines:
            if dry:
                self.compare(engine, name, step, unmet, log, by, dry_run=True)
                self.compare_state(engine, name, step, deal)
            for again in range(2 if key else 1):
                replayed = self.compare(engine, name, step, unmet, log, by, request=key)
                assert replayed is bool(again and not unmet)
                self.compare_state(engine, name, step, deal if unmet else after)
        if not unmet:
            self.deals[name] = after
        return step["do"], unmet

    def compare(
        self, engine: Engine, name: str, step: Step, unmet: set[Item], log: list[Line], by: Actor, **named: Any
    ) -> bool:
        """Whether the step was recognised as one that was taken before."""
        waivers = engine.deal(name).waivers if name in self.deals else ()
        try:
            done = take(engine, name, step, by, **named)
        except StepRefused as refused:
            self.equal(name, step, plain(unmet), plain((item.code, frozenset(item.about)) for item in refused.unmet))
            return False
        else:
            self.equal(name, step, plain(unmet), [])
            known = {waiver.n: waiver.criterion for waiver in waivers}
            if not done.replayed:
                self.equal(name, step, log, [seen_line(event, known) for event in done.events])
            return bool(done.replayed)

    def compare_state(self, engine: Engine, name: str, step: Step, deal: Deal | None) -> None:
        if deal is not None:
            self.equal(name, step, expected_state(self.process, deal), seen_state(engine, name))

    def equal(self, name: str, step: Step, page: Any, engine: Any) -> None:
        if page != engine:
            stages = json.dumps({key: told for key, told in self.process.document.items() if key != "fields"})
            where = f"at {self.now} on {self.deals.get(name)}\nin {stages}"
            pytest.fail(f"{step}\npage:   {page}\nengine: {engine}\n{where}")

    def verify(self) -> None:
        """The log is clean in every store."""
        for store in self.stores:
            with store.inspect() as tx:
                assert list(verify(tx, Tally())) == []
