"""Published directories of people against the events that published them, and against the roles that steps have from them."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from procdef.log.canonical import parsed
from procdef.log.event import instant
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.queries import Directories, EventPlace, Events
from procdef.verification.directory_form import Listed, Misformed, PersonKept, people_kept
from procdef.verification.tables.storage_classes import misfit

TYPE = "people.published"
_STEPS = frozenset((
    "action.completed", "action.voided", "criterion.waived", "deal.assigned", "deal.corrected", "deal.finished", "deal.lost",
    "deal.noted", "deal.recorded", "deal.reopened", "deal.started", "deal.won", "stage.advanced", "stage.returned",
    "step.refused",
))  # fmt: skip
"""The types of events that tell of somebody's step."""
_FROM = re.compile(r"people:([0-9a-f]{16})(?::(.+))?", re.DOTALL)
_LIKE = re.compile("people:", re.IGNORECASE)
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

Objection = tuple[str, str]


class PublishedDirectories:
    """The directories of a log, and when each came into force. ``people`` has those that can be read by their hashes."""

    def __init__(self, tx: Inspection) -> None:
        self._tx = tx
        self._rows: set[str] = set()
        self._people: dict[str, dict[str, PersonKept]] = {}
        self._inforce: list[tuple[int, str, int]] | None = None
        self._given: dict[tuple[str, str, date], tuple[tuple[str, ...], str] | None] = {}

    def learn(self) -> Iterator[Irregularity]:
        """Take in what is stored of directories."""
        for row in self._tx.scan(Directories()) if self._tx.has_deadlines else ():
            column = misfit(row)
            if column != "sha256":
                self._rows.add(row.sha256)
            if column is not None:
                found = f"another type of {column}"
                yield Irregularity("unreadable", "system", 0, "a directory of people as it is written", found)
                continue
            if sha256(row.source).hexdigest() != row.sha256:
                yield Irregularity("directory-changed", "system", 0, f"a directory of the hash {row.sha256}", "another")
                continue
            try:
                self._people[row.sha256] = people_kept(parsed(row.source))
            except Misformed as fault:
                yield Irregularity("unreadable", "system", 0, f"a directory of people with {fault}", row.sha256)
            except _UNREADABLE:
                yield Irregularity("unreadable", "system", 0, "a directory of people that this procdef reads", row.sha256)

    def end(self) -> Iterator[Irregularity]:
        """Directories that events published and that are not there, and those that no event published."""
        told = {digest: n for _, digest, n in self._publications()}
        for digest, n in told.items():
            if digest not in self._rows:
                yield Irregularity("directory-missing", "system", n, f"the directory of people {digest}", "none")
        for digest in sorted(self._rows - told.keys()):
            yield Irregularity("directory-unpublished", "system", 0, f"an event that published {digest}", "none")

    def objections(self, event: Mapping[str, Any], place: int) -> Iterator[Objection]:
        """What is wrong with where the roles of an event at this place in the log come from."""
        for key in ("by", "for"):
            source = event.get(key, {}).get("from")
            found = _FROM.fullmatch(source) if source is not None else None
            if found is None:
                if source is not None and _LIKE.match(source) and self._at(place) is not None:
                    yield "roles from `people:`, 16 hex digits and, behind another `:`, at least one id", f"{source} in {key}"
                continue
            if event["via"] == "import":
                yield "roles as an import claims them", f"{source} in {key}"
            elif key == "by" and "for" in event:
                yield "roles from a directory of the person of `for`, whom rules look at, and of nobody else", f"{source} in by"
            elif event["type"] not in _STEPS:
                yield "roles from a directory in steps alone", f"{source} in {event['type']}"
            else:
                yield from self._of_person(event[key], found[1], found[2] or "", event["at"], place)

    def _of_person(self, who: Mapping[str, Any], short: str, absent: str, at: str, place: int) -> Iterator[Objection]:
        digest = self._at(place)
        if digest is None or digest[:16] != short:
            there = f"people:{digest[:16]}" if digest else "and there is none"
            yield f"the directory of people that is in force, {there}", f"people:{short}"
            return
        if digest not in self._people:
            return  # which is told already
        day = instant(at).date()
        has = tuple(who.get("roles", ())), absent
        days = (day, day - timedelta(1), day + timedelta(1))
        given = [self._roles(digest, who["id"], each) for each in days]
        if has not in given:
            expected = f"the roles that the directory gives {who['id']}, {_said(given[0])}"
            yield expected, _said(has)

    def _at(self, place: int) -> str | None:
        """The directory that was in force at a place in the log."""
        if self._inforce is None:
            self._inforce = sorted(self._publications())
        later = bisect_left(self._inforce, (place, "", 0))
        return self._inforce[later - 1][1] if later else None

    def _publications(self) -> Iterator[tuple[int, str, int]]:
        """The events that published directories: their places, the hashes, their numbers. What cannot be read is told of where
        the stream is."""
        for row in self._tx.scan(Events("system", type=TYPE)):
            for place in self._tx.scan(EventPlace("system", row.n)):
                try:
                    yield int(place.idx), str(json.loads(row.body)["data"]["sha256"]), row.n
                except _UNREADABLE:
                    continue

    def _roles(self, digest: str, who: str, day: date) -> tuple[tuple[str, ...], str] | None:
        key = digest, who, day
        if key not in self._given:
            self._given[key] = _held(self._people[digest], who, day.isoformat())
        return self._given[key]


def _held(people: Mapping[str, PersonKept], who: str, day: str) -> tuple[tuple[str, ...], str] | None:
    """The roles that somebody has on a day, and for whom they stand in by that; nothing for somebody unknown."""
    if who not in people:
        return None
    roles = own = _on(people[who].roles, day)
    absent = []
    for name in sorted(people):
        if name != who and who in _on(people[name].deputies, day) and not (more := _on(people[name].roles, day)) <= own:
            absent.append(name)
            roles = roles | more
    return tuple(sorted(roles)), ",".join(absent)


def _on(listed: Listed, day: str) -> set[str]:
    """The roles, or deputies, of a day; dates sort as their texts do."""
    return {
        name
        for name, periods in listed.items()
        if any(one.get("from", day) <= day <= one.get("until", day) for one in periods)
    }


def _said(held: tuple[tuple[str, ...], str] | None) -> str:
    if held is None:
        return "nobody whom it knows"
    roles, absent = held
    return (" and ".join(roles) or "none") + (f" standing in for {absent}" if absent else "")
