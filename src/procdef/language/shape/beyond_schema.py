"""Shape rules that a JSON Schema cannot express, for the values that the schema has accepted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from procdef.diagnostics import Finding, Place, Route, SubjectKind
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.placeholders import bare
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.language.currencies import CURRENCIES, WHOLE, currency_meant
from procdef.language.faulty_parts import Faulty
from procdef.language.language_codes import is_language, language_meant
from procdef.language.shape.ambiguous_numbers import read_in_two_ways
from procdef.language.shape.approval_tables import table_findings
from procdef.language.shape.calendars import calendar_findings
from procdef.language.shape.deadlines import deadline_findings, duration_findings
from procdef.language.shape.suggested_forms import date_form
from procdef.language.yaml.scalars import plain_form

_RESERVED = """
and or not in between contains is set done where any all count true false today now deal hour hours day days week
weeks month months year years minute minutes quarter quarters business if then else sum avg min max first last
before after since matches starts ends null empty date lost
"""
RESERVED = frozenset(_RESERVED.split())
"""The words of the expression language, and those that it may come to need."""
_LIMITED = (*NUMBERS, "date", "datetime")
_BELONG = {"min": _LIMITED, "max": _LIMITED, "options": ("choice",), "many": ("choice",), "items": ("list",)}


def own_findings(raw: Any, faulty: Faulty) -> Iterator[Finding]:
    """The findings, in no particular order; nothing is compared with a part of the file that is ``faulty``."""
    if not faulty.within("languages"):
        yield from _texts(raw, (), raw["languages"])
        yield from _languages(raw)
    yield from _currency(raw.get("currency"))
    yield from _whole_amounts(raw)
    if asked := read_in_two_ways(raw.get("goals", {}).get("won_value", {}).get("amount"), ("goals", "won_value", "amount")):
        yield asked
    yield from _once("needs-currency", _fields(raw["fields"], ("fields",), "currency" in raw or faulty.within("currency")))
    yield from calendar_findings(raw.get("calendar"))
    yield from _once("needs-calendar", duration_findings(raw, "calendar" in raw or faulty.within("calendar")))
    yield from deadline_findings(raw)
    yield from _scores(raw)
    yield from _placeholders(raw.get("placeholders", []))
    for name, stage in raw["stages"].items():
        yield from _reserved(name, ("stages", name), "stage")
        yield from _stage(stage, ("stages", name))


def _once(code: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings with only the first one of a code, where one correction removes them all."""
    told = False
    for finding in findings:
        if finding.code != code or not told:
            yield finding
        told = told or finding.code == code


def _currency(code: str | None) -> Iterator[Finding]:
    if code is not None and code not in CURRENCIES:
        near = currency_meant(code)
        yield Finding(
            "unknown-currency",
            Place(("currency",)),
            '"{subject}" is not an ISO 4217 currency of today{hint}'
            if near
            else '"{subject}" is not an ISO 4217 currency (write it like "EUR")',
            subject=code,
            kind="value",
            fix=near,
            candidates=(near,) if near else (),
        )


def _languages(raw: Any) -> Iterator[Finding]:
    """Codes in ``languages`` that name no language. One that texts are written in is not offered another by a fix alone."""
    for place, code in enumerate(raw["languages"]):
        if is_language(code):
            continue
        near = language_meant(code)
        taken = near is not None and (near in raw["languages"] or code in set(_keys(raw)))
        yield Finding(
            "unknown-language",
            Place(("languages", place)),
            '"{subject}" is not the code of a language{hint}'
            if near
            else '"{subject}" is not the code of a language (ISO 639); write it like "en" or "fi"',
            fix=None if taken else near,
            subject=code,
            kind="language",
            candidates=(near,) if near else (),
        )


def _keys(raw: Any) -> Iterator[str]:
    for key, value in raw.items() if isinstance(raw, dict) else ():
        yield key
        yield from _keys(value)
    for value in raw if isinstance(raw, list) else ():
        yield from _keys(value)


def _whole_amounts(raw: Any) -> Iterator[Finding]:
    """Amounts with decimals of a currency that has none."""
    if raw.get("currency") not in WHOLE:
        return
    goal = raw.get("goals", {}).get("won_value", {}).get("amount")
    amounts: list[tuple[Route, Any]] = [(("goals", "won_value", "amount"), goal)]
    for name, spec in raw["fields"].items():
        columns = [(("fields", name, "items", column), inner) for column, inner in spec.get("items", {}).items()]
        for route, field in [(("fields", name), spec), *columns]:
            if field["type"] == "money":
                amounts += [((*route, key), field.get(key)) for key in ("min", "max")]
    for route, amount in amounts:
        if isinstance(amount, Decimal) and amount != int(amount):
            sentence = "{currency} has no decimals, so {subject} is no amount of it; write a whole number"
            details = {"currency": raw["currency"]}
            yield Finding("wrong-type", Place(route), sentence, subject=str(amount), kind="value", details=details)


