"""What a step was expected to come to, held against what it came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.timers import deadlines
from procdef.engine import Engine
from procdef.engine.queries import deal_named
from procdef.errors import UnknownDeal
from procdef.language.value_forms import ids
from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition
from procdef.results.refusal import StepRefused, Unmet
from procdef.scenarios.model import ANY, ExpectedRefusal, ScenarioStep
from procdef.scenarios.results import UnmetExpectation
from procdef.scenarios.taken import Taken, not_started
from procdef.scenarios.times import moment, written
from procdef.scenarios.values import stored

_APPLIED = "applied"


_NOBODY = Actor("nobody")
"""How a deal stands does not hang on who looks."""


class Standing(NamedTuple):
    """How a deal stands, and when that is asked; ``events`` are the types of those that are new in its log."""

    definition: ProcessDefinition
    deal: Deal
    now: str
    events: list[str]

    def context(self) -> Context:
        """The deal as rules see it now."""
        return Context(self.definition, self.deal, _NOBODY, self.now)

    def time(self, of: str | None) -> str:
        """A time as the process's clocks show it."""
        return "null" if of is None else written(of, self.definition.calendar.zone)


def differences(
    definition: ProcessDefinition, engine: Engine, step: ScenarioStep, taken: Taken, now: datetime
) -> Iterator[UnmetExpectation]:
    """Where a step did not come to what was expected of it."""
    if step.verb is not None:
        judged = list(_judgement(step, taken))
        yield from judged
        if judged:
            return
    if not step.then:
        return
    try:
        with engine.store.transaction(write=False) as tx:
            deal = deal_named(tx, step.deal)
    except UnknownDeal:
        yield UnmetExpectation(step.line_of("then"), "then", "a deal", not_started(step.deal))
        return
    standing = Standing(definition, deal, timestamp(now), taken.event_types(step.deal))
    for key, expected in step.then.items():
        found = _FOUND[key](standing, expected)
        if found is not None:
            yield UnmetExpectation(step.line_of(f"then.{key}"), f"then.{key}", *found)


def _judgement(step: ScenarioStep, taken: Taken) -> Iterator[UnmetExpectation]:
    """Whether the step was applied, or refused for what was expected."""
    line = step.line_of("refused" if step.refused else "do")
    expected = _expected(step)
    if taken.error is not None:
        yield UnmetExpectation(line, "do", expected, taken.error)
    elif taken.refused is None and step.refused:
        yield UnmetExpectation(line, "refused", expected, _APPLIED)
    elif taken.refused is not None and not step.refused:
        yield UnmetExpectation(line, "do", expected, f"refused for {_shown(taken.refused)}")
    elif taken.refused is not None and step.refused != ANY and not _agree(step.refused, taken.refused.unmet):
        yield UnmetExpectation(line, "refused", expected, f"refused for {_shown(taken.refused)}")


def _expected(step: ScenarioStep) -> str:
    if not step.refused:
        return _APPLIED
    return "refused" if isinstance(step.refused, str) else f"refused for {', '.join(map(str, step.refused))}"


def _shown(refused: StepRefused) -> str:
    return ", ".join(f"{item.id}: {item.code}" if item.id else item.code for item in refused.unmet)


def _agree(expected: tuple[ExpectedRefusal, ...] | str, found: tuple[Unmet, ...]) -> bool:
    """Whether each that is expected is found, and each that is found is expected."""
    if isinstance(expected, str):
        return True
    return all(any(_is(one, item) for item in found) for one in expected) and all(
        any(_is(one, item) for one in expected) for item in found
    )


def _is(expected: ExpectedRefusal, item: Unmet) -> bool:
    names = {name for about in item.about for name in (about, about.rpartition(".")[2])}
    return expected.id in names and expected.code in (None, item.code)


def _stage(standing: Standing, expected: Any) -> tuple[str, str] | None:
    return _unless_same(expected, standing.deal.stage)


def _outcome(standing: Standing, expected: Any) -> tuple[str, str] | None:
    return _unless_same(expected, standing.deal.outcome)


