"""A deal's log as people read it: one line an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Event = Mapping[str, Any]


def log_text(events: Iterable[Event]) -> str:
    """When, who, and what happened; a step done on someone's behalf names that person."""
    rows = [(str(e.get("happened", e["at"]))[:19].replace("T", " "), who(e), summary(e)) for e in events]
    width = max((len(row[1]) for row in rows), default=0)
    return "\n".join(f"{when}  {person:<{width}}  {what}" for when, person, what in rows)


def who(event: Event) -> str:
    """The person that the rules looked at."""
    return str((event.get("for") or event["by"])["id"])


def summary(event: Event) -> str:
    """What an event says, in one line."""
    data = event["data"]
    tell = _TOLD.get(event["type"])
    return tell(data) if tell else str(event["type"])


def _started(data: Mapping[str, Any]) -> str:
    return f"started in {data['stage']}" + _values(data.get("values"), " with ")


def _recorded(data: Mapping[str, Any]) -> str:
    told = _values(data.get("values"), "") or ""
    unset = ", ".join(f"{name} emptied" for name in data.get("unset") or ())
    return "recorded " + (", ".join(part for part in (told, unset) if part) or "nothing new")


def _completed(data: Mapping[str, Any]) -> str:
    word = {"approve": "approved", "reject": "rejected"}.get(data.get("decision", ""), "done")
    return f"{data['action']} {word}" + (f" ({data['way']})" if "way" in data else "")


def _waived(data: Mapping[str, Any]) -> str:
    criterion = data["criterion"]
    return f"waived {criterion['stage']}.{criterion['id']}: {data.get('reason', '(erased)')}"


def _moved(word: str) -> Any:
    def tell(data: Mapping[str, Any]) -> str:
        reason = f": {data['reason']}" if "reason" in data else ""
        return f"{word} from {data['from']} to {data['to']}{reason}"

    return tell


def _lost(data: Mapping[str, Any]) -> str:
    note = f" ({data['note']})" if "note" in data else ""
    return f"lost: {data['reason']}{note}" + (" after the win" if data.get("after_won") else "")


def _refused(data: Mapping[str, Any]) -> str:
    items = "; ".join(f"{item['code']} {' '.join(item.get('about', ()))}".strip() for item in data["unmet"])
    return f"REFUSED {data['do']}: {items}"


def _noted(data: Mapping[str, Any]) -> str:
    return f"note{' (' + data['kind'] + ')' if 'kind' in data else ''}: {data.get('text', '(erased)')}"


def _values(values: Mapping[str, Any] | None, lead: str) -> str:
    if not values:
        return ""
    return lead + ", ".join(f"{name}={_short(value)}" for name, value in values.items())


def _short(value: Any) -> str:
    return f"{len(value)} rows" if isinstance(value, list) else str(value)


_TOLD: Mapping[str, Any] = {
    "deal.started": _started,
    "deal.recorded": _recorded,
    "deal.corrected": lambda data: _recorded(data).replace("recorded", "corrected", 1),
    "action.completed": _completed,
    "action.voided": lambda data: f"{data['action']} no longer stands: {', '.join(data['by_fields'])} changed",
    "criterion.waived": _waived,
    "stage.advanced": _moved("moved"),
    "stage.returned": _moved("returned"),
    "deal.won": lambda _: "WON",
    "deal.lost": _lost,
    "deal.reopened": lambda data: f"reopened: {data.get('reason', '(erased)')}",
    "deal.finished": lambda _: "finished",
    "deal.assigned": lambda data: f"handed to {data['to']}",
    "deal.noted": _noted,
    "step.refused": _refused,
}
