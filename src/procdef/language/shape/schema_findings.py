"""Holds a tree against the JSON Schema and says in plain words, at the exact place, what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from procdef.diagnostics import Finding, Place, Route, nearest
from procdef.language.pruning import held, prune, touches
from procdef.language.shape.beyond_schema import own_findings
from procdef.language.shape.quick_validation import fits, searcher
from procdef.language.shape.schema_keys import schema_file, takes
from procdef.language.shape.suggested_forms import date_form, duration_form, form, hours_form
from procdef.language.shape.suggested_ids import pointed
from procdef.language.yaml.scalars import plain_form
from procdef.language.yaml.tree import Tree, plain

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
_MOST_FAULTS = 1000
"""With so many, the others and what follows from them are left for the next run."""
_READS = {
    "unknown-language": "languages",
    "missing-default-text": "languages",
    "needs-currency": "currency",
    "needs-calendar": "calendar",
}
"""What is not told while the part of the file that it is held against has a fault of its own."""
_NAMES = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What is wrong in the shape of a file, its sound values (None where they mean nothing), and what they lack."""

    findings: tuple[Finding, ...]
    value: dict[str, Any] | None
    held_back: frozenset[Route]


def judge_shape(tree: Tree) -> Shape:
    """Hold a tree against the schema, and its sound values against what only a program can judge."""
    value: Any = plain(tree.root)
    every = [] if fits(value, schema_file(), schema_file()) else list(islice(_faults(value), _MOST_FAULTS))
    first = [finding for finding in every if not _known(tree.held_back, finding)]
    newer = [finding for finding in first if finding.code == "newer-language"]
    if newer or not isinstance(value, dict) or len(every) == _MOST_FAULTS:
        return Shape(tuple(newer or first), None, held(newer or first))
    first = [pointed(value, finding) for finding in _at_root(first)]
    lacking = (tree.held_back - {()}) | held(first) | _missing_at_top(value)
    sound = prune(value, every)
    second = list(own_findings(sound))
    silent = {code for code, key in _READS.items() if any(route[0] == key for route in lacking)}
    told = [f for f in second if f.code not in silent and not touches(lacking, f.place.route)]
    return Shape((*first, *told), prune(sound, second), lacking | held(second))


def _known(held_back: frozenset[Route], finding: Finding) -> bool:
    """Whether reading has already found a fault there. A faulty key hides what its mapping lacks, and no more."""
    route = finding.place.route
    if () in held_back and not route and finding.code == "missing-key":
        return True
    return any(route[:length] in held_back for length in range(1, len(route) + 1))


def _missing_at_top(value: dict[str, Any]) -> frozenset[Route]:
    return frozenset((key,) for key in ("languages", "roles", "fields", "stages") if key not in value)


def _at_root(findings: list[Finding]) -> list[Finding]:
    """The findings without mentions of an ill-formed id, and without keys that are there but misspelt."""
    hollow = {f.place.route[:-1] for f in findings if f.code == "wrong-type" and f.message.endswith("further in")}
    findings = [f for f in findings if f.place.route[:-1] not in hollow or f.message.endswith("further in")]
    misspelt = {(f.place.route[:-1], f.fix) for f in findings if f.code == "unknown-key"}
    findings = [
        f
        for f in findings
        if f.code != "missing-key"
        or not any(route == f.place.route and f'key "{key}"' in f.message for route, key in misspelt)
    ]
    declared = {f.place.route[-1] for f in findings if f.code == "bad-id" and f.place.part == "key"}
    return [f for f in findings if not (f.code == "bad-id" and f.place.part == "value" and _quoted(f) in declared)]


def _quoted(finding: Finding) -> str:
    return finding.message.split('"')[1] if '"' in finding.message else ""


