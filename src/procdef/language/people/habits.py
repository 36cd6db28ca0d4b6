"""What people write in a directory in place of what it takes: dates without braces, deputies within a period, absences."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from typing import Any

from procdef.diagnostics import Finding, Place, Route, SubjectKind
from procdef.language.shape.shown_values import shown, single, where
from procdef.language.shape.suggested_forms import date_form, identifier

_DEPUTIES = frozenset(
    ("deputy", "deputies", "substitute", "substitutes", "stand_in", "delegate", "delegates", "backup", "by", "who")
)
_ABSENCES = frozenset(("absent", "absence", "absences", "away", "vacation", "vacations", "holiday", "holidays", "leave", "off"))
_DEPUTY_OF = frozenset(("deputy_of", "deputy_for", "stands_in_for", "substitute_for", "substitute_of", "deputises_for", "for"))
_FIRST = frozenset(("from", "since", "start", "begin", "starting"))
_LAST = frozenset(("until", "till", "to", "end", "through"))
_ALWAYS = frozenset(("always", "yes", "true", "forever", "ever", "on"))
_NOBODY = frozenset(("none", "nothing", "no", "-", "nobody"))
_ENDLESS = frozenset(("", "always", "forever", "never", "open", "none", "unlimited", "now", "further notice"))
_SPAN = re.compile(r"(?P<first>\S+)\s*(?:\s-\s|–|—|\.\.+|\bto\b|\buntil\b|\btill\b)\s*(?P<last>\S+)")
_WORDS = re.compile(r"[\s,;/&+]+")


def misread(value: Any) -> Iterator[Finding]:
    """What is wrong in the values of a directory and shows what its author meant; what else is wrong its schema tells."""
    people = value.get("people") if isinstance(value, dict) else None
    names = {identifier(str(about["name"])): str(one) for one, about in _mappings(people) if isinstance(about.get("name"), str)}
    for one, about in _mappings(people):
        here: Route = ("people", one)
        yield from _keys(here, about)
        if isinstance(about.get("login"), int) and not isinstance(about["login"], bool):
            said = "a login is a text, and {value} is a number to YAML; write {form}"
            yield _finding("wrong-type", (*here, "login"), said, about["login"], f'"{about["login"]}"')
        for key in ("roles", "deputies"):
            yield from _held((*here, key), about.get(key), names)


def _mappings(given: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = given.items() if isinstance(given, dict) else ()
    return ((str(name), about) for name, about in entries if isinstance(about, dict))


def _keys(route: Route, about: Mapping[str, Any]) -> Iterator[Finding]:
    me = str(route[-1])
    for key, given in about.items():
        word = str(key).lower().replace("-", "_").replace(" ", "_")
        if word in _ABSENCES:
            period = _period(given) or (_written(given) if isinstance(given, dict) else _braces(_of_any_year(given), None))
            said = "days away are said by naming who stands in: {form}"
            yield _finding("unknown-key", (*route, key), said, key, f"deputies: {{ID: {period or '{from: 2026-07-01}'}}}",
                           fix=False, part="key")  # fmt: skip
        elif word in _DEPUTY_OF:
            absent = given if isinstance(given, str) else "the one who is away"
            said = "deputies are named by the one who is away: below {absent} write `deputies: {me}`"
            yield _finding("unknown-key", (*route, key), said, key, fix=False, part="key", absent=absent, me=me)
        elif word in ("from", "until"):
            role = about.get("roles")
            name = role if isinstance(role, str) and identifier(role) == role else "ROLE"
            said = "days belong to a role or a deputy and stand behind it; write it like {form}"
            yield _finding("unknown-key", (*route, key), said, key,
                           f"roles: {{{name}: {_written({word: given})}}}", fix=False, part="key")  # fmt: skip


def _held(route: Route, given: Any, names: Mapping[str, str]) -> Iterator[Finding]:
    """Roles or deputies: a text, a list, or each with its days."""
    if isinstance(given, dict):
        for name, periods in given.items():
            if isinstance(periods, list) and not _two_dates(periods):
                for place, each in enumerate(periods):
                    yield from _days(route, each, (*route, name, place))
            else:
                yield from _days(route, periods, (*route, name))
        return
    word = given.strip().lower() if isinstance(given, str) else None
    if word in _NOBODY and identifier(word) not in names.values():
        said = 'who has none needs no such key; leave "{key}" out'
        yield _finding("bad-id" if route[-1] == "roles" else "unknown-person", route, said, given, key=route[-1])
    elif isinstance(given, str) and route[-1] == "roles":
        yield from _several(route, given)
    elif isinstance(given, str):
        yield from _by_name(route, given, names)
    elif isinstance(given, list):
        yield from _listed(route, given, names)


def _several(route: Route, given: str) -> Iterator[Finding]:
    parts = [one for one in _WORDS.split(given.strip()) if one not in ("and", "or", "")]
    if len(parts) > 1 and all(identifier(one) == one for one in parts):
        said = "{value} are several roles, which stand in a list; write {form}"
        yield _finding("bad-id", route, said, given, f"[{', '.join(parts)}]", kind="role")


def _by_name(route: Route, given: str, names: Mapping[str, str]) -> Iterator[Finding]:
    """A deputy, or several of them, where ids are due: by their name, or in one text."""
    meant = names.get(identifier(given))
    if meant is not None and identifier(given) != given:
        said = "{value} is a name, and a deputy is named by the id; write {form}"
        yield _finding("bad-person-id", route, said, given, meant, kind="person")
        return
    parts = [one for one in re.split(r"\s*[,;&]\s*|\s+and\s+", given.strip()) if one]
    if len(parts) > 1 and not any(" " in one for one in parts):
        said = "{value} are several people, who stand in a list; write {form}"
        yield _finding("bad-person-id", route, said, given, f"[{', '.join(parts)}]", kind="person")


def _listed(route: Route, given: list[Any], names: Mapping[str, str]) -> Iterator[Finding]:
    if any(isinstance(each, dict) for each in given) and all(isinstance(each, str | dict) for each in given):
        held = [each if isinstance(each, dict) else {each: None} for each in given]
        parts = [f"{one}: {_written(days)}" for each in held for one, days in each.items()]
        said = "with days they stand in braces, and not in a list; write it like {form}"
        yield _finding("wrong-type", route, said, given, f"{route[-1]}: {{{', '.join(parts)}}}", fix=False)
        return
    for place, each in enumerate(given if route[-1] == "deputies" else ()):
        if isinstance(each, str):
            yield from _by_name((*route, place), each, names)


def _days(route: Route, given: Any, here: Route) -> Iterator[Finding]:
    if isinstance(given, dict):
        yield from _in_period(route, given, here)
        return
    if given is None:
        return
    said = "days stand in braces, with the first behind `from` and the last behind `until`; write {form}"
    form = _period(given)
    if form == "{}":
        said = "a role without days is for always; write {form}"
    if form is not None:
        yield _finding("wrong-type", here, said, given, form)
    elif (day := _of_any_year(given)) is not None:
        said = "days have their year, and stand in braces; write it like {form}"
        yield _finding("wrong-type", here, said, given, _braces(day, None), fix=False)


def _in_period(route: Route, given: Mapping[str, Any], here: Route) -> Iterator[Finding]:
    for key, each in given.items():
        word = str(key).lower()
        if word in _DEPUTIES and word not in ("from", "until"):
            person = str(route[1])
            who = each if isinstance(each, str) else next((one for one in each if isinstance(one, str)), "ID") if each else "ID"
            rest = _written({one: day for one, day in given.items() if one in ("from", "until")})
            said = "a period has days alone; who stands in is named by {person}, beside `roles`: write it like {form}"
            if route[-1] == "deputies":
                said = "a period has days alone; name another deputy beside this one: write it like {form}"
            yield _finding("unknown-key", (*here, key), said, key, f"deputies: {{{who}: {rest}}}", fix=False, part="key",
                           person=person)  # fmt: skip
        elif key in ("from", "until") and (each is None or str(each).strip().lower() in _ENDLESS):
            end = "first day" if key == "from" else "end"
            said = "a period without `{key}` has no {end}; leave `{key}` out"
            yield _finding("bad-date", (*here, key), said, each, fix=False, key=key, end=end)
        elif key in ("from", "until") and (day := re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]\d.*", str(each))) is not None:
            yield _finding("bad-date", (*here, key), "a period has whole days, without a time; write {form}", each, day[1])
        elif key in ("from", "until") and (near := _of_any_year(each)) is not None:
            yield _finding("bad-date", (*here, key), "days have their year; write it like {form}", each, near, fix=False)


def _two_dates(given: list[Any]) -> bool:
    return len(given) == 2 and all(_day(each, last=False) for each in given)


def _period(given: Any) -> str | None:
    """The period that was likely meant, as it is written; ``{}`` for one without an end."""
    if given is True or (isinstance(given, str) and given.strip().lower() in _ALWAYS):
        return "{}"
    if isinstance(given, list):
        first, last = given if _two_dates(given) else (None, None)
        return _braces(_day(first, last=False), _day(last, last=True))
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str):
        return None
    text = given.strip()
    word, _, rest = text.partition(" ")
    if word.lower().rstrip(":") in _FIRST | _LAST and " " not in rest.strip():
        from_on = word.lower().rstrip(":") in _FIRST
        return _braces(_day(rest, last=False), None) if from_on else _braces(None, _day(rest, last=True))
    both = _SPAN.fullmatch(text.removeprefix("from ").strip())
    if both is not None:
        return _braces(_day(both["first"], last=False), _day(both["last"], last=True), both=True)
    first, last = _day(text, last=False), _day(text, last=True)
    return _braces(first, last if last != first else None)


def _braces(first: str | None, last: str | None, both: bool = False) -> str | None:
    if (first is None and last is None) or (both and None in (first, last)):
        return None
    return "{" + ", ".join(f"{key}: {day}" for key, day in (("from", first), ("until", last)) if day) + "}"


def _of_any_year(given: Any) -> str | None:
    """A day that was written without its year, as 6.7., with a blank for it."""
    found = re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\.?", str(given).strip())
    day = _day(f"{found[0].rstrip('.').replace(' ', '')}.2000", last=False) if found else None
    return day and day.replace("2000", "YYYY", 1)


def _day(given: Any, *, last: bool) -> str | None:
    """A day as it is written, also of one in another notation; of a month or a year its first day or its last."""
    text = str(given).strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    if re.fullmatch(r"\d{4}", text):
        return f"{text}-12-31" if last else f"{text}-01-01"
    month = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
    if month is not None:
        return f"{text}-{monthrange(int(month[1]), int(month[2]))[1]:02}" if last else f"{text}-01"
    return date_form(text)


def _written(days: Any) -> str:
    if not isinstance(days, dict):
        return _period(days) or "{}"
    kept = [(key, _day(day, last=key == "until")) for key, day in days.items() if key in ("from", "until")]
    return "{" + ", ".join(f"{key}: {day}" for key, day in kept if day) + "}"


def _finding(
    code: str, route: Route, sentence: str, given: Any, form: str | None = None, *, fix: bool = True, part: str = "value",
    kind: SubjectKind | None = None, **details: object,
) -> Finding:  # fmt: skip
    place = Place(route, "key" if part == "key" else "value")
    details |= {"value": shown(given), "where": where(route), "form": form}
    about: SubjectKind = kind or ("key" if part == "key" else "value")
    return Finding(code, place, sentence, fix=form if fix else None, subject=single(given), kind=about, details=details)
