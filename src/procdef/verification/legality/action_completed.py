"""What a definition allows of the completion of an action."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from procdef.log.envelope import is_hash, is_time
from procdef.model import Action
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule, leaves
from procdef.verification.legality.facts import counted, taken

_LEAF = {"note": "text", "link": "url", "document": "name"}
"""The key of the personal part of each kind of evidence."""


def objections(context: EventInContext) -> Iterator[Objection]:
    data, deal = context.data, context.deal
    action = context.definition.actions.get(data["action"])
    if action is None or action.stage != deal.stage:
        yield f"an action of {deal.stage}", data["action"]
        return
    told = data["facts"].get("rows", {}).get(action.path)
    row = taken(action, told)
    if data.get("row") != told or (row is None and (bool(action.table) or "row" in data)):
        yield f"the row of the table of {action.path} that the facts tell, and none without a table", str(data.get("row"))
        return
    yield from context.by_a_role(row.roles if row else action.by or context.definition.stages[deal.stage].owner)
    yield from _asked_for(context, action)
    at_least = row.at_least if row else action.at_least
    counting = counted(action, deal.counting_at(data["facts"]["now"]), told)
    if action.four_eyes:
        yield from _four_eyes(context, action, counting if at_least > 1 else ())
    statuses = data["facts"].get("actions", {})
    if statuses.get(action.path) not in ("done", "open"):
        yield f"{action.path} to apply", str(statuses.get(action.path))
    for path in action.needs:
        if statuses.get(path) not in ("done", "not_applicable"):
            yield f"{path} done before", str(statuses.get(path))
    yield from _until(context, action)
    enough = len(counting) + 1 >= at_least
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


def _until(context: EventInContext, action: Action) -> Iterator[Objection]:
    """What counts for some time only says until when, and nothing else does. When that is, needs a calendar: any time will do
    that is not before it was done."""
    until, happened = context.data.get("until"), context.step.occurred
    lapses = action.valid_for is not None and context.data.get("decision") != "reject"
    if not lapses and "until" in context.data:
        yield f"{action.path} to count for ever", f"until {until}"
    elif lapses and not (is_time(until) and str(until) >= happened):
        yield f"{action.path} to count until some time from {happened} on", str(until)


def _four_eyes(context: EventInContext, action: Action, others: Collection[str]) -> Iterator[Objection]:
    """``others``: who did it already, where that counts."""
    me, deal = context.step.person, context.deal
    changed = [name for name in action.voided_by if deal.changed_by.get(name) == me]
    again = context.data.get("decision") != "reject" and me in others
    # Whoever owned it when one of those fields last changed, or later: none of them changed since the deal was handed over.
    handed_over = deal.former.get(me) if context.earlier_owners else None
    owned = handed_over is not None and set(handed_over).isdisjoint(action.voided_by)
    if deal.owner == me or owned or changed or again:
        yield f"a second person for {action.path}", me


RULE = EventRule(objections, personal=leaves("/note", "/evidence/text", "/evidence/url", "/evidence/name"))
