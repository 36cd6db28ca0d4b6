"""Findings on what in the values of a file does not fit the JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from procdef.diagnostics import Finding, Place, Route, SubjectKind, nearest
from procdef.language.shape.ambiguous_numbers import read_in_two_ways
from procdef.language.shape.country_names import country_code
from procdef.language.shape.missing_keys import missing_key
from procdef.language.shape.outcomes import NO_STAGE, means_lost, means_won
from procdef.language.shape.quick_validation import searcher
from procdef.language.shape.schema_keys import empty_said, file_kind, schema_file, takes
from procdef.language.shape.shown_values import shown, single, where
from procdef.language.shape.suggested_forms import (
    date_form,
    date_readings,
    days_form,
    duration_form,
    form,
    hours_form,
    is_pattern,
)
from procdef.language.shape.words_from_elsewhere import key_meant, type_of_field, word_meant
from procdef.language.yaml.scalars import plain_form

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_PLAIN_CODES = {
    "required": "missing-key",
    "type": "wrong-type",
    "enum": "unknown-word",
    "const": "unknown-word",
    "minItems": "empty",
    "minProperties": "empty",
    "minLength": "empty",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "pattern": "bad-id",
}
_NAMES = {
    "string": "text",
    "object": "keys with values",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}


_ENTRIES: Mapping[str, SubjectKind] = {
    "stages": "stage",
    "next": "stage",
    "back": "stage",
    "roles": "role",
    "scores": "score",
    "fields": "field",
    "items": "column",
    "options": "option",
    "required_actions": "action",
    "optional_actions": "action",
    "entry_criteria": "criterion",
    "exit_criteria": "criterion",
    "objections": "objection",
}
"""What the entries of a collection are."""


def schema_findings(value: Any) -> Iterator[Finding]:
    """Everything in the bare values of a file that does not fit the schema."""
    for error in _validator(file_kind().schema).iter_errors(value):
        yield from _explained(error)


@cache
def _validator(_schema: str) -> Draft202012Validator:
    """The validator of the schema that is in force, which has this name."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def pattern(_validator: object, due: str, value: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(value, str) and not searcher(due)(value):
            yield ValidationError(f"{value!r} does not match {due!r}")

    def required(_validator: object, due: list[str], value: object, _schema: object) -> Iterator[ValidationError]:
        for key in due if isinstance(value, dict) else ():
            if key not in cast(dict[str, object], value):
                yield ValidationError(f"{key!r} is required", validator_value=key)

    extended = cast(Callable[..., type[Draft202012Validator]], extend)
    rules = {"pattern": pattern, "required": required, "uniqueItems": unique_items}
    return extended(Draft202012Validator, rules)(schema_file())


def unique_items(_validator: object, due: bool, value: object, _schema: object) -> Iterator[ValidationError]:
    """The rule ``uniqueItems`` of a validator, in the time of the list; that of ``jsonschema`` holds each against each."""
    from jsonschema.exceptions import ValidationError

    items = cast(list[object], value) if due and isinstance(value, list) else []
    if len({*map(repr, items)}) < len(items):
        yield ValidationError("an item is there twice")


def _explained(error: ValidationError) -> Iterator[Finding]:
    route: Route = tuple(error.absolute_path)
    rule = str(error.validator)
    if rule == "anyOf":
        yield from _meant(error, route)
    elif rule == "additionalProperties":
        yield from _unknown_keys(error, route)
    elif rule == "required":
        yield missing_key(_due(error), route)
    elif rule == "uniqueItems":
        yield from repeated_items(error, route)
    elif "propertyNames" in error.schema_path and isinstance(error.instance, str) and rule == "pattern":
        code = _schema(error).get("$comment", "bad-id")
        place = Place((*route, error.instance), "key")
        days = days_form(error.instance) if code == "bad-calendar" else None
        said = "{value} are no days of the week as they are written here; write {form}" if days else _form_due(code)
        if _schema(error).get("title") == "stage.action":
            said = "{value} lacks its stage; name an action with the stage that it stands in, as stage.action"
        yield Finding(code, place, said, fix=days, subject=error.instance, kind=_kind(route),
                      details=_shown(error) | {"form": days})
    else:
        code = _code(error)
        if rule == "type" and (code != "bad-duration" or duration_form(error.instance) is None):
            code = "wrong-type"
        if rule == "const" and type(error.instance) is not type(_due(error)):
            return  # its type is wrong, which is said already
        yield _about_value(error, rule, code, route)