def _owner(standing: Standing, expected: Any) -> tuple[str, str] | None:
    return _unless_same(expected, standing.deal.owner)


def _due(standing: Standing, expected: Any) -> tuple[str, str] | None:
    return _unless_then(standing, expected, standing.deal.due)


def _dues(standing: Standing, expected: Any) -> tuple[str, str] | None:
    dues = standing.deal.dues
    stage = standing.deal.stage
    wanted, found = [], []
    for name, time in expected.items():
        path = name if "." in name else f"{stage}.{name}"
        differs = _unless_then(standing, time, dues.get(path))
        if differs is not None:
            wanted.append(f"{name}: {differs[0]}")
            found.append(f"{name}: {differs[1]}")
    return (", ".join(wanted), ", ".join(found)) if wanted else None


def _unless_then(standing: Standing, expected: str | None, due: str | None) -> tuple[str, str] | None:
    if expected is None:
        return None if due is None else ("null", standing.time(due))
    meant = moment(expected, standing.definition.calendar.zone)
    if due is not None and instant(due) == meant:
        return None
    return written(meant, standing.definition.calendar.zone), standing.time(due)


def _overdue(standing: Standing, expected: Any) -> tuple[str, str] | None:
    now = standing.now
    deadline = deadlines(standing.definition, standing.deal, now).deadline
    late = deadline is not None and deadline < now
    if late == expected:
        return None
    first = f"due {standing.time(deadline)}, and it is {standing.time(now)}"
    return _word(expected), f"{_word(late)}: {'nothing is due' if deadline is None else first}"


def _open(standing: Standing, expected: Any) -> tuple[str, str] | None:
    context, stage = standing.context(), standing.definition.stages[standing.deal.stage]
    named = list(dict.fromkeys(name.removeprefix(f"{stage.id}.") for name in ids(expected)))
    actions = {**stage.required_actions, **stage.optional_actions}
    open_ = [
        each.id
        for each in actions.values()
        if standing.deal.mode == "open"
        and context.status(each) in ("open", "unknown")
        and (each.required or each.id in named)
    ]
    return None if sorted(open_) == sorted(named) else (_listed(named), _listed(open_))


def _done(standing: Standing, expected: Any) -> tuple[str, str] | None:
    context, known = standing.context(), standing.definition.actions
    done = [path for path in known if path in context.done]
    if all(any(name in (path, path.partition(".")[2]) for path in done) for name in ids(expected)):
        return None
    return _listed(ids(expected)), _listed([path.removeprefix(f"{standing.deal.stage}.") for path in done])


def _values(standing: Standing, expected: Any) -> tuple[str, str] | None:
    wanted, found = {}, {}
    for name, value in expected.items():
        meant = stored(standing.definition, name, value)
        held = standing.deal.values.get(name)
        if held != meant:
            wanted[name], found[name] = meant, held
    return (_assigned(wanted), _assigned(found)) if wanted else None


def _events(standing: Standing, expected: Any) -> tuple[str, str] | None:
    return None if standing.events == expected else (_listed(expected), _listed(standing.events))


def _unless_same(expected: Any, found: str) -> tuple[str, str] | None:
    return None if expected == found else (str(expected), found)


def _word(value: object) -> str:
    return str(value).lower()


def _listed(names: Any) -> str:
    return ", ".join(names) or "none"


def _assigned(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_plain(value)}" for name, value in values.items())


def _plain(value: Any) -> str:
    return "null" if value is None else _word(value) if isinstance(value, bool) else str(value)


_FOUND: Mapping[str, Callable[[Standing, Any], tuple[str, str] | None]] = {
    "stage": _stage,
    "outcome": _outcome,
    "owner": _owner,
    "due": _due,
    "dues": _dues,
    "open": _open,
    "done": _done,
    "values": _values,
    "overdue": _overdue,
    "events": _events,
}
"""By key of ``then``: what was expected and what was found, where these differ."""
