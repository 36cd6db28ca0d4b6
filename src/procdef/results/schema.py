"""The JSON Schema of what the engine hands out, made from how it is declared."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.events.json_schema import JsonObject, opened_event_schema
from procdef.results.ahead_of_clock import AheadOfClock
from procdef.results.deal_view import DealView, StandingWaiver
from procdef.results.done import Done
from procdef.results.event import Event, FeedItem
from procdef.results.listed_deal import ListedDeal
from procdef.results.options import Options, ScoreSum, Todo, Way
from procdef.results.personal_data import Erased, Held, HeldCopy, HeldRequest
from procdef.results.refusal import Unmet
from procdef.results.result import Modelled, declared_schema
from procdef.results.step_result import StepResult
from procdef.results.suggestion import Blank, Suggestion

RESULTS: Mapping[str, type[Modelled]] = {
    "Done": Done,
    "Deal": DealView,
    "DealRow": ListedDeal,
    "StandingWaiver": StandingWaiver,
    "Options": Options,
    "Todo": Todo,
    "Way": Way,
    "ScoreSum": ScoreSum,
    "Unmet": Unmet,
    "Suggestion": Suggestion,
    "Blank": Blank,
    "StepResult": StepResult,
    "Erased": Erased,
    "Held": Held,
    "HeldRequest": HeldRequest,
    "HeldCopy": HeldCopy,
    "AheadOfClock": AheadOfClock,
    "FeedItem": FeedItem,
    "Event": Event,
}
"""What the engine hands out, by the names that ``procdef`` has for it."""
_NAMES = {kind: name for name, kind in RESULTS.items()}

def api_schema() -> JsonObject:
    """The JSON Schema (2020-12) of all results; each is under ``$defs``, by its name in ``procdef``."""
    event = opened_event_schema()
    own = {name: declared_schema(kind, _by_name) for name, kind in RESULTS.items() if kind is not Event}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the engine of procdef hands out",
        "description": "What as_dict() of each result gives, and the command line prints with --format json.",
        "anyOf": [_by_name(kind) for kind in RESULTS.values()],
        "$defs": {**own, "Event": {name: part for name, part in event.items() if name != "$defs"}, **event["$defs"]},
    }


def _by_name(kind: type[Modelled]) -> JsonObject:
    return {"$ref": f"#/$defs/{_NAMES[kind]}"}
