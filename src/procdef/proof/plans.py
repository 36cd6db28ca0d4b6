"""Steps that lead a deal through its stages: thought of with the help of examples, and taken by the engine's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from procdef.expression import Value, canonical
from procdef.expression.dates_as_numbers import EPOCH
from procdef.log.event import instant
from procdef.machine import build_machine
from procdef.model import Action, Criterion, ProcessDefinition, Stage
from procdef.proof.domains import examples
from procdef.proof.formulas import FALSE, TRUE
from procdef.proof.gates import Gates
from procdef.proof.inquiry import Answer, Inquiry, Proved
from procdef.proof.integers import Undecided
from procdef.proof.player import Player, Refused
from procdef.proof.reach import Reach
from procdef.proof.search import Example, Wanted

_DOCUMENT = "document.pdf sha256:" + "0" * 64
_MOST_EYES = 4
"""So many people are asked, beside those whose approvals are needed, before four eyes are given up."""
EVIDENCE: dict[str, str] = {"note": "As agreed", "link": "https://example.com/one", "document": _DOCUMENT}
"""What is handed in, by what is asked for."""


class Plans:
    """Deals led as far as they can be led with little thought: one in each stage."""

    def __init__(self, reach: Reach) -> None:
        self.reach, self.inquiry, self.gates = reach, reach.inquiry, reach.gates
        self.process = reach.inquiry.process
        self.machine = build_machine(self.process)
        self.there: dict[str, Player] = {}
        self.taken: dict[tuple[str, str], Player] = {}

    @classmethod
    def of(cls, process: ProcessDefinition) -> Self:
        """Those of a process of which nothing was found out before, worked out."""
        inquiry = Inquiry(process)
        reach = Reach(inquiry, Gates(process, inquiry.atoms))
        reach.work_out()
        plans = cls(reach)
        plans.work_out()
        return plans

    def work_out(self) -> None:
        """Lead a deal into each stage that can be reached, by the ways that can be taken."""
        for start in self.process.starts:
            if start in self.reach.stages:
                self._start(self.process.stages[start])
        waiting = list(self.there)
        for stage in waiting:
            for target in self.process.stages[stage].next:
                if (stage, target) in self.reach.ways:
                    led = self.along(self.there[stage], target)
                    if led is not None:
                        self.taken[stage, target] = led
                        if target not in self.there:
                            self.there[target] = led
                            waiting.append(target)

    def _start(self, stage: Stage) -> None:
        player = self.started(stage)
        if player is not None:
            self.there[stage.id] = player

    def started(self, stage: Stage, further: tuple[Wanted, ...] = ()) -> Player | None:
        """A deal that was started in a stage; nothing where that was not brought about."""
        parts = list(self.gates.entering(stage))
        found = self.example([*((part.formula, TRUE) for part in parts), *further], frozenset(), frozenset())
        return self.begun(stage, found) if found is not None else None

    def begun(self, stage: Stage, wanted: Example) -> Player | None:
        """The deal of an example that was started in a stage; nothing where that is refused."""
        player = Player.at_noon(self.process, self.machine)
        try:
            self.wait(player, wanted.clock)
            player.take(self.owner(stage), "start", stage=stage.id, values=dict(wanted.values))
        except Refused:
            return None
        return player

    def along(self, player: Player, target: str | None, further: tuple[Wanted, ...] = ()) -> Player | None:
        """The deal after it took a way, or was finished (``None``); nothing where that was not brought about."""
        assert player.deal is not None
        stage = self.process.stages[player.deal.stage]
        parts = list(self.gates.leaving(stage)) if target is None else self.gates.way(stage, target)
        sure = [(part.formula, TRUE) for part in parts if not part.waivable]
        kind = [(part.formula, TRUE) for part in parts]
        own = frozenset(action.path for action in stage.actions)
        done = frozenset(player.deal.standing)
        found = self.example([*kind, *further], own, done) or self.example([*sure, *further], own, done)
        return self.led(player, target, found) if found is not None else None

    def led(self, player: Player, target: str | None, wanted: Example) -> Player | None:
        """The deal after it became like an example and took a way, or was finished; nothing where that is refused."""
        led = player.copy()
        assert led.deal is not None
        stage = self.process.stages[led.deal.stage]
        try:
            self.lead(led, stage, wanted, target is not None and stage.next[target].unfinished_allowed)
            self._waive(led, stage, target)
            if target is None:
                led.take(self.owner(stage), "finish")
            else:
                way = stage.next[target]
                reason = "As agreed" if way.reason_required or way.unfinished_allowed else None
                led.take((way.by or (self.owner(stage),))[0], "advance", to=target, reason=reason)
        except Refused:
            return None
        return led

    def example(
        self, asked: list[Wanted], own: frozenset[str], done: frozenset[str], fixed: Mapping[int, int] | None = None
    ) -> Example | None:
        """A deal for which all this holds, of which the ``own`` actions of a stage can be done and these ``done`` ones are;
        ``fixed`` is what single atoms come to."""

        def may_be_done(path: str) -> int:
            if path in own:
                return (TRUE if path in self.reach.actions else 0) | (0 if path in done else FALSE)
            return TRUE if path in done else FALSE

        try:
            return self.inquiry.search.example(asked, may_be_done, fixed)
        except Undecided:
            return None

    def lead(self, player: Player, stage: Stage, wanted: Example, passed_over: bool = False) -> None:
        """Record what is wanted, and do what is to be done; where that may be ``passed_over``, only what is wanted."""
        self.wait(player, wanted.clock)
        values = {name: value for name, value in wanted.values.items() if self.differs(player, name, value)}
        if values:
            player.take(self.owner(stage), "record", values=values)
        optional = [each for each in stage.optional_actions.values() if each.path in wanted.done]
        required = [each for each in stage.required_actions.values() if not passed_over or each.path in wanted.done]
        todo = [*required, *optional]
        for action in in_order(todo):
            self.complete(player, stage, action)

    def complete(self, player: Player, stage: Stage, action: Action) -> None:
        """Do an action as many times as it is to be done. Raises ``Refused``; one that is not needed is left."""
        assert player.deal is not None
        if action.path in player.deal.standing:
            return
        given = self.completion(player, action)
        roles = action.roles or (self.owner(stage),)
        for _ in range(_most_asked(action)):
            for role in roles:
                try:
                    self.by_somebody(player, role, action, given)
                except Refused as refused:
                    codes = {each.code for each in refused.refusal.obstacles}
                    if codes == {"not-yours"} and role != roles[-1]:
                        continue
                    if codes & {"when-false"} or (codes <= {"when-unknown", "needs-open"} and not action.required):
                        return
                    raise
                given["values"] = None
                break

    def by_somebody(self, player: Player, role: str, action: Action, given: Mapping[str, Any]) -> None:
        """Have the first person with a role do an action whom four eyes allow to. Raises ``Refused``."""
        last = _most_asked(action) + _MOST_EYES
        for number in range(1, last):
            try:
                player.take(role, "do", number, **given)
                return
            except Refused as refused:
                if {each.code for each in refused.refusal.obstacles} != {"four-eyes"}:
                    raise
        player.take(role, "do", last, **given)

    def completion(self, player: Player, action: Action) -> dict[str, Any]:
        """What is handed in with an action; of a decision, that it approves."""
        missing: dict[str, Value] = {
            name: examples(self.process.fields[name].type)[0] for name in action.records if name not in player.values
        }
        given: dict[str, Any] = {"action": action.id, "values": missing or None}
        if action.ways:
            given["way"] = next(iter(action.ways))
        if action.evidence != "none":
            given["evidence"] = EVIDENCE[action.evidence]
        if action.decision:
            given["decision"] = "approve"
        return given

    def _waive(self, player: Player, stage: Stage, target: str | None) -> None:
        criteria: list[Criterion] = list(stage.exit_criteria.values())
        if target is not None:
            criteria += self.process.stages[target].entry_criteria.values()
        for criterion in criteria:
            if criterion.waivable_by:
                try:
                    player.take(criterion.waivable_by[0], "waive", criterion=criterion.path, reason="As agreed")
                except Refused as refused:
                    if {each.code for each in refused.refusal.obstacles} != {"already-met"}:
                        raise

    def differs(self, player: Player, name: str, value: Value) -> bool:
        """Whether a deal has another value in a field, or none."""
        return bool(player.values.get(name) != canonical(self.process.fields[name].type, value))

    def owner(self, stage: Stage) -> str:
        """A role that answers for a stage."""
        return (stage.owner or tuple(self.process.roles))[0]

    def wait(self, player: Player, clock: Mapping[str, int]) -> None:
        """Move the clock to a time that is asked for, if that is still to come."""
        moments = [player.now]
        zone = self.process.calendar.zone
        if "now" in clock:
            moments.append(EPOCH + timedelta(microseconds=clock["now"]))
        elif "today" in clock:
            day = datetime.fromordinal(clock["today"])
            moments.append(datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC))
        if player.deal is not None:
            for name, since in (("deal.age", player.deal.started), ("deal.stage_age", player.deal.entered)):
                if name in clock:
                    moments.append(instant(since) + timedelta(microseconds=clock[name]))
        player.now = max(moments)


def _most_asked(action: Action) -> int:
    """How many times an action is to be done at most, whichever row of its table holds."""
    return max((action.at_least, *(row.at_least for row in action.table)))


def in_order(actions: list[Action]) -> list[Action]:
    """Each action after those that it needs."""
    left, found = list(actions), list[Action]()
    while left:
        names = {each.path for each in left}
        ready = next((each for each in left if not names & set(each.needs)), left[0])
        left.remove(ready)
        found.append(ready)
    return found


def ways(plans: Plans) -> Iterator[Answer]:
    """The ways that were taken by a deal that was played."""
    for (stage, target), led in plans.taken.items():
        yield Proved("dead-transition", f"{stage} to {target}", f"a deal was led along it, in {len(led.steps)} steps")
