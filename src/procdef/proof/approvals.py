"""Decisions that a deal can be won without, although it is one for which they are meant."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place
from procdef.graph import reachable, reversed_graph
from procdef.model import Action, Stage
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN
from procdef.proof.inquiry import Answer, Flaw, Open, Proved
from procdef.proof.plans import Plans
from procdef.proof.player import Player
from procdef.proof.search import Example
from procdef.proof.told import worded


def approvals(plans: Plans) -> Iterator[Answer]:
    """``approval-unasked``."""
    process = plans.process
    graph = {each.id: tuple(each.next) for each in process.stages.values()}
    winning = [each for each in process.stages.values() if each.wins]
    for action in process.actions.values():
        before = {each.id for each in winning if action.stage != each.id and each.id in reachable(graph, action.stage)}
        if not action.decision or action.when is None or action.when.clock or action.when.actions or not before:
            continue
        if _is_kept(plans, action, before):
            at_once = all(process.stages[target].wins for target in process.stages[action.stage].next)
            later = _may_be_lacking_later(action, at_once)
            sentence = f"no deal is won for which it is meant and that lacks it, corrections aside{later}"
            yield Proved("approval-unasked", action.path, sentence, bounded=bool(later))
        else:
            yield from _unasked(plans, action, [each for each in winning if each.id in before])


def _is_kept(plans: Plans, action: Action, winning: set[str]) -> bool:
    """Whether every deal comes by the decision's stage before it is won, and cannot leave it without what it needs."""
    process = plans.process
    stage = process.stages[action.stage]
    without = {each.id: () if each.id == stage.id else tuple(each.next) for each in process.stages.values()}
    starts = [each for each in process.starts if each != stage.id]
    around = (reachable(without, *starts) | set(starts)) & winning
    return action.required and not around and not any(way.unfinished_allowed for way in stage.next.values())


def _may_be_lacking_later(action: Action, at_once: bool) -> str:
    """What bounds the proof: a decision stands when a field changes that it turns on and that does not void it, it may lapse,
    and another row of its table may come to hold without anybody's recording anything.

    ``at_once``: a deal is won as it leaves the stage of the decision, so that nothing happens in between.
    """
    rows = [row.when for row in action.table if row.when is not None]
    whens = [when for when in (action.when, *rows) if when is not None]
    fields = sorted(frozenset[str]().union(*(when.fields for when in whens)) - set(action.voided_by))
    found = []
    if fields:
        row = ", unless another row of its table holds then" if action.table else ""
        found.append(f"changing {' or '.join(fields)} afterwards does not ask again{row}")
    if action.valid_for is not None and not at_once:
        found.append(f"it lapses after {action.valid_for}, and is not asked for again in a later stage")
    if any(when.clock or when.actions for when in rows) and not at_once:
        found.append("who decides turns on the time or on other actions, and is not asked again in a later stage")
    return "".join(f"; {each}" for each in found)


def _unasked(plans: Plans, action: Action, winning: list[Stage]) -> Iterator[Answer]:
    when = action.when
    assert when is not None
    atoms = plans.inquiry.atoms
    further = ((atoms.of(when), TRUE), (atoms.is_done(action.path), FALSE | UNKNOWN))
    earlier = reversed_graph({each.id: tuple(each.next) for each in plans.process.stages.values()})
    for target in winning:
        for source in earlier.get(target.id, ()):
            player = plans.there.get(source)
            led = plans.along(player, target.id, further) if player is not None else None
            if led is not None and _lacks(plans, led, action):
                yield _flaw(plans, action, target, led)
                return
    place = Place(
        ("stages", action.stage, "required_actions" if action.required else "optional_actions", action.id), "key"
    )
    yield Open(
        "approval-unasked", place, action.path, "require it in a stage that every deal comes by before it is won"
    )


def _lacks(plans: Plans, led: Player, action: Action) -> bool:
    """Whether a deal was won that needs the decision and has none, by the engine's own evaluation."""
    deal = led.deal
    assert deal is not None
    assert action.when is not None
    seen = led.seen(action.when.fields)
    return bool(deal.won) and action.path not in deal.standing and action.when.evaluate(seen) is True


def _flaw(plans: Plans, action: Action, target: Stage, led: Player) -> Flaw:
    assert action.when is not None
    seen = led.seen(action.when.fields)
    example = Example({name: value for name, value in seen.values.items() if name in action.when.fields})
    side = "required_actions" if action.required else "optional_actions"
    sentence = (
        'a deal with {example} is won by "{target}" and nobody was asked for "{subject}", which is meant for it; '
        "require it in a stage that every deal comes by"
    )
    details = {"example": worded(plans.process, example), "target": target.id}
    place = Place(("stages", action.stage, side, action.id), "key")
    return Flaw(Finding("approval-unasked", place, sentence, subject=action.path, kind="action", details=details), example,
                tuple(led.steps))  # fmt: skip