def repeated_items(error: ValidationError, route: Route) -> Iterator[Finding]:
    """One finding for each item of a list that repeats an earlier one."""
    items: Any = error.instance
    seen: set[str] = set()
    for place, item in enumerate(items):
        told = repr(item)
        if told in seen:
            yield Finding(
                "duplicate-item",
                Place((*route, place)),
                "{value} is in {where} twice; remove one",
                subject=single(item),
                kind="value",
                details={"value": "the same row" if isinstance(item, dict) else shown(item), "where": where(route)},
            )
        seen.add(told)


def _code(error: ValidationError) -> str:
    code: str = _schema(error).get("$comment", _PLAIN_CODES.get(str(error.validator), "wrong-type"))
    return code


def _schema(error: ValidationError) -> dict[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _due(error: ValidationError) -> Any:
    """What the failed keyword of the schema asks for."""
    return error.validator_value


def _nearest(error: ValidationError) -> str | None:
    """The word that was likely meant where a key takes one of a few words."""
    words = [str(word) for word in _due(error)] if error.validator == "enum" else []
    if words == ["won"] and means_won(error.instance):
        return "won"
    if not isinstance(error.instance, str):
        return None
    meant = type_of_field(error.instance, words) or word_meant(error.instance, words)
    return meant or nearest(error.instance.lower(), words)


def _instance(error: ValidationError) -> Any:
    return error.instance


def _meant(error: ValidationError, route: Route) -> Iterator[Finding]:
    """The findings of the branch that was meant, whose keys or type fit; without such a branch, one on the type."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [
        faults
        for faults in branches.values()
        if not any(fault.validator == "type" and not fault.path for fault in faults)
    ]
    keyed = [faults for place, faults in branches.items() if _shares_a_key(error, place)]
    if keyed or fitting:
        for fault in min(keyed or fitting, key=len):
            yield from _explained(fault)
        return
    unitless = [fault for faults in branches.values() for fault in faults if _form_of(fault, _code(fault))[0]]
    if unitless:
        yield from _explained(unitless[0])
        return
    due = {name for faults in branches.values() for fault in faults for name in _types(fault)}
    if any(_code(fault) == "bad-share" for faults in branches.values() for fault in faults) and _is_number(error.instance):
        yield _no_share(error, route)
        return
    if "text" in due and not isinstance(error.instance, str | dict | list):
        yield _no_text(error, route)
        return
    yield _wrong_type(error, route, sorted(due) or ["something else"], form(route, error.instance))


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _no_share(error: ValidationError, route: Route) -> Finding:
    """The finding on a number where a share of 100 is due; what lies between 0 and 1 could mean two of them."""
    given = _instance(error)
    share = f"{given} %" if given == 0 or given > 1 else None
    sentence = "{value} is not a share, because its sign is missing; write " + ("{form}" if share else "it of 100, as 25 %")
    told, details = single(error.instance), _shown(error) | {"form": share}
    return Finding("bad-share", Place(route), sentence, fix=share, subject=told, kind="value", details=details)


def _no_text(error: ValidationError, route: Route) -> Finding:
    """The finding on a number, a switch or nothing where a text is due."""
    place, details = Place(route), _shown(error) | {"where": where(route)}
    if error.instance is None:
        sentence = "nothing stands behind the colon of {where}; write a text there"
        return Finding("wrong-type", place, sentence, subject=single(None), kind="value", details=details)
    right = f'"{str(error.instance).lower() if isinstance(error.instance, bool) else error.instance}"'
    sentence = "{where} is a text, and {value} is none to YAML; write {fix}"
    return Finding("wrong-type", place, sentence, fix=right, subject=single(error.instance), kind="value", details=details)


def _wrong_type(error: ValidationError, route: Route, due: Iterable[str], right: str | None) -> Finding:
    """The finding on a value of a wrong type; ``due`` are the right ones, ``right`` how it should have been written."""
    return Finding(
        "wrong-type",
        Place(route),
        _wrong_type_said(right),
        fix=right.removeprefix(f"{route[-1]}: ") if right and route and not is_pattern(right) else None,
        subject=single(error.instance),
        kind="value",
        details=_shown(error) | {"where": where(route), "due": " or ".join(due), "form": right},
    )


def _wrong_type_said(right: str | None) -> str:
    if right is None:
        return "{where} must be {due}, not {value}"
    said = "write it like {form}" if is_pattern(right) else "write {form}"
    return "{where} must be {due}, not {value}; " + said


def _shares_a_key(error: ValidationError, branch: int) -> bool:
    """Whether a mapping has one of the keys that a branch names."""
    due = _due(error)[branch].get("properties", {})
    return isinstance(error.instance, dict) and not due.keys().isdisjoint(error.instance)


def _types(fault: ValidationError) -> list[str]:
    if fault.validator != "type" or fault.path:
        return []
    names = _due(fault) if isinstance(_due(fault), list) else [_due(fault)]
    return [_NAMES[name] for name in names if name != "null"]


def _unknown_keys(error: ValidationError, route: Route) -> Iterator[Finding]:
    known = list(_schema(error).get("properties", {}))
    for key in _instance(error):
        if key in known:
            continue
        free = [one for one in known if one not in _instance(error)]
        near = key_meant(key, free) or nearest(key.lower(), free)
        above = next((step for step in _outer(route) if takes(step, key)), None) if not near else None
        yield Finding(
            "unknown-key",
            Place((*route, key), "key"),
            _out_of_place(key, route, near, above),
            fix=near,
            subject=key,
            kind="key",
            candidates=(near,) if near else (),
            details={"where": where(route), "above": where(above or ()), "known": ", ".join(known)},
        )


def _out_of_place(key: str, route: Route, near: str | None, above: Route | None) -> str:
    """The sentence on an unknown key that is ``near`` a known one, or that the mapping ``above`` takes."""
    if above is not None:
        return 'unknown key "{subject}" in {where}; it belongs to {above}, so move it there'
    if key == "required" and route[:1] == ("fields",):
        return (
            'unknown key "{subject}" in {where}; '
            "it is for columns of lists: let an action record the field, or a criterion require it"
        )
    return 'unknown key "{subject}" in {where}' + ("{hint}" if near else "; known are {known}")


def _outer(route: Route) -> Iterator[Route]:
    """The routes of the mappings around one, from the inner to the outer."""
    return (route[:length] for length in range(len(route) - 1, -1, -1))


def _about_value(error: ValidationError, rule: str, code: str, route: Route) -> Finding:
    """The finding on a value that breaks a rule of the schema."""
    if code == "wrong-type" and _schema(error).get("$comment") == "bad-share" and _is_number(error.instance):
        return _no_share(error, route)
    own = _own_keys(error)
    if own:
        sentence = 'there is nothing below "{subject}"; indent its lines ({keys} and so on) by 2 more spaces'
        key = str(route[-1])
        return Finding(code, Place(route), sentence, subject=key, kind="key", details={"keys": ", ".join(own)})
    if rule == "type" and _due(error) == "integer" and (asked := read_in_two_ways(error.instance, route)):
        return asked
    sentence, right = _form_of(error, code)
    if route[-1:] == ("outcome",) and means_lost(error.instance):
        sentence = NO_STAGE
    if rule == "type" and not sentence:
        names = _due(error) if isinstance(_due(error), list) else [_due(error)]
        bare = plain_form(str(error.instance), names) if isinstance(error.instance, str | Decimal) else None
        right = bare or (form(route, error.instance) if "object" in names or "array" in names else None)
        return replace(_wrong_type(error, route, [_NAMES[name] for name in names if name != "null"], right), code=code)
    near = _nearest(error)
    due = ", ".join(str(word) for word in _due(error)) if rule == "enum" else _due(error)
    return Finding(
        code,
        Place(route),
        sentence or _not_allowed(rule, code, route, near),
        fix=near or right,
        subject=single(error.instance),
        kind="value",
        candidates=(near,) if near else (),
        details=_shown(error) | {"where": where(route), "due": due, "form": right},
    )


def _not_allowed(rule: str, code: str, route: Route, near: str | None) -> str:
    """The sentence on a value of the right type that is not allowed."""
    if code == "newer-language":
        return "this is written in language version {value}; this procdef reads version 1"
    if rule == "enum":
        return "{where} cannot be {value}{hint}" if near else "{where} cannot be {value}; it takes {due}"
    if rule in ("minimum", "maximum"):
        at_least = "{where} must be at least {due}, not {value}"
        return at_least if rule == "minimum" else "{where} must be at most {due}, not {value}"
    if code == "empty":
        return empty_said(route)
    if route == ("id",):
        return (
            "{value} is not the id of a process, which has lower-case letters, digits and -, begins with a letter, "
            "and is at most 64 characters long"
        )
    if code == "bad-id" and file_kind().schema == "plan" and {"void", "actions"} & set(route[-2:]):
        return "{value} lacks its stage; a plan names an action with the stage that it stands in, as stage.action"
    if code == "bad-id" and route[-2:] == ("sla", "until"):
        return "{value} is not the id of a field; `until` names a date field of the deal, whose value is the deadline"
    return _form_due(code) + (', or "always"' if route[-2:] == ("reopen", "within") else "")


def _own_keys(error: ValidationError) -> list[str]:
    """The first keys that an entry takes which has nothing below it; the keys beside it may well be its own."""
    if error.instance is not None or error.validator != "type" or _schema(error).get("type") != "object":
        return []
    return list(_schema(error).get("properties", {}))[:3]


def _form_of(error: ValidationError, code: str) -> tuple[str, str | None]:
    """The sentence on a duration, a date, a country or working hours in another notation, and the right form."""
    value = error.instance
    duration = duration_form(value) if code == "bad-duration" else None
    if duration is not None and not isinstance(value, str):
        return "{value} is not a duration, because its unit is missing; write {form}", duration
    if duration is not None:
        return "{value} is not a duration; write {form}", duration
    country = country_code(value) if code == "unknown-country" and isinstance(value, str) else None
    if country is not None:
        return "{value} is not a country code; write {form}", country
    dated = _schema(error).get("$comment") == "bad-calendar"
    day = date_form(value) if dated else None
    if day is not None:
        return "{value} is not a date, which is written with the year first; write {form}", day
    readings = date_readings(value) if dated else ()
    if readings:
        return "{value} is not a date, which is written with the year first; write " + " or ".join(readings), None
    hours = hours_form(value) if dated and isinstance(value, str) else None
    if hours is None:
        return "", None
    if hours.startswith("["):
        return "{value} are several ranges of working hours, which stand in a list; write {form}", hours
    return '{value} is not a range of working hours; write "{form}"', hours


_FORMS = {
    "bad-duration": '{value} is not a duration; write a whole number (to 99999) and a unit, as "3 days" or "10 business days"',
    "bad-calendar": '{value} does not fit a calendar; days are "mon" or "mon-fri", hours "09:00-17:00", dates "2026-12-24"',
    "bad-share": '{value} is not a share; write it of 100, such as "25 %"',
    "unknown-language": '{value} is not a language code; write it like "en" or "fi"',
    "unknown-currency": '{value} is not a currency code; write it like "EUR"',
    "unknown-country": '{value} is not a country code; write it like "FI"',
}


def _form_due(code: str) -> str:
    """The sentence on a text that has not the form of its key."""
    return _FORMS.get(
        code,
        "{value} is not an id; ids have lower-case letters, digits and _, begin with a letter, "
        "and are at most 64 characters long",
    )


def _kind(route: Route) -> SubjectKind:
    """What the keys below a route are."""
    return _ENTRIES.get(str(route[-1]) if route else "", "key")


def _shown(error: ValidationError) -> dict[str, object]:
    return {"value": shown(error.instance)}
