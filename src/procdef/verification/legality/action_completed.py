"""What a definition allows of the completion of an action."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.log.envelope import is_hash
from procdef.model import Action
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule, leaves

_LEAF = {"note": "text", "link": "url", "document": "name"}
"""The key of the personal part of each kind of evidence."""


def objections(context: EventInContext) -> Iterator[Objection]:
    data, deal = context.data, context.deal
    action = context.definition.actions.get(data["action"])
    if action is None or action.stage != deal.stage:
        yield f"an action of {deal.stage}", data["action"]
        return
    yield from context.by_a_role(action.by or context.definition.stages[deal.stage].owner)
    yield from _asked_for(context, action)
    if action.four_eyes:
        yield from _four_eyes(context, action)
    told = data["facts"].get("actions", {})
    if told.get(action.path) not in ("done", "open"):
        yield f"{action.path} to apply", str(told.get(action.path))
    for path in action.needs:
        if told.get(path) not in ("done", "not_applicable"):
            yield f"{path} done before", str(told.get(path))
    enough = len(deal.standing.get(action.path, ())) + 1 >= action.at_least
    reached = action.milestone if enough and deal.offered is None and data.get("decision") != "reject" else None
    if data.get("milestone") != reached:
        yield f"the milestone {reached}", str(data.get("milestone"))


def _asked_for(context: EventInContext, action: Action) -> Iterator[Objection]:
    """Records, way, evidence and decision, as the action asks for them."""
    data = context.data
    empty = [name for name in action.records if name not in context.fields.filled]
    if empty:
        yield "its records filled in", ", ".join(empty)
    if data.get("way") not in (tuple(action.ways) or (None,)):
        yield "one of its ways", str(data.get("way"))
    evidence = data.get("evidence", {})
    kind = evidence.get("kind")
    if kind not in (("note", None) if action.evidence == "none" else (action.evidence,)):
        yield f"evidence: {action.evidence}", str(kind)
    if kind is not None and not context.sealed("/evidence/" + _LEAF.get(kind, "")):
        yield "its evidence as a personal value", "none"
    rest = evidence.keys() - {"kind", _LEAF.get(str(kind))}
    if rest != ({"sha256"} if kind == "document" else set()) or (rest and not is_hash(evidence["sha256"])):
        yield "the hash of a document, and of nothing else", str(evidence.get("sha256"))
    if data.get("decision") not in (("approve", "reject") if action.decision else (None,)):
        yield "a decision where one is asked for", str(data.get("decision"))
    if data.get("decision") == "reject" and not (context.sealed("/note") or context.sealed("/evidence/text")):
        yield "a note on the rejection", "none"


def _four_eyes(context: EventInContext, action: Action) -> Iterator[Objection]:
    me, deal = context.step.person, context.deal
    changed = [name for name in action.voided_by if deal.changed_by.get(name) == me]
    again = action.at_least > 1 and context.data.get("decision") != "reject" and me in deal.standing.get(action.path, ())
    # Whoever owned it when one of those fields last changed, or later: none of them changed since the deal was handed over.
    handed_over = deal.former.get(me) if context.earlier_owners else None
    owned = handed_over is not None and set(handed_over).isdisjoint(action.voided_by)
    if deal.owner == me or owned or changed or again:
        yield f"a second person for {action.path}", me


RULE = EventRule(objections, personal=leaves("/note", "/evidence/text", "/evidence/url", "/evidence/name"))
