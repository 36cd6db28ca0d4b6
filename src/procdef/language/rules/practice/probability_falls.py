"""A deal that moves forward should become likelier to be won; a forecast that falls with progress misleads. Raise the later
stage's `probability`, or lower the earlier one's. Ways with a `when` are not looked at: they may lead aside, as to a
waiting stage; nor are ways back to a stage that the deal came by, after which it is as likely as it was there."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Graph, reachable
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def probability_falls(draft: Draft) -> Iterator[Finding]:
    """A way of ``next`` without a ``when`` that leads on to a stage with a lower ``probability``; not to one that was likely
    meant as a share of one, which is told by itself."""
    stages = draft.process.stages
    graph = {stage.id: tuple(to for to in stage.next if to in stages) for stage in stages.values()}
    for stage in stages.values():
        for way in stage.next.values():
            after = stages[way.target].probability if way.target in stages else None
            falls = stage.probability is not None and after is not None and after < stage.probability and not 0 < after < 1
            if falls and way.when is None and not _leads_back(graph, draft.process.starts, stage.id, way.target):
                yield Finding(
                    "probability-falls",
                    Place(("stages", stage.id, "next", way.target), "key"),
                    'the probability falls from {before} in "{stage}" to {after} in "{subject}"; '
                    "raise the later one or lower the earlier one",
                    subject=way.target,
                    kind="stage",
                    details={"before": f"{stage.probability:f}", "after": f"{after:f}", "stage": stage.id},
                )


def _leads_back(graph: Graph, starts: tuple[str, ...], stage: str, target: str) -> bool:
    """Whether a way leads in a circle to a stage that deals come to sooner; of two as soon, to the first of the file."""
    sooner = dict.fromkeys(starts)
    for one in (waiting := list(starts)):
        waiting += [to for to in graph[one] if to not in sooner]
        sooner.update(dict.fromkeys(graph[one]))
    order = [*sooner, *(one for one in graph if one not in sooner)]
    return stage in reachable(graph, target) and order.index(target) < order.index(stage)


RULE = Rule("probability-falls", Severity.WARNING, "practice", __doc__, probability_falls)
