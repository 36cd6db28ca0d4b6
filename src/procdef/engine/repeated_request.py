"""Whether the event that a request key is kept with can be of the command that is sent under it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.events.first_of_command import FIRST
from procdef.events.types import step_refused


def answers(event: Mapping[str, Any], verb: str, person: str) -> bool:
    """Whether this event, as stored, can be the first of that person's command."""
    who = event.get("for") or event["by"]
    if event["type"] == step_refused.EVENT.name:
        return bool(who["id"] == person and event["data"]["do"] == verb)
    return bool(who["id"] == person and event["type"] in FIRST[verb])
