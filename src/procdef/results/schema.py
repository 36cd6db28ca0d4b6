"""The JSON Schema of what the engine hands out, made from how it is declared."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.diagnostics import Diagnostic, Related
from procdef.events.json_schema import JsonObject, opened_event_schema
from procdef.results.agenda_item import AgendaItem
from procdef.results.ahead_of_clock import AheadOfClock
from procdef.results.candidate import Candidate
from procdef.results.deal_view import DealView, StandingWaiver
from procdef.results.done import Done
from procdef.results.event import Event, FeedItem
from procdef.results.listed_deal import ListedDeal
from procdef.results.migrated_deal import AgainstMigration, MigratedDeal, OtherRow, WorkAfterMigration
from procdef.results.options import Completion, Options, ScoreSum, Todo, Way
from procdef.results.personal_data import Erased, Held, HeldCopy, HeldRequest
from procdef.results.refusal import Unmet
from procdef.results.result import declared_schema
from procdef.results.step_result import StepResult
from procdef.results.suggestion import Blank, Suggestion
from procdef.results.timer_told import TimerTold

RESULTS: Mapping[str, type] = {
    "Done": Done,
    "Deal": DealView,
    "DealRow": ListedDeal,
    "StandingWaiver": StandingWaiver,
    "Options": Options,
    "Todo": Todo,
    "Completion": Completion,
    "Way": Way,
    "ScoreSum": ScoreSum,
    "Unmet": Unmet,
    "Candidate": Candidate,
    "Suggestion": Suggestion,
    "Blank": Blank,
    "StepResult": StepResult,
    "TimerTold": TimerTold,
    "AgendaItem": AgendaItem,
    "Erased": Erased,
    "Held": Held,
    "HeldRequest": HeldRequest,
    "HeldCopy": HeldCopy,
    "AheadOfClock": AheadOfClock,
    "MigratedDeal": MigratedDeal,
    "AgainstMigration": AgainstMigration,
    "OtherRow": OtherRow,
    "WorkAfterMigration": WorkAfterMigration,
    "FeedItem": FeedItem,
    "Diagnostic": Diagnostic,
    "Related": Related,
    "Event": Event,
}
"""What the engine hands out, by the names that ``procdef`` has for it."""
_NAMES = {kind: name for name, kind in RESULTS.items()}


def api_schema() -> JsonObject:
    """The JSON Schema (2020-12) of all results; each is under ``$defs``, by its name in ``procdef``."""
    event = opened_event_schema()
    own = {name: declared_schema(kind, _by_name) for name, kind in RESULTS.items() if kind is not Event}
    own |= {"Error": _error(), "StepRefused": _refusal()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the engine of procdef hands out",
        "description": "What as_dict() of each result gives, and the command line prints with --format json.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in (*own, "Event")],
        "$defs": {**own, "Event": {name: part for name, part in event.items() if name != "$defs"}, **event["$defs"]},
    }


def _error(**more: JsonObject) -> JsonObject:
    """What ``as_dict`` of an error gives."""
    text, properties = {"type": "string"}, {"code": {"type": "string"}, "message": {"type": "string"}, **more}
    properties["subject"] = {"anyOf": [text, {"type": "null"}]}
    about = "What went wrong: its code stays as it is, the subject is what it is about, as it was named."
    return {"description": about, "type": "object", "properties": properties, "required": list(properties)}


def _refusal() -> JsonObject:
    unmet = {"type": "array", "items": _by_name(Unmet), "minItems": 1}
    title = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    made = _error(refused={"type": "string"}, title=title, replayed={"type": "boolean"}, unmet=unmet)
    return {**made, "description": "The rules do not allow a step now; `unmet` is all that is missing."}


def _by_name(kind: type) -> JsonObject:
    return {"$ref": f"#/$defs/{_NAMES[kind]}"}
