"""What is declared of a type of event, in one place; everything that must know the type follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from procdef.deal import Changes, Deal
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import Key, ValueKind
from procdef.log.event import Data, Entry

Fold = Callable[[Deal, OpenedEvent], Changes]
"""What an event makes of the deal: the fields that change. It evaluates no expression and asks no calendar."""

OF_DEALS, OF_SYSTEM, OF_DEFINITIONS = "deal", "system", "definition"
"""The streams that an event may stand in: what their names are, or begin with."""
OPEN, LOST, DONE = "open", "lost", "done"
"""The modes of a deal."""


class Visit(NamedTuple):
    """What an event does to the visits to stages: it ``begins`` one, ``ends`` one (how, as ``stay`` has it). ``stage`` is the
    key that names the stage that the deal is in from then on, where the event brings it to another."""

    begins: bool = False
    ends: str | None = None
    stage: str | None = None


class NamedRule(NamedTuple):
    """The rule of the definition that an event is an instance of, and what became of it: templates."""

    rule: str
    outcome: str


class RelatedPerson(NamedTuple):
    """A person whom an event is about, besides who did it: the key that names them, and how they are related."""

    key: str
    how: str


class DeclaredOverride(NamedTuple):
    """How an event overrules the process, or was overruled: ``kind`` as reports name it, and the key that tells what it is
    about. With ``only_with`` it does so only where it has that key."""

    kind: str
    about: str | None = None
    only_with: str | None = None


class _Pointer(NamedTuple):
    """A JSON pointer to a personal value: the key and, in an object, the one below; it is none with that value of another."""

    path: str
    key: str
    below: str | None = None
    unless: tuple[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EventType:
    """A type of event.

    ``about`` says what happened. ``streams`` are those that it may stand in, ``modes`` the deals that take it. ``verbs`` are
    those of the commands that it may be the first event of, ``follows`` the types right behind which it may stand in a
    command; one that has neither is alone in its command. A ``timer`` tells what came by itself; it stands ``beside`` the steps
    of a deal, as others may: what is told later may have happened before it. ``fold`` is what it makes of a deal, none where
    it leaves all as it is but what every event changes. ``activity`` is its name for process mining (where there is none: the
    type's), ``sentence`` what people read; both are templates. ``note`` stands in the manual behind its keys. One that is not
    ``written`` yet is read all the same.
    """

    name: str
    about: str
    keys: tuple[Key, ...] = ()
    note: str = ""
    streams: tuple[str, ...] = (OF_DEALS,)
    modes: tuple[str, ...] = (OPEN,)
    verbs: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    fold: Fold | None = None
    beside: bool = False
    visit: Visit | None = None
    timer: bool = False
    activity: str | None = None
    sentence: str
    rule: NamedRule | None = None
    people: tuple[RelatedPerson, ...] = ()
    override: DeclaredOverride | None = None
    written: bool = True
    _pointers: tuple[_Pointer, ...] = field(init=False, repr=False)
    _kinds: Mapping[str, ValueKind] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = [_Pointer(f"/{key.name}", key.name) for key in self.keys if key.private]
        for key in self.keys:
            inner = [below for below in key.kind.keys if below.private]
            found += [_Pointer(f"/{key.name}/{below.name}", key.name, below.name, below.unless) for below in inner]
        object.__setattr__(self, "_pointers", tuple(found))
        object.__setattr__(self, "_kinds", {key.name: key.kind for key in self.keys})

    def kind_of(self, name: str) -> ValueKind:
        """What kind of value the key has. Raises ``KeyError`` where the type has no such key."""
        return self._kinds[name]

    def say(self, data: Mapping[str, Any]) -> Callable[[str], str | None]:
        """What makes of a key what people read for its value, whoever they are; ``None`` where it is absent."""
        return lambda name: self._kinds[name].word(data[name]) if name in data else None

    @property
    def leads(self) -> bool:
        """Whether it may be the first event of a command."""
        return bool(self.verbs) or not self.follows

    @property
    def applied(self) -> bool:
        """Whether it is of a step that somebody took on a deal and that was applied."""
        return bool(self.verbs or self.follows)

    @property
    def personal(self) -> tuple[str, ...]:
        """JSON pointers to what is personal in every process."""
        return tuple(pointer.path for pointer in self._pointers)

    def entry(self, data: Data, fields: Iterable[str] = ()) -> Entry:
        """The entry for the log. ``fields`` are pointers to personal values of fields; other personal values are known by
        their keys."""
        private = [*fields]
        for path, key, below, unless in self._pointers:
            if key not in data or (below is not None and below not in data[key]):
                continue
            if unless is None or data.get(unless[0]) != unless[1]:
                private.append(path)
        return Entry(self.name, data, tuple(private))
