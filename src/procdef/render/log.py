"""A deal's log as people read it: one event after the other, wrapped where it is long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from procdef.advice.refusal_codes import said, titled
from procdef.log.event import ERASED
from procdef.model import ProcessDefinition
from procdef.render.text_layout import WIDTH, wrapped
from procdef.render.values import shown
from procdef.unsafe_characters import one_line

Event = Mapping[str, Any]


class EventTitles(NamedTuple):
    """What events are told with: the process of the deal, the language, and how the deals are called that they name."""

    definition: ProcessDefinition | None = None
    language: str | None = None
    deals: Mapping[str, str] = {}

    def value(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        return shown(self.definition, name, value) if self.definition else str(value)

    def loss(self, reason: str) -> str:
        """Why a deal was lost, by its title."""
        lost = self.definition.lost if self.definition else None
        titles = lost.reasons if lost else {}
        return titled(reason, {name: title.in_language(self.language) for name, title in titles.items()})


_PLAIN = EventTitles()


def log_text(events: Iterable[Event], book: EventTitles = _PLAIN, width: int = WIDTH, *, head: bool = True) -> str:
    """When (in UTC), who, and what happened; a step done on someone's behalf names that person."""
    rows = [("when (UTC)", "who", "what happened")] * head
    for e in events:
        when = str(e.get("happened", e["at"]))[:19].replace("T", " ")
        rows.append((one_line(when), one_line(who(e)), one_line(summary(e, book))))
    widest = max((len(row[1]) for row in rows), default=0)
    lines = []
    for when, person, what in rows:
        lead = f"{when:<19}  {person:<{widest}}  "
        lines += wrapped(what, max(width, len(lead) + 30), lead, " " * len(lead))
    return "\n".join(lines)


def who(event: Event) -> str:
    """The person that the rules looked at."""
    return str((event.get("for") or event["by"])["id"])


def summary(event: Event, book: EventTitles = _PLAIN) -> str:
    """What an event says, in one line."""
    tell = _TOLD.get(event["type"])
    return tell(_Told(event["data"], event.get("private", {}), book)) if tell else str(event["type"])


class _Told(NamedTuple):
    """An event that is told. What the log holds privately and is not there any more reads ``(erased)``."""

    data: Mapping[str, Any]
    private: Mapping[str, Any]
    book: EventTitles

    def text(self, *keys: str) -> str | None:
        """A text that may be private, in one line; ``None`` where there never was one."""
        found: Any = self.data
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is None:
            return ERASED if "/" + "/".join(keys) in self.private else None
        return " ".join(str(found).split())

    def values(self) -> str:
        """Fields with their values, the erased ones too."""
        given = self.data.get("values") or {}
        told = [f"{name}={self.book.value(name, value)}" for name, value in given.items()]
        places = (pointer.split("/") for pointer in self.private)
        erased = [place[2] for place in places if place[1] == "values" and len(place) == 3 and place[2] not in given]
        return ", ".join([*told, *(f"{name}={ERASED}" for name in erased)])


def _started(event: _Told) -> str:
    values, origin = event.values(), event.data.get("from")
    grown = f", grown from {event.book.deals.get(origin, origin)}" if origin else ""
    return f"started in {event.data['stage']}{grown}" + (f" with {values}" if values else "")


def _recorded(event: _Told, word: str = "recorded") -> str:
    unset = ", ".join(f"{name} emptied" for name in event.data.get("unset") or ())
    told = ", ".join(part for part in (event.values(), unset) if part) or "nothing new"
    reason = event.text("reason")
    return f"{word} {told}" + (f": {reason}" if reason else "")


def _completed(event: _Told) -> str:
    data = event.data
    word = {"approve": "approved", "reject": "rejected"}.get(data.get("decision", ""), "done")
    more = "; ".join(_written(event))
    return f"{data['action']} {word}" + (f" ({data['way']})" if "way" in data else "") + (f": {more}" if more else "")


def _written(event: _Told) -> Iterator[str]:
    """The evidence and the note of a completion."""
    for keys in (("evidence", "text"), ("evidence", "url"), ("evidence", "name"), ("note",)):
        found = event.text(*keys)
        if found is not None:
            digest = event.data["evidence"]["sha256"][:12] if keys[-1] == "name" else ""
            yield f"{found} (sha256 {digest}...)" if digest else found


def _waived(event: _Told) -> str:
    criterion = event.data["criterion"]
    return f"waived {criterion['stage']}.{criterion['id']}: {event.text('reason') or ERASED}"


def _moved(word: str) -> Callable[[_Told], str]:
    def tell(event: _Told) -> str:
        reason = event.text("reason")
        return f"{word} from {event.data['from']} to {event.data['to']}" + (f": {reason}" if reason else "")

    return tell


def _lost(event: _Told) -> str:
    note = event.text("note")
    told = f"lost: {event.book.loss(event.data['reason'])}" + (f": {note}" if note else "")
    return told + " (after the win)" * bool(event.data.get("after_won"))


def _refused(event: _Told) -> str:
    asked, data = event.data.get("arguments", {}), event.data
    about = asked.get("action") or asked.get("criterion") or (asked.get("to") if data["do"] != "do" else None)
    step = f"to {data['do']}" + (f" {'to ' * ('to' in asked)}{about}" if about else "")
    return f"REFUSED {step}: " + "; ".join(said(item["code"], item.get("about", ())) for item in data["unmet"])


def _noted(event: _Told) -> str:
    kinds = [event.data[key] for key in ("kind", "objection") if key in event.data]
    aside = f" ({', '.join(kinds)})" if kinds else ""
    return f"note{aside}: {event.text('text') or ERASED}"


def _erased(event: _Told) -> str:
    """What was erased, by the places of its values and on what basis."""
    leaves = event.data["leaves"]
    places = ", ".join(sorted({pointer.strip("/").replace("/", ".") for _, _, pointer in leaves}))
    return f"erased {len(leaves)} personal value{'s' * (len(leaves) != 1)} ({places}), basis {event.data['basis']}"


_TOLD: Mapping[str, Callable[[_Told], str]] = {
    "deal.started": _started,
    "deal.recorded": _recorded,
    "deal.corrected": lambda event: _recorded(event, "corrected"),
    "action.completed": _completed,
    "action.voided": lambda event: (
        f"{event.data['action']} no longer stands: {', '.join(event.data['by_fields'])} changed"
    ),
    "criterion.waived": _waived,
    "stage.advanced": _moved("moved"),
    "stage.returned": _moved("returned"),
    "deal.won": lambda _: "WON",
    "deal.lost": _lost,
    "deal.reopened": lambda event: f"reopened: {event.text('reason') or ERASED}",
    "deal.finished": lambda _: "finished",
    "deal.assigned": lambda event: f"handed to {event.data['to']}",
    "deal.noted": _noted,
    "step.refused": _refused,
    "privacy.erased": _erased,
}
