"""How a value should have been written, with what its author wrote: ``sla: {within: 10 days}`` for ``sla: 10 days``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from procdef.calendar import parse_duration
from procdef.diagnostics import Route

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
_SPAN = re.compile(r"(?P<amount>[0-9]+)\s*(?P<unit>[A-Za-z ]*?)\.?")
_UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("", "d", "day", "days"), "days"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "weeks"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "months"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "years"),
}
_HOURS = re.compile(r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?\s*[-–]\s*([0-9]{1,2})(?:[:.]([0-5][0-9]))?")
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
        return None
    last, above = str(route[-1]), str(route[-2]) if len(route) > 1 else ""
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
    if last in _ALONE:
        return f"{last}: {_ALONE[last].format(written, id=identifier(str(value)) or 'an_id')}"
    if last in _LISTS - {"questions"} and (parts := _parted(value)):
        return f"{last}: [{', '.join(map(plain, parts))}]"
    if last == "languages" and not re.fullmatch("[a-z]{2,3}", str(value)):
        return "languages: [en]"
    if last == "questions" and re.search(r"^-| - ", str(value)):
        return f"- {str(value).lstrip('- ').split(' - ')[0]}"
    return f"{last}: [{written}]" if last in _LISTS else None


def is_pattern(form: str) -> bool:
    """Whether something in a form is still to be chosen."""
    return "a_role" in form or "..." in form


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
    business = before in (["business"], ["working"], ["work"])
    if (before and not business) or (not found["unit"] and isinstance(value, bool)):
        return None
    amount = int(found["amount"])
    if unit in ("workday", "workdays", "workingdays"):
        business, unit = True, "days"
    if unit not in _UNITS or (business and _UNITS[unit] in _WHOLE):
        return None
    word = _UNITS[unit][:-1] if amount == 1 else _UNITS[unit]
    made = f"{amount} {'business ' if business else ''}{word}"
    return made if made != value and len(str(amount)) <= _MOST_DIGITS and parse_duration(made) else None


def hours_form(value: str) -> str | None:
    """The working hours that were likely meant, each time with hours and minutes."""
    found = _HOURS.fullmatch(value.strip("\"' "))
    if found is None:
        return None
    begin, end = (f"{int(found[at]):02}:{found[at + 1] or '00'}" for at in (1, 3))
    return f"{begin}-{end}" if begin < "24" and end <= "24:00" else None


def date_form(value: Any) -> str | None:
    """The date that was likely meant, with the year first."""
    text = str(value).strip()
    found = _SWAPPED.fullmatch(text)
    digits = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text)
    try:
        if found:
            return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
        return date(*map(int, digits.groups())).isoformat() if digits else None
    except ValueError:
        return None
