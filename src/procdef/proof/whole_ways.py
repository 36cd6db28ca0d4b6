"""Deals that are led from the start along a whole way with the values that all of it asks for.

A deal that is led stage by stage has values that let it out of this stage. Where later ones ask for others, it changes them,
and what is voided by that cannot always be done again. A deal that has from its start what the whole way asks for changes
nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from procdef.proof.domains import examples
from procdef.proof.formulas import TRUE
from procdef.proof.plans import Plans
from procdef.proof.player import Player
from procdef.proof.search import Example, Wanted

Way = tuple[str, ...]
"""The stages that a deal comes by, the first of them its start."""
_MOST_WAYS = 24
_MOST_LOOKED_AT = 2_000


def whole_ways(plans: Plans, target: str, around: frozenset[str] = frozenset()) -> Iterator[Way]:
    """The ways from a start to a stage that may be taken, the shortest first, none of them by a stage ``around`` which they are
    to lead. Of a process with very many ways, the first ones."""
    waiting = deque[Way](
        (start,) for start in plans.process.starts if start in plans.reach.stages and start not in around
    )
    found = looked_at = 0
    while waiting and found < _MOST_WAYS and looked_at < _MOST_LOOKED_AT:
        way, looked_at = waiting.popleft(), looked_at + 1
        if way[-1] == target:
            found += 1
            yield way
            continue
        for further in plans.process.stages[way[-1]].next:
            if further not in way and further not in around and (way[-1], further) in plans.reach.ways:
                waiting.append((*way, further))


def led_along(plans: Plans, way: Way, further: Sequence[Wanted]) -> Iterator[Player]:
    """Deals that took the whole way, and for which all ``further`` holds as far as an example can tell."""
    stages = [plans.process.stages[each] for each in way]
    own = frozenset(path for each in stages for path in _actions(plans, each.id))
    parts = list(plans.gates.entering(stages[0]))
    for stage, target in zip(stages, way[1:], strict=False):
        parts += plans.gates.way(stage, target)
    kind = [(part.formula, TRUE) for part in parts]
    sure = [(part.formula, TRUE) for part in parts if not part.waivable]
    for asked in (kind, sure) if len(sure) < len(kind) else (kind,):
        found = plans.example([*asked, *further], own, frozenset())
        for wanted in _fuller(plans, way, found) if found is not None else ():
            led = plans.begun(stages[0], wanted)
            for target in way[1:]:
                led = plans.led(led, target, wanted) if led is not None else None
            if led is not None:
                yield led


def _fuller(plans: Plans, way: Way, wanted: Example) -> Iterator[Example]:
    """An example, and one in which all is filled in before that the actions on the way record, which voids nothing then."""
    yield wanted
    recorded = [name for each in way for path in _actions(plans, each) for name in plans.process.actions[path].records]
    missing = {name: examples(plans.process.fields[name].type)[0] for name in recorded if name not in wanted.values}
    if missing:
        yield Example({**missing, **wanted.values}, wanted.clock, wanted.done)


def _actions(plans: Plans, stage: str) -> list[str]:
    return [each.path for each in plans.process.stages[stage].actions]
