"""Where deals can come to at most: what lies outside of it, no deal can ever do.

Values are taken to be free at every step, waivers to be given, and an action that can be done at some time to be done or not as
it suits. So whatever a deal can do is inside; not all that is inside can be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from procdef.diagnostics import Finding, Place
from procdef.graph import reachable, reversed_graph
from procdef.model import Stage
from procdef.proof.formulas import FALSE, TRUE
from procdef.proof.gates import Gates, Part
from procdef.proof.inquiry import Answer, Flaw, Inquiry, Open
from procdef.proof.integers import Undecided
from procdef.proof.search import Wanted


@dataclass(slots=True)
class Reach:
    """The stages that deals may come to, the actions that may be done, the ways and ends that may be taken."""

    inquiry: Inquiry
    gates: Gates
    stages: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    ways: set[tuple[str, str]] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    doubtful: set[tuple[str, str]] = field(default_factory=set)

    def work_out(self) -> None:
        """Grow until nothing is added."""
        process = self.inquiry.process
        for start in process.starts:
            parts = list(self.gates.entering(process.stages[start]))
            if self.may_hold([(part.formula, TRUE) for part in parts], done=False):
                self.stages.add(start)
        grown = -1
        while grown != (grown := len(self.stages) + len(self.actions) + len(self.ways)):
            for stage in [process.stages[each] for each in process.stages if each in self.stages]:
                self._grow(stage)
        for stage in [process.stages[each] for each in process.stages if each in self.stages]:
            if not stage.next and self.may_hold(wanted(list(self.gates.leaving(stage)))):
                self.ends.add(stage.id)

    def _grow(self, stage: Stage) -> None:
        for action in stage.actions:
            if action.path not in self.actions and self.may_hold([(each, TRUE) for each in self.gates.doing(action)]):
                self.actions.add(action.path)
        for target in stage.next:
            if (stage.id, target) in self.ways:
                continue
            if self.may_hold(wanted(self.gates.way(stage, target)), (stage.id, target)):
                self.ways.add((stage.id, target))
                self.stages.add(target)

    def may_hold(self, asked: Sequence[Wanted], about: tuple[str, str] | None = None, done: bool = True) -> bool:
        """Whether it is not excluded that all this holds at once."""

        def may_be_done(path: str) -> int:
            return TRUE | FALSE if done and path in self.actions else FALSE

        try:
            return self.inquiry.search.example(asked, may_be_done) is not None
        except Undecided:
            if about is not None:
                self.doubtful.add(about)
            return True


def wanted(parts: Sequence[Part]) -> list[Wanted]:
    """All of this is wanted but what may be waived."""
    return [(part.formula, TRUE) for part in parts if not part.waivable]


def dead_ends(inquiry: Inquiry, reach: Reach) -> Iterator[Answer]:
    """``entry-deadlock``, ``dead-transition``, and ``stuck`` where every way on is dead."""
    process = inquiry.process
    told: set[str] = set()
    for start in process.starts:
        if start not in reach.stages and not any(target == start for _, target in reach.ways):
            yield from _no_start(inquiry, reach, process.stages[start], told)
    for stage in [process.stages[each] for each in process.stages if each in reach.stages]:
        for target in stage.next:
            if (stage.id, target) not in reach.ways:
                yield from _dead(inquiry, reach, stage, target, told)
    yield from _never_needed(inquiry, reach)


def _never_needed(inquiry: Inquiry, reach: Reach) -> Iterator[Answer]:
    """Actions whose ``when`` asks for what can never be done, though values alone would make it true."""
    for condition in inquiry.conditions:
        action = inquiry.process.actions.get(condition.subject) if condition.kind == "action" else None
        if action is None or action.when is not condition.expression or action.path in reach.actions:
            continue
        formula = inquiry.formula(condition)
        if (
            action.stage in reach.stages
            and not reach.may_hold([(formula, TRUE)])
            and not _is_never_true(inquiry, action.path)
        ):
            details = {"text": condition.expression.text}
            yield Flaw(
                Finding("never-true", condition.place, _NEVER_DONE, subject=action.path, kind="action", details=details)
            )


def _no_start(inquiry: Inquiry, reach: Reach, stage: Stage, told: set[str]) -> Iterator[Answer]:
    for part in reach.gates.entering(stage):
        if not reach.may_hold([(part.formula, TRUE)], done=False):
            told.add(part.about)
            yield _entry(part, _NOT_AT_START, stage=stage.id)
            return


def _entry(part: Part, sentence: str, **details: str) -> Flaw:
    stage, _, name = part.about.partition(".")
    place = Place(("stages", stage, "entry_criteria", name), "key")
    return Flaw(Finding("entry-deadlock", place, sentence, subject=part.about, kind="criterion", details=details))


def _dead(inquiry: Inquiry, reach: Reach, stage: Stage, target: str, told: set[str]) -> Iterator[Answer]:
    parts = [part for part in reach.gates.way(stage, target) if not part.waivable]
    alone = [part for part in parts if not reach.may_hold([(part.formula, TRUE)])]
    guilty = alone[0] if alone else _guilty(reach, parts)
    if guilty is not None and guilty.about in told:
        return
    if guilty is not None and guilty.what == "entry":
        told.add(guilty.about)
        if not _is_never_true(inquiry, guilty.about):
            yield _entry(guilty, _NOTHING_MEETS, stage=stage.id)
        return
    about = [f"{stage.id} to {target}", *([guilty.about] if guilty is not None else [])]
    if any(_is_never_true(inquiry, each) for each in about):
        return
    place = Place(("stages", stage.id, "next", target), "key")
    excluding = f'"{guilty.about}"' if guilty is not None and guilty.what != "way" else "its `when`"
    finding = Finding(
        "dead-transition", place, _DEAD, subject=target, kind="stage", details={"stage": stage.id, "about": excluding}
    )
    yield Flaw(finding)


def _is_never_true(inquiry: Inquiry, subject: str) -> bool:
    """Whether it is told of a subject's condition that no values make it true."""
    condition = next((each for each in inquiry.conditions if each.subject == subject), None)
    try:
        return condition is not None and inquiry.search.example([(inquiry.formula(condition), TRUE)]) is None
    except Undecided:
        return False


