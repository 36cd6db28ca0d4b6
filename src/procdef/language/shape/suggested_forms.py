"""How a value should have been written, with what its author wrote: ``sla: {within: 10 days}`` for ``sla: 10 days``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from procdef.calendar import parse_duration
from procdef.diagnostics import Route
from procdef.language.shape.schema_keys import file_kind
from procdef.words_of_languages import UNITS, WEEKDAYS, WORKING, WORKING_DAYS
from procdef.words_of_languages import plain as plain_word

_WITHIN = {"roles": "title", "required_actions": "title", "optional_actions": "title", "next": "title", "back": "title"}
_ENTRIES = {**_WITHIN, "fields": "type", "items": "type", "objections": "concern", "stages": "title"}
"""By the collection that an entry stands in: the key that takes what was written in the entry's place."""
_ALONE = {
    "sla": "{{within: {}}}",
    "playbook": "{{goal: {}}}",
    "deal": "{{value: {}}}",
    "calendar": "{{timezone: {}}}",
    "won_value": "{{amount: {}, per: month}}",
    "won_deals": "{{count: {}, per: month}}",
    "new_deals": "{{count: {}, per: month}}",
    "reopen": "{{by: a_role, within: {}}}",
    "lost": "{{reasons: {{{id}: {}}}}}",
    "entry_criteria": "{{fits: {}}}",
    "exit_criteria": "{{fits: {}}}",
    "reasons": "{{{id}: {}}}",
    "objections": "{{{id}: {{concern: {}}}}}",
    "materials": "{{{id}: {{title: {}, url: https://...}}}}",
}
_COLLECTIONS = frozenset(["roles", "fields", "items", "required_actions", "optional_actions", "reasons", "objections"])
_LISTS = frozenset(["languages", "closed", "questions", "options", "ways", "placeholders"])
_PLAIN = re.compile(r"[^\W_][^:#\[\]{},&*!|>'\"%@`]*", re.DOTALL)
_SWAPPED = re.compile(r"(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})")
_SPAN = re.compile(r"(?P<amount>[0-9]+(?:[.,][0-9]{1,3})?)\s*(?P<unit>(?:[^\W\d_]| )*?)\.?")
_UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("", "d", "day", "days"), "days"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
_SMALLER = {"weeks": (7, "days"), "days": (24, "hours"), "hours": (60, "minutes")}
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-5][0-9]))?\s*(?P<half>am|pm)?", re.IGNORECASE)
_TO = re.compile(r"\s*(?:[-–—]|\b(?:to|until|a|al|bis|au|till|tot)\b)\s*", re.IGNORECASE)
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DEADLINE = re.compile(r"(?P<key>within|until)\s+(?P<rest>[\w ]+)")
_WHOLE = frozenset(["weeks", "months", "years"])
"""Units that have no business time."""
_MOST_DIGITS = 5


