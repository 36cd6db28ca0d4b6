"""One audited step in memory, against state machines that keep no log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

from benchmarks.ring import advance, engine_on
from benchmarks.rounds import Contender, Ratio, medians
from procdef.store import MemoryStore

STEPS = 200
CHAIN = 20
FACTS = {"amount": 5000, "discount": 5, "company": "Acme"}


def measure() -> Iterator[Ratio]:
    """The table's lines for one step."""
    contenders = {
        "procdef": _procdef(),
        "transitions, 3 lambda guards, list append": _transitions(),
        "python-statemachine, no log": _statemachine(),
        "sismic, no log": _sismic(),
        "SpiffWorkflow, no log": _spiff(),
    }
    found = medians(contenders, rounds=25, pieces=STEPS, clock=process_time)
    ours = found.pop("procdef")
    for name, theirs in found.items():
        yield Ratio("audited step in memory", name, ours, theirs, 4.0 if name.startswith("transitions") else 0.5)


def _procdef() -> Contender:
    engine = engine_on(MemoryStore())
    return lambda: lambda: advance(engine, STEPS)


def _transitions() -> Contender:
    from transitions import Machine

    class Deal:
        go: Callable[[], bool]

    deal, log, facts = Deal(), [], FACTS
    guards = [lambda: facts["amount"] >= 100, lambda: facts["discount"] <= 20, lambda: bool(facts["company"])]
    machine = Machine(deal, states=["one", "two"], initial="one", auto_transitions=False)
    machine.add_transition("go", "one", "two", conditions=guards)
    machine.add_transition("go", "two", "one", conditions=guards)

    def work() -> None:
        for step in range(STEPS):
            deal.go()
            log.append(step)

    return lambda: work


def _statemachine() -> Contender:
    from statemachine import State, StateMachine

    class Ring(StateMachine):
        one = State(initial=True)
        two = State()
        go = one.to(two, cond=["worth", "fair", "known"]) | two.to(one, cond=["worth", "fair", "known"])

        def worth(self) -> bool:
            return FACTS["amount"] >= 100

        def fair(self) -> bool:
            return FACTS["discount"] <= 20

        def known(self) -> bool:
            return bool(FACTS["company"])

    ring = Ring()

    def work() -> None:
        for _ in range(STEPS):
            ring.go()

    return lambda: work


def _sismic() -> Contender:
    from sismic.interpreter import Interpreter
    from sismic.io import import_from_yaml

    guard = "amount >= 100 and discount <= 20 and bool(company)"
    state = "{{name: {0}, transitions: [{{event: go, target: {1}, guard: '{2}'}}]}}"
    states = ", ".join((state.format("one", "two", guard), state.format("two", "one", guard)))
    chart = f"statechart: {{name: ring, root state: {{name: root, initial: one, states: [{states}]}}}}"
    interpreter = Interpreter(import_from_yaml(chart), initial_context=dict(FACTS))
    interpreter.execute_once()

    def work() -> None:
        for _ in range(STEPS):
            step = interpreter.queue("go").execute_once()
            assert step is not None
            assert step.transitions

    return lambda: work


def _spiff() -> Contender:
    """Short chains of choices in place of a ring: a workflow keeps every task it ran, and slows down as it grows."""
    from SpiffWorkflow import Workflow
    from SpiffWorkflow.operators import Attrib, GreaterThan, LessThan, NotEqual
    from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
    from SpiffWorkflow.specs.Simple import Simple
    from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

    spec: Any = WorkflowSpec("chain", addstart=True)
    guard = _All([GreaterThan(Attrib("amount"), 99), LessThan(Attrib("discount"), 21), NotEqual(Attrib("company"), "")])
    stopped, ended = Simple(spec, "stopped"), Simple(spec, "ended")
    choices = [ExclusiveChoice(spec, f"step{step}") for step in range(CHAIN)]
    spec.start.connect(choices[0])
    for choice, following in zip(choices, [*choices[1:], ended], strict=True):
        choice.connect(stopped)
        choice.connect_if(guard, following)

    def prepare() -> Callable[[], object]:
        workflows = [Workflow(spec) for _ in range(STEPS // CHAIN)]
        for workflow in workflows:
            workflow.task_tree.data.update(FACTS)

        def work() -> None:
            for workflow in workflows:
                workflow.run_all()
            assert all(workflow.get_next_task(spec_name="ended") for workflow in workflows)

        return work

    return prepare


class _All:
    """SpiffWorkflow's own ``And`` is not among its operators."""

    def __init__(self, guards: list[Any]) -> None:
        self.guards = guards

    def _matches(self, task: Any) -> bool:
        return all(guard._matches(task) for guard in self.guards)
