"""Where deals can go, by ``next`` and ``back``, and on which side of the win."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from procdef.diagnostics import Route
from procdef.graph import reachable
from procdef.language.partly_read_process import Draft

Graph = dict[str, tuple[str, ...]]
ANYWHERE = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that ``next`` opens, the wins, and the stages that an open deal and a won deal can come to.

    ``after`` holds a winning stage only where ``next`` leads there from a win. A part of the file with a fault of its own
    may open any way: what is there for certain stands in ``next``, ``before`` and ``after``, and what may be there in
    ``may``, ``may_or_back``, ``may_start`` and ``may_win``. What a rule misses it must miss in these too; in the graphs a
    stage with faulty ways leads to ``ANYWHERE``, and that leads to every stage.
    """

    next: Graph
    winning: tuple[str, ...]
    before: frozenset[str]
    after: frozenset[str]
    may: Graph
    may_or_back: Graph
    may_start: tuple[str, ...]
    may_win: tuple[str, ...]


def misses_win(graph: Ways) -> bool:
    """Whether no start may lead to a win, which is the fault behind all others on the way there."""
    found = reachable(graph.may, *graph.may_start) | frozenset(graph.may_start)
    return bool(graph.may_start) and bool(graph.may_win) and not found & set(graph.may_win)


_FOUND: WeakKeyDictionary[Draft, Ways] = WeakKeyDictionary()


def ways(draft: Draft) -> Ways | None:
    """The ways of a draft; None where its stages as a whole are not known. Every rule asks, so they are worked out once."""
    if ("stages",) in draft.faulty.routes:
        return None
    found = _FOUND.get(draft)
    if found is None:
        found = _FOUND[draft] = _ways(draft)
    return found


def _ways(draft: Draft) -> Ways:
    stages = draft.process.stages
    forward = {stage.id: tuple(to for to in stage.next if to in stages) for stage in stages.values()}
    may, may_or_back = dict[str, tuple[str, ...]](), dict[str, tuple[str, ...]]()
    lists = {route[:3] for route in draft.faulty.routes if len(route) > 3 and isinstance(route[3], int)}
    for stage in stages.values():
        leads = _open(draft, lists, stage.id, "next", stage.next)
        returns = _open(draft, lists, stage.id, "back", stage.back)
        may[stage.id] = (ANYWHERE,) if leads else forward[stage.id]
        may_or_back[stage.id] = (ANYWHERE,) if leads or returns else (*stage.next, *stage.back)
    for graph in (may, may_or_back):
        if any(ANYWHERE in targets for targets in graph.values()):
            graph[ANYWHERE] = tuple(stages)
    starts, winning = draft.process.starts, tuple(stage.id for stage in stages.values() if stage.wins)
    after = reachable(forward, *winning)
    until = {stage: () if stage in winning else targets for stage, targets in forward.items()}
    begins = [one for one in starts if one not in after or reachable(forward, one) & set(winning)]
    return Ways(
        next=forward,
        winning=winning,
        before=(frozenset(begins) | reachable(until, *begins)) - set(winning),
        after=after,
        may=may,
        may_or_back=may_or_back,
        may_start=tuple(one for one in stages if one in starts or draft.broken("stages", one, "start")),
        may_win=tuple(one for one in stages if one in winning or draft.broken("stages", one, "outcome")),
    )


def _open(draft: Draft, lists: Container[Route], stage: str, key: str, targets: Iterable[str]) -> bool:
    """Whether a stage may lead anywhere, because what it names under a key is faulty; ``lists`` have an item that is."""
    route, faulty = ("stages", stage, key), draft.faulty.routes
    if any(to not in draft.process.stages or to == stage for to in targets):
        return True
    return route in lists or any(route[:length] in faulty for length in range(1, 4))