def _guilty(reach: Reach, parts: list[Part]) -> Part | None:
    """The last part without which the others can hold."""
    for part in reversed(parts):
        if reach.may_hold([(each.formula, TRUE) for each in parts if each is not part]):
            return part
    return None


def without_end(inquiry: Inquiry, reach: Reach) -> list[str]:
    """The stages that deals may come to, and from which no way that may be taken leads to an end."""
    stages = inquiry.process.stages
    free = {each.id: (*(to for to in each.next if (each.id, to) in reach.ways), *each.back) for each in stages.values()}
    ends = [each for each in reach.stages if each in reach.ends or not (stages[each].next or each in inquiry.process.won_side)]
    ending = reachable(reversed_graph(free), *ends) | set(ends)
    graph = {each.id: (*each.next, *each.back) for each in stages.values()}
    declared = [each.id for each in stages.values() if not each.next]
    could = reachable(reversed_graph(graph), *declared) | set(declared)
    return [each for each in stages if each in reach.stages and each not in ending and each in could]


_NOT_AT_START = (
    'no deal meets "{subject}" when it starts in "{stage}", and nothing is waived then; let deals start elsewhere'
)
_NOTHING_MEETS = (
    'no deal that comes from "{stage}" can meet "{subject}", and nobody may waive it; '
    "ask for what can hold there, or say in `waivable_by` who may let it pass"
)
_NEVER_DONE = (
    '"{subject}" is never needed: its `when` asks for what can never be so: {text}; '
    "let it ask for something that comes before"
)
_DEAD = (
    'no deal can go from "{stage}" to "{subject}": {about} excludes something else that is asked of it there; '
    "mend one of the two, or remove the way"
)


def open_ways(reach: Reach) -> Iterator[Answer]:
    """What was not decided of ways."""
    for stage, target in sorted(reach.doubtful):
        parts = reach.gates.way(reach.inquiry.process.stages[stage], target)
        remedy = reach.inquiry.remedy([part.formula for part in parts])
        yield Open("dead-transition", Place(("stages", stage, "next", target), "key"), f"{stage} to {target}", remedy)