def _faults(value: Any) -> Iterator[Finding]:
    for error in _validator().iter_errors(value):
        yield from _explained(error)


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def pattern(_validator: object, due: str, value: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(value, str) and not searcher(due)(value):
            yield ValidationError(f"{value!r} does not match {due!r}")

    extended = cast(Callable[..., type[Draft202012Validator]], extend)
    return extended(Draft202012Validator, {"pattern": pattern})(schema_file())


def _explained(error: ValidationError) -> Iterator[Finding]:
    route: Route = tuple(error.absolute_path)
    rule = str(error.validator)
    if rule == "anyOf":
        yield from _meant(error, route)
    elif rule == "additionalProperties":
        yield from _unknown_keys(error, route)
    elif rule == "required":
        yield from _missing_key(error, route)
    elif rule == "uniqueItems":
        yield from _twice(error, route)
    elif "propertyNames" in error.schema_path and isinstance(error.instance, str) and rule == "pattern":
        code = _schema(error).get("$comment", "bad-id")
        yield Finding(code, Place((*route, error.instance), "key"), f'"{error.instance}" {_remedy(code)}')
    else:
        code = _code(error)
        if rule == "type" and (code != "bad-duration" or duration_form(error.instance) is None):
            code = "wrong-type"
        if rule == "const" and type(error.instance) is not type(_due(error)):
            return  # its type is wrong, which is said already
        yield Finding(code, Place(route), _message(error, rule, code, route), fix=_nearest(error))


def _twice(error: ValidationError, route: Route) -> Iterator[Finding]:
    """One finding for each item of a list that stands there before."""
    items: Any = error.instance
    seen: set[str] = set()
    for place, item in enumerate(items):
        written = repr(item)
        if written in seen:
            message = f"{shown(item)} stands in {_subject(route)} twice; remove one"
            yield Finding("duplicate-item", Place((*route, place)), message)
        seen.add(written)


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
    return nearest(error.instance.lower(), words) if isinstance(error.instance, str) else None


def _instance(error: ValidationError) -> Any:
    return error.instance


def _missing_key(error: ValidationError, route: Route) -> Iterator[Finding]:
    """One finding a key: jsonschema reports each missing key by itself, with its name first in the message."""
    missing = [key for key in _due(error) if error.message.startswith(repr(key))]
    for key in missing:
        yield Finding("missing-key", Place(route, "key"), f'{_subject(route)} lacks the key "{key}"; add it')


def _meant(error: ValidationError, route: Route) -> Iterator[Finding]:
    """The faults of the branch that was meant: whose keys or type fit; without any, a plain word on the types."""
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
    unitless = [fault for faults in branches.values() for fault in faults if _form_of(fault, _code(fault))]
    if unitless:
        yield from _explained(unitless[0])
        return
    due = {name for faults in branches.values() for fault in faults for name in _types(fault)}
    words = " or ".join(sorted(due)) or "something else"
    whole = form(route, error.instance)
    hint = f"; write {whole}" if whole else ""
    yield Finding("wrong-type", Place(route), f"{_subject(route)} must be {words}, not {shown(error.instance)}{hint}")


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
        near = nearest(key, known)
        hint = f' (did you mean "{near}"?)' if near else f"; known are {', '.join(known)}"
        above = next((step for step in _outer(route) if takes(step, key)), None) if not near else None
        if above is not None:
            hint = f"; it belongs to {_subject(above)}, so move it further out"
        elif key == "required" and route[:1] == ("fields",):
            hint = "; it is for columns of lists: let an action record the field, or a criterion require it"
        place = Place((*route, key), "key")
        yield Finding("unknown-key", place, f'unknown key "{key}" in {_subject(route)}{hint}', fix=near)


def _outer(route: Route) -> Iterator[Route]:
    """The routes of the mappings around one, from the inner to the outer."""
    return (route[:length] for length in range(len(route) - 1, -1, -1))


def _message(error: ValidationError, rule: str, code: str, route: Route) -> str:
    subject, value = _subject(route), _due(error)
    meant = _form_of(error, code) or _hollow(error, route)
    if meant is not None:
        return meant
    if rule == "type":
        names = value if isinstance(value, list) else [value]
        bare = plain_form(str(error.instance), names) if isinstance(error.instance, str | Decimal) else None
        written = bare or (form(route, error.instance) if "object" in names or "array" in names else None)
        words = " or ".join(_NAMES[name] for name in names)
        return f"{subject} must be {words}, not {shown(error.instance)}{f'; write {written}' if written else ''}"
    if code == "newer-language":
        return f"this is written in language version {shown(error.instance)}; this procdef reads version 1"
    if rule == "enum":
        near = _nearest(error)
        hint = f' (did you mean "{near}"?)' if near else f"; it takes {', '.join(str(word) for word in value)}"
        return f"{subject} cannot be {shown(error.instance)}{hint}"
    if rule in ("minimum", "maximum"):
        limit = "at least" if rule == "minimum" else "at most"
        return f"{subject} must be {limit} {value}, not {shown(error.instance)}"
    if code == "empty":
        return f"{subject} is empty; fill it in or remove it"
    if route == ("id",):
        return (
            f"{shown(error.instance)} is no id of a process; it is lower-case letters, digits and -, begins with a letter, "
            "and has at most 64 characters"
        )
    always = ', or "always"' if route[-2:] == ("reopen", "within") else ""
    return f"{shown(error.instance)} {_remedy(code)}{always}"


def _hollow(error: ValidationError, route: Route) -> str | None:
    """What to say of an entry without anything below it: the keys beside it may well be its own."""
    if error.instance is not None or error.validator != "type" or _schema(error).get("type") != "object":
        return None
    own = ", ".join(list(_schema(error).get("properties", {}))[:3])
    return f'nothing stands below "{route[-1]}"; move its lines ({own} and so on) 2 blanks further in' if own else None


def _form_of(error: ValidationError, code: str) -> str | None:
    """What to say of a duration, a date or working hours in a notation that can be told."""
    value = error.instance
    duration = duration_form(value) if code == "bad-duration" else None
    if duration is not None and not isinstance(value, str):
        return f"{shown(value)} is no duration, for its unit is missing; write {duration}"
    if duration is not None:
        return f"{shown(value)} is no duration; write {duration}"
    dated = _schema(error).get("$comment") == "bad-calendar"
    day = date_form(value) if dated else None
    if day is not None:
        return f"a date is written with the year first, and not {shown(value)}; write {day}"
    hours = hours_form(value) if dated and isinstance(value, str) else None
    return f'{shown(value)} is no working time; write "{hours}"' if hours else None


def _remedy(code: str) -> str:
    return {
        "bad-duration": 'is no duration; write a whole number (to 99999) and a unit, like "3 days" or "10 business days"',
        "bad-calendar": 'does not fit a calendar; days are "mon" or "mon-fri", hours "09:00-17:00", dates "2026-12-24"',
        "unknown-language": 'is no language code; write it like "en" or "fi"',
        "unknown-currency": 'is no currency code; write it like "EUR"',
        "unknown-country": 'is no country code; write it like "FI"',
    }.get(
        code, "is no id; ids are lower-case letters, digits and _, begin with a letter, and have at most 64 characters"
    )


def _subject(route: Route) -> str:
    if not route:
        return "the process"
    return f'"{".".join(str(step) for step in route)}"'


def shown(value: object) -> str:
    """A value for a message: short, and as YAML has it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    cut = text if len(text) <= 60 else text[:57] + "..."
    return f'"{cut}"' if isinstance(value, str) else cut
