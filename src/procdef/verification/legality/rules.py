"""The rules of all types of events that stand in the streams of deals, each from the module of its name beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from procdef.events.declaration import OF_DEALS
from procdef.events.types import EVENT_TYPES
from procdef.verification.legality.event_rule import EventRule


def _rule(kind: str) -> EventRule:
    rule: EventRule = import_module(f"procdef.verification.legality.{kind.replace('.', '_')}").RULE
    return rule


RULES: Mapping[str, EventRule] = {kind.name: _rule(kind.name) for kind in EVENT_TYPES if OF_DEALS in kind.streams}
"""By type of event."""
