"""A deal's log as people read it: one event after the other, wrapped where it is long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from procdef.advice.refusal_sentences import logged_sentence
from procdef.events.declaration import EventType
from procdef.events.sentence_template import template
from procdef.events.types import BY_NAME, EVENT_TYPES
from procdef.events.types.action_completed import EVIDENCE
from procdef.events.types.deal_lost import LOSS_REASON
from procdef.events.types.deal_migrated import carried
from procdef.events.types.step_refused import ARGUMENTS, UNMET
from procdef.events.value_kinds import DUE, FIELD_VALUES, STREAM, TEXT, ValueKind
from procdef.log.event import ERASED
from procdef.model import ProcessDefinition
from procdef.render.due_times import told_due, zone_of
from procdef.render.lapsed_waivers import lapsed
from procdef.render.text_layout import WIDTH, moment, wrapped
from procdef.render.values import shown, titled
from procdef.unsafe_characters import one_line

Event = Mapping[str, Any]


class EventTitles(NamedTuple):
    """What events are told with: the process of the deal, the language, and how the deals are called that they name."""

    definition: ProcessDefinition | None = None
    language: str | None = None
    deals: Mapping[str, str] = {}
    versions: Mapping[str, ProcessDefinition] = {}
    """By the SHA-256 of its text each version that events name, of a deal that went over from one to another."""

    def under(self, event: Event) -> EventTitles:
        """The same for an event, by the version that it was judged by."""
        own = self.versions.get((event.get("definition") or {}).get("sha256", "")) if self.versions else None
        return self if own is None else self._replace(definition=own)

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
    """When (in UTC), who, and what happened; a step done on someone's behalf names that person. Where the deal went over to
    another version, also by which version each step was judged."""
    events = list(events)
    several = len({(e.get("definition") or {}).get("sha256") for e in events}) > 1
    rows = [("when (UTC)", "who", "by" if several else "", "what happened")] * head
    ended, due = lapsed(events), told_due(events, zone_of(book.definition))
    for e in events:
        when = str(e.get("happened", e["at"]))[:19].replace("T", " ")
        version = f"v{(e.get('definition') or {}).get('version', '')}" if several else ""
        what = one_line("; ".join([summary(e, book.under(e)), *ended.get(e["n"], []), *due.get(e["n"], [])]))
        rows.append((one_line(when), one_line(who(e)), one_line(version), what))
    widest, wide = (max((len(row[place]) for row in rows), default=0) for place in (1, 2))
    lines = []
    for when, person, version, what in rows:
        lead = f"{when:<19}  {person:<{widest}}  {f'{version:<{wide}}  ' if several else ''}"
        lines += wrapped(what, max(width, len(lead) + 30), lead, " " * len(lead))
    return "\n".join(lines)


def who(event: Event) -> str:
    """The person that the rules looked at."""
    return str((event.get("for") or event["by"])["id"])


def summary(event: Event, book: EventTitles = _PLAIN) -> str:
    """What an event says, in one line: the sentence of its type, or the type where that belongs to others."""
    sentence = _SENTENCES.get(event["type"])
    if sentence is None:
        return str(event["type"])
    return sentence.filled(_ToldEvent(BY_NAME[event["type"]], event["data"], event.get("private", {}), book).say)


class _ToldEvent(NamedTuple):
    """An event that is told. What the log holds privately and is not there any more reads ``(erased)``."""

    kind: EventType
    data: Mapping[str, Any]
    private: Mapping[str, Any]
    book: EventTitles

    def say(self, key: str) -> str | None:
        """The value of a key in words; ``None`` where there is none."""
        kind = self.kind.kind_of(key)
        tell = _TOLD.get(kind)
        if tell is not None:
            return tell(self, key) or None
        return kind.word(self.data[key]) or None if key in self.data else None

    def text(self, *keys: str) -> str | None:
        """A text that may be private, in one line; ``None`` where there never was one."""
        found: Any = self.data
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is None:
            return ERASED if "/" + "/".join(keys) in self.private else None
        return " ".join(str(found).split())

    def values(self, _: str) -> str:
        """Fields with their values, the erased ones too; none that only stands under another id since a migration."""
        kept = carried(self.data)
        given = {name: value for name, value in (self.data.get("values") or {}).items() if name not in kept}
        told = [f"{name}={self.book.value(name, value)}" for name, value in given.items()]
        places = (pointer.split("/") for pointer in self.private)
        erased = [place[2] for place in places if place[1] == "values" and len(place) == 3 and place[2] not in {*given, *kept}]
        return ", ".join([*told, *(f"{name}={ERASED}" for name in erased)])

    def time(self, key: str) -> str | None:
        """When something is due, on the clocks of the process; ``None`` where it never is."""
        if key not in self.data:
            return None
        zone = zone_of(self.book.definition)
        return f"{moment(self.data[key], zone)} {zone}"

    def deal(self, key: str) -> str | None:
        """Another deal, by its name."""
        stream = self.data.get(key)
        return self.book.deals.get(stream, stream) if stream else None

    def evidence(self, key: str) -> str | None:
        """The text, link or document of a completion."""
        for below in ("text", "url", "name"):
            found = self.text(key, below)
            if found is not None:
                return f"{found} (sha256 {self.data[key]['sha256'][:12]}...)" if below == "name" else found
        return None

    def arguments(self, key: str) -> str | None:
        """What a refused step was about."""
        asked = self.data.get(key, {})
        to = asked.get("to") if self.data["do"] != "do" else None
        about = asked.get("action") or asked.get("criterion") or to
        return f"{'to ' * ('to' in asked)}{about}" if about else None

    def unmet(self, key: str) -> str:
        """What stood in its way."""
        verb, to = self.data["do"], self.data.get("arguments", {}).get("to")
        return "; ".join(logged_sentence(item["code"], item.get("about", ()), verb, to) for item in self.data[key])


_SENTENCES = {kind.name: template(kind.sentence) for kind in EVENT_TYPES}
_TOLD: Mapping[ValueKind, Callable[[_ToldEvent, str], str | None]] = {
    TEXT: _ToldEvent.text,
    FIELD_VALUES: _ToldEvent.values,
    STREAM: _ToldEvent.deal,
    DUE: _ToldEvent.time,
    EVIDENCE: _ToldEvent.evidence,
    LOSS_REASON: lambda event, key: event.book.loss(event.data[key]),
    ARGUMENTS: _ToldEvent.arguments,
    UNMET: _ToldEvent.unmet,
}
"""The kinds of values that read as the process, the language and what was erased have it; others read the same to all."""
