"""An action was done, or a decision made: by whom, in which way, with what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, NamedRule
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import (
    DIGEST,
    DUE,
    FACTS,
    ID,
    NUMBER,
    TEXT,
    ValueKind,
    is_text,
    needed,
    one_of,
    optional,
)


def _is_evidence(value: Any) -> bool:
    return type(value) is dict and all(map(is_text, value.values()))


EVIDENCE = ValueKind(
    "evidence",
    _is_evidence,
    keys=(
        needed("kind", one_of(note="note", link="link", document="document")),
        optional("text", TEXT, private=True),
        optional("url", TEXT, private=True),
        optional("name", TEXT, private=True),
        optional("sha256", DIGEST),
    ),
)
DECISION = one_of(approve="approved", reject="rejected")


def missed(data: Mapping[str, Any], dues: Mapping[str, str | None], occurred: str) -> str | None:
    """By when the action was due that was done after that; ``None`` where it was done in time, or rejected."""
    due = dues.get(data["action"])
    return due if due is not None and due < occurred and data.get("decision") != "reject" else None


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """One completion more stands, beside those of the action that have not lapsed; a rejection ends all of them. Waivers that
    read the action end."""
    data, action = event.data, event.data["action"]
    rejected = {other: person for other, person in deal.rejected.items() if other != action}
    offered = deal.offered or (event.occurred if "milestone" in data else None)
    if data.get("decision") == "reject":
        rejected[action] = event.person
        changes = deal.without_completions(action)
    else:
        counting = deal.counting_at(data["facts"]["now"], spared=action.__ne__)
        changes = deal.completions_of(counting)
        changes |= counting.with_completion(action, event.person, data.get("until", ""), data.get("row", 0))
        if action in deal.dues:
            changes["given"] = {**counting.given, action: (*counting.given.get(action, ()), event.occurred)}
    return {**changes, "rejected": rejected, "offered": offered, "waivers": deal.waivers_beside((action,))}


EVENT = EventType(
    name="action.completed",
    about=__doc__,
    keys=(
        needed("action", ID, "`stage.id`"),
        optional("way", ID),
        optional("evidence", EVIDENCE),
        optional("decision", DECISION),
        optional("milestone", one_of(offer="offer")),
        optional("until", DUE, "when it lapses"),
        optional("row", NUMBER, "the row of its approval table under which it was given"),
        optional("note", TEXT, private=True),
        needed("facts", FACTS),
    ),
    verbs=("do",),
    follows=("deal.recorded", "action.voided"),
    fold=fold,
    activity="{action}[: {decision}]",
    sentence="{action} {decision|done}[ ({way})][ (row {row} of its table)][, until {until}][: {evidence; note}]",
    rule=NamedRule("{action}", "{decision|done}"),
)