def _placeholders(raw: list[str]) -> Iterator[Finding]:
    told: dict[str, str] = {}
    for written in raw:
        first = told.setdefault(bare(written), written)
        if first != written:
            yield Finding(
                "duplicate-item",
                Place(("placeholders", written)),
                '"{subject}" is "{first}" once more, as case and punctuation do not count; remove one',
                subject=written,
                kind="value",
                details={"first": first},
            )


def _reserved(name: str, route: Route, kind: SubjectKind) -> Iterator[Finding]:
    if name in RESERVED:
        yield Finding(
            "reserved-id",
            Place(route, "key"),
            '"{subject}" is a word of the expression language; choose another id, such as "{subject}_1"',
            subject=name,
            kind=kind,
        )


def _texts(raw: Any, route: Route, languages: list[str]) -> Iterator[Finding]:
    """The findings on texts by language, which differ from other mappings by the key that they are under."""
    if isinstance(raw, dict) and _is_text(route):
        yield from _by_language(raw, route, languages)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from _texts(value, (*route, key), languages)
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from _texts(value, (*route, index), languages)


def _by_language(raw: dict[str, Any], route: Route, languages: list[str]) -> Iterator[Finding]:
    if "title" in raw and _is_titled(route):  # an entry with keys of its own, one of them its text
        title = raw["title"]
        yield from _by_language(title, (*route, "title"), languages) if isinstance(title, dict) else ()
        return
    if languages[0] not in raw:
        yield Finding(
            "missing-default-text",
            Place(route, "key"),
            'this text is missing in the default language "{subject}"; add it',
            subject=languages[0],
            kind="language",
        )
        return
    for language, value in raw.items():
        if isinstance(value, dict):
            yield from _by_language(value, (*route, language), languages)
        elif language not in languages:
            yield Finding(
                "unknown-language",
                Place((*route, language), "key"),
                '"{subject}" is not among the languages of this process; add it to `languages` or correct it',
                subject=language,
                kind="language",
            )


_TEXT_KEYS = frozenset({"title", "description", "help", "message", "fix", "guide", "goal", "concern", "answer"})
_TITLED = frozenset({"options", "ways", "reasons"})
_CHOSEN_IDS = _TITLED | frozenset(
    [
        "roles",
        "fields",
        "items",
        "measures",
        "scores",
        "points",
        "stages",
        "entry_criteria",
        "exit_criteria",
        "required_actions",
        "optional_actions",
        "next",
        "back",
        "objections",
        "materials",
    ]
)


def _is_text(route: Route) -> bool:
    """Whether a text stands at a route. An id may be spelled like a key: ``fields: {title: ...}`` is a field, no text."""
    if not route:
        return False
    if route[-1] in _TEXT_KEYS and not _is_entry(route[:-1]):
        return True
    return _is_titled(route) or (len(route) > 1 and route[-2] == "questions" and not _is_entry(route[:-2]))


def _is_titled(route: Route) -> bool:
    """Whether an option, a way or a reason stands at a route, which is a text or has one as its title."""
    return len(route) > 1 and route[-2] in _TITLED and _is_entry(route[:-1])


def _is_entry(route: Route) -> bool:
    """Whether the keys below a route are ids chosen by the author."""
    return bool(route) and route[-1] in _CHOSEN_IDS and (len(route) == 1 or not _is_entry(route[:-1]))


def _fields(fields: Any, route: Route, has_currency: bool) -> Iterator[Finding]:
    for name, spec in fields.items():
        here = (*route, name)
        kind: SubjectKind = "field" if len(here) == 2 else "column"
        yield from _reserved(name, here, kind)
        if spec["type"] == "money" and not has_currency:
            yield Finding(
                "needs-currency",
                Place((*here, "type")),
                'the money field "{subject}" needs a currency; add `currency: EUR` (or another) at the top',
                subject=name,
                kind=kind,
                key="currency",
            )
        yield from _misplaced(name, spec, here)
        yield from _limits(spec, here)
        yield from _fields(spec.get("items", {}), (*here, "items"), has_currency)


