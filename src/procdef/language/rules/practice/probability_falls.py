"""A deal that moves forward should become likelier to be won; a forecast that falls with progress misleads. Raise the later
stage's `probability`, or lower the earlier one's. Ways with a `when` are not looked at: they may lead aside, as to a
waiting stage; nor are ways back to a stage that the deal came by, after which it is as likely as it was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Graph, Reach
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule
from procdef.model import Stage


def probability_falls(draft: Draft) -> Iterator[Finding]:
    """A way of ``next`` without a ``when`` that leads on to a stage with a lower ``probability``; not to one that was likely
    meant as a share of one, which is told by itself."""
    stages = draft.process.stages
    falling = list(_falling(stages))
    graph = {stage.id: tuple(to for to in stage.next if to in stages) for stage in stages.values()} if falling else {}
    reach, rank = Reach.of(graph), _ranks(graph, draft.process.starts)
    for stage, target, before, after in falling:
        if not (reach.leads(target, stage) and rank[target] < rank[stage]):
            yield Finding(
                "probability-falls",
                Place(("stages", stage, "next", target), "key"),
                'the probability falls from {before} in "{stage}" to {after} in "{subject}"; '
                "raise the later one or lower the earlier one",
                subject=target,
                kind="stage",
                details={"before": f"{before:f}", "after": f"{after:f}", "stage": stage},
            )


def _falling(stages: Mapping[str, Stage]) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """From which stage to which the probability falls, and from what to what."""
    for stage in stages.values():
        before = stage.probability
        for way in stage.next.values() if before is not None else ():
            after = stages[way.target].probability if way.target in stages and way.when is None else None
            if before is not None and after is not None and after < before and not 0 < after < 1:
                yield stage.id, way.target, before, after


def _ranks(graph: Graph, starts: Iterable[str]) -> dict[str, int]:
    """How soon deals come to each stage; of two as soon, the first of the file is the sooner one."""
    sooner = dict.fromkeys(one for one in starts if one in graph)
    for one in (waiting := list(sooner)):
        waiting += [to for to in graph[one] if to not in sooner]
        sooner.update(dict.fromkeys(graph[one]))
    return {one: place for place, one in enumerate((*sooner, *(one for one in graph if one not in sooner)))}


RULE = Rule("probability-falls", Severity.WARNING, "practice", __doc__, probability_falls)
