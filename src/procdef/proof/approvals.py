"""Decisions that a deal can be won without, although it is one for which they are meant."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place
from procdef.graph import reachable, reversed_graph
from procdef.language.rules.references.mentions import action_route
from procdef.model import Action, Stage
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN
from procdef.proof.inquiry import Answer, Flaw, Open, Proved
from procdef.proof.integers import Undecided
from procdef.proof.plans import Plans
from procdef.proof.player import Player
from procdef.proof.search import Example, Wanted
from procdef.proof.states import Played
from procdef.proof.told import worded
from procdef.proof.whole_ways import led_along, whole_ways


def approvals(plans: Plans, played: Played) -> Iterator[Answer]:
    """``approval-unasked``. Each branch may have a decision of its own: one that is meant for the same deals does as well."""
    process = plans.process
    graph = {each.id: tuple(each.next) for each in process.stages.values()}
    winning = [each for each in process.stages.values() if each.wins]
    for action in process.actions.values():
        before = {each.id for each in winning if action.stage != each.id and each.id in reachable(graph, action.stage)}
        if not action.decision or action.when is None or action.when.clock or not before:
            continue
        others = [each for each in process.actions.values() if each is not action and _will_do(plans, action, each)]
        if _is_kept(plans, [action], before):
            yield _proved(plans, action, [])
        elif others and _is_kept(plans, [action, *others], {each.id for each in winning}):
            yield _proved(plans, action, others)
        elif action.when.actions:
            yield _in_states(plans, action, played)
        else:
            yield from _unasked(plans, action, others, [each for each in winning if each.id in before])


def _will_do(plans: Plans, action: Action, other: Action) -> bool:
    """Whether another decision is meant for every deal for which this one is, on a branch that does not come by this one."""
    graph = {each.id: tuple(each.next) for each in plans.process.stages.values()}
    one, two = action.stage, other.stage
    if one == two or two in reachable(graph, one) or one in reachable(graph, two):
        return False
    if (
        not other.decision
        or action.when is None
        or action.when.actions
        or (other.when is not None and (other.when.clock or other.when.actions))
    ):
        return False
    if other.when is None or not action.when.fields & other.when.fields:
        return False  # it may be about something else altogether
    atoms = plans.inquiry.atoms
    try:
        beyond = plans.inquiry.search.example([(atoms.of(action.when), TRUE), (atoms.of(other.when), FALSE | UNKNOWN)])
    except Undecided:
        return False
    return beyond is None


def _is_kept(plans: Plans, decisions: list[Action], winning: set[str]) -> bool:
    """Whether every deal comes by the stage of one of the decisions before it is won, and cannot leave it without what it
    needs."""
    process = plans.process
    stages = {action.stage for action in decisions}
    without = {each.id: () if each.id in stages else tuple(each.next) for each in process.stages.values()}
    starts = [each for each in process.starts if each not in stages]
    around = (reachable(without, *starts) | set(starts)) & winning
    ways = [way for stage in stages for way in process.stages[stage].next.values()]
    return all(each.required for each in decisions) and not around and not any(way.unfinished_allowed for way in ways)


def _proved(plans: Plans, action: Action, others: list[Action]) -> Proved:
    assert action.when is not None
    stages = plans.process.stages
    later = []
    for each in (action, *others):
        at_once = all(stages[target].wins for target in stages[each.stage].next)
        later += [one for one in _may_be_lacking_later(each, action.when.fields, at_once) if one not in later]
    lacks = " and ".join(["it", *(each.path for each in others)])
    sentence = f"no deal is won for which it is meant and that lacks {lacks}, corrections aside"
    return Proved("approval-unasked", action.path, "; ".join([sentence, *later]), bounded=bool(later))


def _may_be_lacking_later(action: Action, about: frozenset[str], at_once: bool) -> list[str]:
    """What bounds the proof: a decision stands when a field changes that it turns on and that does not void it, it may lapse,
    and another row of its table may come to hold without anybody's recording anything.

    ``about`` are the fields on which it turns beside its own. ``at_once``: a deal is won as it leaves the stage of the
    decision, so that nothing happens in between.
    """
    rows = [row.when for row in action.table if row.when is not None]
    whens = [when for when in (action.when, *rows) if when is not None]
    fields = sorted(about.union(*(when.fields for when in whens)) - set(action.voided_by))
    found = []
    if fields:
        row = ", unless another row of its table holds then" if action.table else ""
        found.append(f"changing {' or '.join(fields)} afterwards does not ask again{row}")
    if action.valid_for is not None and not at_once:
        found.append(f"it lapses after {action.valid_for}, and is not asked for again in a later stage")
    if action.when is not None and action.when.actions and not at_once:
        asked = " and ".join(sorted(action.when.actions))
        found.append(f"it turns on whether {asked} is done, and is not asked for again in a later stage")
    if any(when.clock or when.actions for when in rows) and not at_once:
        found.append("who decides turns on the time or on other actions, and is not asked again in a later stage")
    return found


def _unasked(plans: Plans, action: Action, others: list[Action], winning: list[Stage]) -> Iterator[Answer]:
    when = action.when
    assert when is not None
    atoms = plans.inquiry.atoms
    undone = [(atoms.is_done(each.path), FALSE | UNKNOWN) for each in (action, *others)]
    further = ((atoms.of(when), TRUE), *undone)
    for target in winning:
        for led in _led(plans, action, target, further):
            if all(_lacks(plans, led, action, each) for each in (action, *others)):
                yield _flaw(plans, action, target, led)
                return
    yield _open(action)


def _open(action: Action) -> Open:
    remedy = "require it in a stage that every deal comes by before it is won"
    return Open("approval-unasked", Place(action_route(action), "key"), action.path, remedy)


def _in_states(plans: Plans, action: Action, played: Played) -> Answer:
    """What the states tell in which deals are won, of a decision that is meant for deals for which something is done or not."""
    states = played.states
    if states is None:
        return _open(action)
    lacking = [state for state in states.won() if _lacks(plans, states.reached[state], action, action)]
    for state in lacking:
        led = states.reached[state]
        if state in states.played and led.steps[-1].do == "advance":
            return _flaw(plans, action, plans.process.stages[state[0]], led)
    return _open(action) if lacking else _proved(plans, action, [])


def _led(plans: Plans, action: Action, target: Stage, further: tuple[Wanted, ...]) -> Iterator[Player]:
    """Deals that are won by a stage, and are thought of as ones for which all ``further`` holds: first those that become so in
    the last stage before, then those that are so from the start, along whole ways."""
    earlier = reversed_graph({each.id: tuple(each.next) for each in plans.process.stages.values()})
    for source in earlier.get(target.id, ()):
        player = plans.there.get(source)
        led = plans.along(player, target.id, further) if player is not None else None
        if led is not None:
            yield led
    stage = plans.process.stages[action.stage]
    kept = action.required and not any(way.unfinished_allowed for way in stage.next.values())
    for way in whole_ways(plans, target.id, frozenset({stage.id}) if kept else frozenset()):
        yield from led_along(plans, way, further)


def _lacks(plans: Plans, led: Player, action: Action, decision: Action) -> bool:
    """Whether a deal was won that needs an approval and lacks this decision, by the engine's own evaluation."""
    deal = led.deal
    assert deal is not None
    assert action.when is not None
    return bool(deal.won) and decision.path not in deal.standing and led.context().truth(action.when) is True


def _flaw(plans: Plans, action: Action, target: Stage, led: Player) -> Flaw:
    assert action.when is not None
    seen = led.context()
    done = frozenset(path for path in action.when.actions if path in seen.done)
    values = {name: value for name, value in seen.values.items() if name in action.when.fields}
    example = Example(values, {}, done)
    shown = [worded(plans.process, example)] if values or done else []
    shown += [f"{path} not done" for path in sorted(action.when.actions - done)]
    sentence = (
        'a deal with {example} is won by "{target}" and nobody was asked for "{subject}", which is meant for it; '
        "require it in a stage that every deal comes by"
    )
    details = {"example": ", ".join(shown) or worded(plans.process, example), "target": target.id}
    place = Place(action_route(action), "key")
    return Flaw(Finding("approval-unasked", place, sentence, subject=action.path, kind="action", details=details), example,
                tuple(led.steps))  # fmt: skip
