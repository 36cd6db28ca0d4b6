"""What logs are told with: the process of a deal, and the names of the deals that it grew from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from procdef.errors import UnknownDeal
from procdef.events.types.deal_migrated import names_after, renamed

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.render.log import EventTitles
    from procdef.results.deal_view import DealView


def book_of(engine: Engine, deal: DealView, language: str | None) -> EventTitles:
    """What the events of this deal are told with."""
    from procdef.render.log import EventTitles

    now = engine.definition_of(deal)
    versions = {each.sha256: each for each in engine.definitions() if each.id == deal.process and each.version != now.version}
    return EventTitles(now, language, names(engine, [deal.origin] if deal.origin else ()), versions)


def names(engine: Engine, streams: Iterable[str]) -> Mapping[str, str]:
    """How deals are named to people, by their streams."""
    return {stream: _name(engine, stream) for stream in streams}


def _name(engine: Engine, stream: str) -> str:
    from procdef.render.values import deal_heading

    try:
        deal = engine.deal(stream)
        return deal_heading(deal.name, deal.title)
    except UnknownDeal:
        return stream


def rejections(events: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """By action the note of the last rejection, as far as it is there."""
    found: dict[str, str] = {}
    for event in events:
        data = event["data"]
        if event["type"] == "action.completed":
            found.pop(data["action"], None)
            if data.get("decision") == "reject":
                found[data["action"]] = data.get("note") or "(erased)"
        elif event["type"] == "deal.migrated":
            found = renamed(found, data.get("actions", {}))
    return found


def changed_since_rejection(events: Iterable[Mapping[str, Any]]) -> Mapping[str, frozenset[str]]:
    """By action the fields that changed since it was rejected."""
    found: dict[str, frozenset[str]] = {}
    for event in events:
        data = event["data"]
        if event["type"] == "action.completed":
            found.pop(data["action"], None)
            if data.get("decision") == "reject":
                found[data["action"]] = frozenset()
        elif event["type"] in ("deal.recorded", "deal.corrected"):
            found = {action: fields.union(data["changed"]) for action, fields in found.items()}
        elif event["type"] == "deal.migrated":
            fields = data.get("fields", {})
            found = {
                action: frozenset(names_after(changed, fields))
                for action, changed in renamed(found, data.get("actions", {})).items()
            }
    return found
