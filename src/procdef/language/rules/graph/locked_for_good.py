"""A value that would void an action of a stage that the deal has left is refused. Where no way leads back and nobody may
correct, a typing error can then never be corrected. Name who may correct in `deal.correct_by`, or add a `back`.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Reach, reversed_graph
from procdef.language.partly_read_process import Draft
from procdef.language.rules.graph.possible_moves import ways
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule


def locked_for_good(draft: Draft) -> Iterator[Finding]:
    """A required action with ``voided_by``, a later stage without a way back to it, and nobody who may correct."""
    process = draft.process
    graph = ways(draft)
    if graph is None or process.deal.correct_by or draft.broken("deal"):
        return
    onward, back = Reach.of(graph.next), Reach.of(reversed_graph(graph.may_or_back))
    for action in process.actions.values():
        if not action.required or not action.voided_by or draft.broken(*action_route(action), "voided_by"):
            continue
        locked = onward.bits[action.stage] & ~back.bits[action.stage]
        if locked:
            cut = onward.order[(locked & -locked).bit_length() - 1]
            yield Finding(
                "locked-for-good",
                Place((*action_route(action), "voided_by")),
                'nobody can change {fields} from "{stage}" on, because no `back` leads from there '
                'to "{subject}"; name who may correct it in `deal.correct_by`, or add a `back`',
                subject=action.path,
                kind="action",
                details={"fields": ", ".join(action.voided_by), "stage": cut},
            )


RULE = Rule("locked-for-good", Severity.WARNING, "graph", __doc__, locked_for_good)
