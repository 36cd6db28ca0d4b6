"""Findings on what in a directory of people does not fit its JSON Schema."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from procdef.diagnostics import Finding, Place, Route, SubjectKind, nearest
from procdef.language.shape.missing_keys import missing_key
from procdef.language.shape.schema_findings import repeated_items, unique_items
from procdef.language.shape.schema_keys import empty_said, schema_file
from procdef.language.shape.shown_values import shown, single, where
from procdef.language.shape.suggested_forms import date_form, date_readings, identifier

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_CODES = {
    "required": "missing-key",
    "additionalProperties": "unknown-key",
    "uniqueItems": "duplicate-item",
    "type": "wrong-type",
    "anyOf": "wrong-type",
    "minItems": "empty",
    "minProperties": "empty",
    "minLength": "empty",
    "const": "newer-language",
}
_SAID = {
    "newer-language": "this is written in version {value} of the form; this procdef reads version 1",
    "bad-id": "{value} is not the id of a role, which has lower-case letters, digits and _ and begins with a letter",
    "bad-person-id": "{value} is not an id; write a short one without blanks, commas and colons, and the name under `name`",
    "bad-date": '{value} is not a date, which is written with the year first, as "2026-07-01"',
}
_OTHERWISE = {
    **dict.fromkeys(("title", "fullname", "full_name", "nimi"), "name"),
    **dict.fromkeys(("user", "username", "user_name", "account", "os"), "login"),
    **dict.fromkeys(("role", "groups", "rights", "is"), "roles"),
    **dict.fromkeys(("deputy", "substitute", "substitutes", "stand_in", "delegates", "delegate", "backup"), "deputies"),
    **dict.fromkeys(("start", "begin", "begins", "since", "first", "valid_from"), "from"),
    **dict.fromkeys(("end", "ends", "to", "till", "last", "valid_until", "through"), "until"),
    **dict.fromkeys(("persons", "users", "team", "members"), "people"),
}
"""What people write for the keys of a directory."""
_TAKES: dict[str, tuple[str, str | None]] = {
    "people": ("people by their ids", "people: {{{id}: {{roles: seller}}}}"),
    "name": ("a text", None),
    "login": ("a text", None),
    "roles": ("a role, a list of roles, or roles with periods", None),
    "deputies": ("a person, a list of people, or people with periods", None),
    "procdef-people": ("the number 1", "procdef-people: 1"),
}
"""By key: what it takes, and how it is written."""
_PERIOD = "a period: {from: 2026-01-01, until: 2026-12-31}, one of the two, or nothing"


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    extended = cast(Callable[..., type[Draft202012Validator]], extend)
    return extended(Draft202012Validator, {"uniqueItems": unique_items})(schema_file())


def shape_findings(value: Any) -> Iterator[Finding]:
    """Everything in the bare values of a file that does not fit the schema, which is the one of people while it is read."""
    told: set[Route] = set()
    for error in _validator().iter_errors(value):
        route: Route = tuple(error.absolute_path)
        if error.validator != "required":
            yield from _explained(error)
        elif route not in told:  # there is one error for each key, and each names all keys
            told.add(route)
            yield from _missing(error, route)


def _explained(error: ValidationError) -> Iterator[Finding]:
    route: Route = tuple(error.absolute_path)
    rule = str(error.validator)
    if rule == "anyOf" and (meant := _meant(error)):
        for inner in meant:
            yield from _explained(inner)
    elif rule == "additionalProperties":
        yield from _unknown_keys(error, route)
    elif "propertyNames" in error.schema_path:
        place = Place((*route, str(error.instance)), "key")
        yield _about(error, str(_schema(error).get("$comment")), (*route, str(error.instance)), place)
    elif rule == "uniqueItems":
        yield from repeated_items(error, route)
    else:
        yield _about(error, _code(error), route, Place(route))


def _code(error: ValidationError) -> str:
    comment = _schema(error).get("$comment")
    return str(comment or _CODES.get(str(error.validator), "wrong-type"))


def _schema(error: ValidationError) -> dict[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _meant(error: ValidationError) -> list[ValidationError]:
    """The faults in the branch whose type fits; nothing where none does."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [faults for faults in branches.values() if not any(one.validator == "type" and not one.path for one in faults)]
    return min(fitting, key=len) if fitting else []


def _missing(error: ValidationError, route: Route) -> Iterator[Finding]:
    value: Any = error.instance
    for key in _schema(error).get("required", ()):
        if key in value:
            continue
        if key == "procdef-people" and "procdef" in value:
            said = "this is a process; a directory of people begins with `procdef-people: 1`"
            yield Finding("missing-key", Place(("procdef",), "key"), said, subject=key, kind="key")
        elif not any(_key_meant(other, [key]) for other in value if other not in _schema(error).get("properties", {})):
            yield missing_key(key, route)