def identifier(text: str, joint: str = "_") -> str:
    """An id made of a text: lower-case letters without accents and digits, words joined by ``joint``; may be empty."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", joint, bare).strip(joint).lstrip("0123456789" + joint)[:64]


def form(route: Route, value: Any) -> str | None:
    """How to write the value at a route where a mapping or a list is due; None where that is not certain."""
    if not route or value is None or isinstance(value, dict):
        return _rows(value) if route and route[-1] == "by" and isinstance(value, dict) else None
    last, above = str(route[-1]), str(route[-2]) if len(route) > 1 else ""
    if file_kind().schema == "plan":
        return _in_plan(last, value)
    if isinstance(value, list):
        alone = len(value) == 1 and isinstance(value[0], str) and last not in _COLLECTIONS | _ALONE.keys() | _LISTS
        return f"{last}: {plain(value[0])}" if alone else _entries(last, value)
    written = plain(value)
    if above in _ENTRIES:
        return f"{last}: {{{_ENTRIES[above]}: {written}}}"
    if last in _COLLECTIONS and last in _ENTRIES and isinstance(value, str):
        return _entries(last, [value])
    if last == "hours":
        return f'hours: {{mon-fri: "{hours_form(written) or "09:00-17:00"}"}}'
    if last == "sla" and (said := _DEADLINE.fullmatch(str(value))) is not None:
        return f"sla: {{{said['key']}: {plain(duration_form(said['rest']) or said['rest'])}}}"
    if last == "sla" and identifier(str(value)) == value:
        return f"sla: {{until: {written}}}"
    if last in _ALONE:
        return f"{last}: {_ALONE[last].format(written, id=identifier(str(value)) or 'an_id')}"
    if last in _LISTS - {"questions"} and (parts := _parted(value)):
        return f"{last}: [{', '.join(map(plain, parts))}]"
    if last == "languages" and not re.fullmatch("[a-z]{2,3}", str(value)):
        return "languages: [en]"
    if last == "questions" and re.search(r"^-| - ", str(value)):
        return f"- {str(value).lstrip('- ').split(' - ')[0]}"
    return f"{last}: [{written}]" if last in _LISTS else None


def _in_plan(key: str, value: Any) -> str | None:
    names = [str(one) for one in (value if isinstance(value, list) else [value])]
    if key == "void":
        return f"void: [{', '.join(names)}]"
    if key in ("fields", "actions") and len(names) == 1:
        return f"{key}: {{{names[0]}: NEW}}, or {{{names[0]}: null}} to drop it"
    return f"{key}: {{{names[0]}: NEW}}" if key == "stages" and len(names) == 1 else None


def _rows(value: dict[str, Any]) -> str:
    """The table that a mapping should have been: one row, or by role when it decides."""
    if not value.keys() & {"when", "roles", "at_least"}:
        named = [role for role, when in value.items() if isinstance(when, str) and identifier(role) == role]
        return "by: [" + ", ".join((*(f"{{when: ..., roles: {role}}}" for role in named), "{roles: a_role}")) + "]"
    return "by: [{when: ..., roles: a_role}, {roles: a_role}]"


def is_pattern(form: str) -> bool:
    """Whether something in a form is still to be chosen."""
    return "a_role" in form or "..." in form or ": NEW}" in form


def _parted(value: Any) -> list[str]:
    """The parts of one text with commas, semicolons or bars, where each of several shows something."""
    parts = [part.strip() for part in re.split(r"[,;|]", value)] if isinstance(value, str) else []
    return parts if len(parts) > 1 and all(parts) else []


def _entries(collection: str, items: list[Any]) -> str | None:
    """The mapping that a list of ids or titles should have been."""
    if collection not in _COLLECTIONS or not items or not all(isinstance(item, str) for item in items):
        return None
    ids = [identifier(item) or "an_id" for item in items]
    titles = [item if identifier(item) != item else item.replace("_", " ").capitalize() for item in items]
    key = _ENTRIES.get(collection)
    parts = (
        f"{name}: {{{key}: {'text' if key == 'type' else plain(title)}}}" if key else f"{name}: {plain(title)}"
        for name, title in zip(ids, titles, strict=True)
    )
    return f"{collection}: {{{', '.join(parts)}}}"


def plain(value: Any) -> str:
    """A value as it is written inside brackets."""
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    sound = _PLAIN.fullmatch(value) and value.strip() == value and not value.endswith("?")
    return value if sound else f'"{value}"' if not set(value) & set('"\\') else "'" + value.replace("'", "''") + "'"


def duration_form(value: Any) -> str | None:
    """The duration that was likely meant, with its unit, in units of the language."""
    found = _SPAN.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
    if found is None:
        return None
    *before, unit = found["unit"].lower().split() or [""]
    if len(before) == 1 and plain_word(unit) in WORKING:  # días hábiles
        before, unit = ["business"], before[0]
    business = before in (["business"], ["working"], ["work"])
    if (before and not business) or (not found["unit"] and isinstance(value, bool)):
        return None
    if unit in ("workday", "workdays", "workingdays") or plain_word(unit) in WORKING_DAYS:
        business, unit = True, "days"
    unit = _UNITS.get(unit) or UNITS.get(plain_word(unit), "")
    if not unit or (business and unit in _WHOLE):
        return None
    amount = Decimal(found["amount"].replace(",", "."))
    if amount != int(amount) and not (business and unit == "days") and unit in _SMALLER:
        factor, unit = _SMALLER[unit]
        amount *= factor
    if amount != int(amount) or (found["unit"] == "" and not found["amount"].isdigit()):
        return None
    word = unit[:-1] if amount == 1 else unit
    made = f"{int(amount)} {'business ' if business else ''}{word}"
    return made if made != value and len(str(int(amount))) <= _MOST_DIGITS and parse_duration(made) else None


def hours_form(value: str) -> str | None:
    """The working hours that were likely meant, each time with hours and minutes; several ranges as a list of them."""
    ranges = [_range(one) for one in re.split(r"\s*(?:[,;/&]|\b(?:and|y|und|et|ja)\b)\s*", value.strip("\"' "))]
    if None in ranges:
        return None
    return str(ranges[0]) if len(ranges) == 1 else "[" + ", ".join(f'"{one}"' for one in ranges) + "]"


def _range(written: str) -> str | None:
    ends = [_CLOCK.fullmatch(end) for end in _TO.split(written.strip())]
    if len(ends) != 2 or None in ends:
        return None
    times = []
    for end in ends:
        assert end is not None
        hour, half = int(end["hour"]), (end["half"] or "").lower()
        hour = hour % 12 + (12 if half == "pm" else 0) if half and hour <= 12 else hour
        times.append(f"{hour:02}:{end['minute'] or '00'}")
    return "-".join(times) if times[0] < "24" and times[1] <= "24:00" else None


def days_form(written: str) -> str | None:
    """The days of the week that were likely meant, as ``mon`` or ``mon-fri``."""
    days = []
    for one in _TO.split(written.strip()):
        word = plain_word(one)
        english = next((day[:3] for day in _ENGLISH_DAYS if len(word) > 2 and f"{day}s".startswith(word)), None)
        days.append(english or WEEKDAYS.get(word))
    return "-".join(str(day) for day in days) if len(days) < 3 and None not in days else None


def date_form(value: Any) -> str | None:
    """The date that was likely meant, with the year first; None also where two may be."""
    found = date_readings(value)
    return found[0] if len(found) == 1 else None


def date_readings(value: Any) -> tuple[str, ...]:
    """The dates that may be meant, with the year first: with slashes the month comes first in America and second elsewhere."""
    text = str(value).strip()
    digits = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})|([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})", text)
    swapped = _SWAPPED.fullmatch(text)
    parts = [tuple(int(one) for one in digits.groups() if one)] if digits else []
    if swapped:
        day, month, year = int(swapped["day"]), int(swapped["month"]), int(swapped["year"])
        parts = [(year, month, day), *([(year, day, month)] if "/" in text else [])]
    return tuple(dict.fromkeys(found for one in parts if (found := _day(*one))))


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