def _scores(raw: Any) -> Iterator[Finding]:
    """Fields and scores are named alike in expressions, so their ids are of one kind."""
    for name in raw.get("scores", {}):
        here = ("scores", name)
        yield from _reserved(name, here, "score")
        if name in raw["fields"]:
            first = (Place(("fields", name), "key"), "the field")
            sentence = '"{subject}" is a field too, and expressions could not tell the two apart; rename one'
            yield Finding("duplicate-id", Place(here, "key"), sentence, (first,), subject=name, kind="score")


def _misplaced(name: str, spec: Any, route: Route) -> Iterator[Finding]:
    """Settings that a field of this type does not take."""
    for key, kinds in _BELONG.items():
        if key in spec and spec["type"] not in kinds:
            yield Finding(
                "wrong-field-type",
                Place((*route, key), "key"),
                '"{key}" is for fields of type {due}, but "{subject}" is of type {type}; remove it',
                subject=name,
                kind="field" if len(route) == 2 else "column",
                key=key,
                details={"due": _listed(kinds), "type": spec["type"]},
            )


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _limits(spec: Any, route: Route) -> Iterator[Finding]:
    limits = {}
    for key in ("min", "max"):
        if key not in spec or spec["type"] not in _BELONG[key]:
            continue
        limits[key] = _limit(spec["type"], spec[key])
        if spec["type"] in ("money", "integer") and (asked := read_in_two_ways(spec[key], (*route, key))):
            yield asked
            limits[key] = None
            continue
        if limits[key] is None:
            form = plain_form(str(spec[key]), ["number"]) if spec["type"] in NUMBERS else date_form(spec[key])
            yield Finding(
                "wrong-type",
                Place((*route, key)),
                '"{key}" does not fit a field of type {type}; write {form}'
                if form
                else '"{key}" does not fit a field of type {type}; limits of numbers are numbers, limits of dates are dates',
                fix=form,
                subject=str(spec[key]),
                kind="value",
                key=key,
                details={"type": spec["type"], "form": form},
            )
    low, high = limits.get("min"), limits.get("max")
    if low is not None and high is not None and low > high:
        place = Place((*route, "min"))
        sentence = "min is greater than max; swap them"
        yield Finding("min-over-max", place, sentence, subject=str(route[-1]), kind="field", key="min")


def _limit(kind: str, raw: Any) -> Any:
    if kind in NUMBERS:
        return raw if not isinstance(raw, str) else None
    try:
        return coerce(FieldType(Kind(kind)), raw) if kind in ("date", "datetime") else None
    except BadValue:
        return None


def _stage(raw: Any, route: Route) -> Iterator[Finding]:
    yield from _twice(raw, route, "entry_criteria", "exit_criteria", "criterion")
    yield from _twice(raw, route, "required_actions", "optional_actions", "action")
    for side in ("entry_criteria", "exit_criteria"):
        for name, spec in raw.get(side, {}).items():
            if isinstance(spec, dict) and ("check" in spec) == ("require" in spec):
                yield Finding(
                    "check-or-require",
                    Place((*route, side, name), "key"),
                    'criterion "{subject}" has both `check` and `require`; keep one'
                    if "check" in spec
                    else 'criterion "{subject}" needs `check` or `require`',
                    subject=name,
                    kind="criterion",
                )
    yield from _overruled(raw.get("next"), route)
    for side in ("required_actions", "optional_actions"):
        for name, spec in raw.get(side, {}).items():
            yield from _reserved(name, (*route, side, name), "action")
            yield from table_findings(name, spec, (*route, side, name))


def _overruled(raw: Any, route: Route) -> Iterator[Finding]:
    for name, spec in raw.items() if isinstance(raw, dict) else ():
        if spec and spec.get("reason") == "optional" and spec.get("unfinished") == "allowed":
            yield Finding(
                "reason-overruled",
                Place((*route, "next", name, "reason"), "key"),
                "`unfinished: allowed` always asks for a reason, whatever `reason` says; remove `reason: optional`",
                subject=name,
                kind="stage",
                key="reason",
            )


def _twice(raw: Any, route: Route, one: str, other: str, kind: SubjectKind) -> Iterator[Finding]:
    for name in raw.get(other, {}):
        if name in raw.get(one, {}):
            yield Finding(
                "duplicate-id",
                Place((*route, other, name), "key"),
                '"{subject}" is in {key} too; no id may be in both, so rename one',
                ((Place((*route, one, name), "key"), "first defined here"),),
                subject=name,
                kind=kind,
                key=one,
            )