def _unknown_keys(error: ValidationError, route: Route) -> Iterator[Finding]:
    value: Any = error.instance
    if not route and "procdef" in value and "procdef-people" not in value:
        return  # a process, of which one finding tells
    known = list(_schema(error).get("properties", {}))
    free = [one for one in known if one not in value]
    for key in value:
        if key in known:
            continue
        near = _key_meant(key, free)
        said = 'unknown key "{subject}" in {where}' + ("{hint}" if near else "; known are {known}")
        if not route and isinstance(value[key], dict) and not near:
            said = 'unknown key "{subject}" in {where}; people stand below `people`'
        if key in ("email", "mail", "phone", "telephone") and not near:
            said = 'unknown key "{subject}" in {where}; a directory holds no more of people than it takes to know them'
        yield Finding("unknown-key", Place((*route, key), "key"), said, fix=near, subject=key, kind="key",
                      candidates=(near,) if near else (),
                      details={"where": where(route), "known": ", ".join(known)})  # fmt: skip


def _key_meant(key: str, free: list[str]) -> str | None:
    other = _OTHERWISE.get(key.lower().replace("-", "_"))
    return other if other in free else nearest(key.lower(), free)


def _about(error: ValidationError, code: str, route: Route, place: Place) -> Finding:
    details: dict[str, object] = {"value": shown(error.instance), "where": where(route)}
    subject, kind = single(error.instance), _kind(code, route)
    if code == "bad-date":
        return bad_date(error.instance, route)
    if code in ("bad-id", "bad-person-id") and isinstance(error.instance, str):
        several = error.instance.split()
        if code == "bad-id" and route[-1] == "roles" and len(several) > 1 and all(identifier(one) == one for one in several):
            return Finding(code, place, "{value} are several roles, which stand in a list; write {fix}",
                           fix=f"[{', '.join(several)}]", subject=subject, kind=kind, details=details)  # fmt: skip
        near = identifier(error.instance) or None
        said = _SAID[code] + ("; write {fix}" if near else "")
        if code == "bad-person-id":
            said = _SAID[code].replace("a short one", 'a short one, as "{fix}",') if near else _SAID[code]
        return Finding(code, place, said, fix=near, subject=subject, kind=kind, details=details)
    if code == "newer-language" and error.validator == "type":
        code = "wrong-type"
    if code != "wrong-type":
        if not route and code == "empty":
            details["where"] = "the directory"
        return Finding(code, place, _SAID.get(code) or empty_said(route), subject=subject, kind=kind, details=details)
    takes, form = _due(route)
    said = "{where} must be {takes}, not {value}" + ("; write it like {form}" if form else "")
    details |= {"takes": takes, "form": form.format(id="maija") if form else None}
    return Finding("wrong-type", place, said, subject=subject, kind="value", details=details)


def _due(route: Route) -> tuple[str, str | None]:
    """What may stand at a route, and how it is written."""
    match route:
        case ():
            return "keys with values", "procdef-people: 1"
        case ("people", person):
            return "keys with values", f"{person}: {{{{roles: seller}}}}"
        case ("people", _, key) | (key,) if str(key) in _TAKES:
            return _TAKES[str(key)]
        case ("people", _, "roles" | "deputies" as key, int()):
            return ("a role" if key == "roles" else "the id of a person"), None
        case ("people", _, "roles" | "deputies", *_):
            return _PERIOD, None
    return "something else", None


def _kind(code: str, route: Route) -> SubjectKind:
    if code == "bad-id":
        return "role"
    return "person" if code == "bad-person-id" or len(route) == 2 else "value"


def bad_date(value: object, route: Route) -> Finding:
    """The finding on what stands in the place of a date, with the date that was likely meant."""
    near = date_form(value) or _of_month(str(value), str(route[-1]) if route else "")
    readings = date_readings(value)
    said = _SAID["bad-date"]
    if near:
        said = "{value} is not a date, which is written with the year first; write {fix}"
    elif readings:
        said = "{value} is not a date, which is written with the year first; write " + " or ".join(readings)
    details = {"value": shown(value), "where": where(route)}
    finding = Finding("bad-date", Place(route), said, subject=single(value), kind="value", details=details)
    return replace(finding, fix=near)


def _of_month(value: str, key: str) -> str | None:
    """Of a month the first day, or the last one where the end of a period is due."""
    year, dash, month = value.partition("-")
    if not (dash and len(year) == 4 and year.isdigit() and month.isdigit() and len(month) == 2 and 1 <= int(month) <= 12):
        return None
    return f"{value}-{monthrange(int(year), int(month))[1]:02}" if key == "until" else f"{value}-01"
