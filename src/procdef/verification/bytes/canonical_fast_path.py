"""The fast path: events written anew from known parts, to see at once that bytes are canonical and an envelope is sound.

What is put together from canonical parts, in the order of its keys, is canonical, and so are bytes that equal it. Most events
name people and definitions that others before them named, whose parts lie ready. Where the bytes are others, nothing is
said: the slower checks tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.log.canonical import admit, encoded, quoted
from procdef.log.envelope import VIA, is_definition, is_person
from procdef.log.format import DEFINITION, FORMAT, LANGUAGE, PERSON

_MOST = 1024
"""How many people, and how many definitions, are remembered."""
_DIGITS = {number: str(number) for number in range(10_000)}
_UNLIKE = (LookupError, TypeError, ValueError, AttributeError)
"""What it raises to spell an event that is not shaped like one."""


class KnownParts:
    """The people and definitions of the events so far, as canonical text; each was checked once."""

    def __init__(self) -> None:
        self._people: dict[tuple[str | None, ...], str] = {}
        self._definitions: dict[str, str] = {}

    def spell(self, event: Mapping[str, Any], text: str) -> bool:
        """Whether this text, of which the event was read, is what an event with sound people and a definition of a known
        language is written as, and has no key in its envelope but the known ones."""
        try:
            made = self._spelt(event)
            if made != text:
                return False
            if not text.isascii():
                admit(event)
        except _UNLIKE:
            return False
        return True

    def _spelt(self, event: Mapping[str, Any]) -> str:
        command, via = event["cmd"], event["via"]
        if via not in VIA:
            raise ValueError(via)
        pinned = f',"definition":{self._definition(event["definition"])}' if "definition" in event else ""
        behalf = f',"for":{self._person(event["for"])}' if "for" in event else ""
        happened = f',"happened":{quoted(event["happened"])}' if "happened" in event else ""
        sealed = f',"private":{encoded(event["private"])}' if "private" in event else ""
        return (
            f'{{"at":{quoted(event["at"])},"by":{self._person(event["by"])},"cmd":{{"i":{_DIGITS[command["i"]]},'
            f'"id":{quoted(command["id"])},"of":{_DIGITS[command["of"]]}}},"data":{encoded(event["data"])}'
            f'{pinned}{behalf}{happened},"id":{quoted(event["id"])},"log":{quoted(event["log"])},"n":{_DIGITS[event["n"]]},'
            f'"prev":{quoted(event["prev"])}{sealed},"stream":{quoted(event["stream"])},"type":{quoted(event["type"])},'
            f'"v":{FORMAT},"via":"{via}"}}'
        )

    def _person(self, who: Mapping[str, Any]) -> str:
        key = (who["id"], who["auth"], who.get("from"), *who.get("roles", ()))
        known = self._people.get(key)
        if known is None:
            if not (is_person(who) and PERSON.keys.issuperset(who)):
                raise ValueError("a person of another form")
            if len(self._people) >= _MOST:
                self._people.clear()
            known = self._people[key] = encoded(who)
        return known

    def _definition(self, named: Mapping[str, Any]) -> str:
        known = self._definitions.get(named["sha256"])
        if known is None:
            if not (is_definition(named) and DEFINITION.keys.issuperset(named) and named["lang"] <= LANGUAGE):
                raise ValueError("a definition of another form")
            if len(self._definitions) >= _MOST:
                self._definitions.clear()
            known = self._definitions[named["sha256"]] = encoded(named)
        return known
