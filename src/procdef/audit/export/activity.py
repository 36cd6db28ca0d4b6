"""What an event is called where people look at processes: few names, the same in every format.

Decided once: a name never holds a value, so that it tells nothing personal, and changes with no release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Data = Mapping[str, Any]

_DECIDED = {"approve": ": approved", "reject": ": rejected"}


def activity(kind: str, data: Data) -> str:
    """The name of an event of this type. A type that belongs to others is its own name."""
    name = _NAMES.get(kind)
    return name(data) if name is not None else kind


def _completed(data: Data) -> str:
    return str(data["action"]) + _DECIDED.get(data.get("decision", ""), "")


def _waived(data: Data) -> str:
    criterion = data["criterion"]
    return f"waive {criterion['stage']}.{criterion['id']}"


def _noted(data: Data) -> str:
    return f"note: {data['kind']}" if "kind" in data else "note"


_NAMES: Mapping[str, Callable[[Data], str]] = {
    "deal.started": lambda _: "start",
    "deal.recorded": lambda _: "record",
    "deal.corrected": lambda _: "correct",
    "action.completed": _completed,
    "action.voided": lambda data: f"voided: {data['action']}",
    "criterion.waived": _waived,
    "stage.advanced": lambda data: f"advance to {data['to']}",
    "stage.returned": lambda data: f"back to {data['to']}",
    "deal.won": lambda _: "won",
    "deal.lost": lambda _: "lost",
    "deal.reopened": lambda _: "reopen",
    "deal.finished": lambda _: "finish",
    "deal.assigned": lambda _: "assign",
    "deal.noted": _noted,
    "step.refused": lambda data: f"refused: {data['do']}",
    "privacy.erased": lambda _: "erased",
}
