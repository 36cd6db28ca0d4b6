"""Whether the event that a request key is kept with can be of the command that is sent under it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIRST = {
    "start": {"deal.started"},
    "record": {"deal.recorded", "deal.corrected"},
    "do": {"deal.recorded", "action.completed"},
    "advance": {"stage.advanced"},
    "back": {"stage.returned"},
    "waive": {"criterion.waived"},
    "lose": {"deal.lost"},
    "reopen": {"deal.reopened"},
    "finish": {"deal.finished"},
    "assign": {"deal.assigned"},
    "note": {"deal.noted"},
}
"""The types that the first event of a command has which was not refused."""


def answers(event: Mapping[str, Any], verb: str, person: str) -> bool:
    """Whether this event, as stored, can be the first of that person's command."""
    who = event.get("for") or event["by"]
    if event["type"] == "step.refused":
        return bool(who["id"] == person and event["data"]["do"] == verb)
    return bool(who["id"] == person and event["type"] in _FIRST[verb])
