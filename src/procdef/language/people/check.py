"""Checks a file of people and loads it: reading, shape, then what the people in it have to do with each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from procdef.diagnostics import Diagnostic, Finding, Place, Route, Severity, lies_in, sparing
from procdef.directory import ALWAYS, Directory, Period, Person
from procdef.errors import DefinitionInvalid
from procdef.language.file_kinds import PEOPLE
from procdef.language.file_or_text import file_or_text
from procdef.language.people import faults
from procdef.language.people.habits import misread
from procdef.language.people.shape import bad_date, shape_findings
from procdef.language.people.too_few_people import too_few_people
from procdef.language.placing import fitted, order, placed
from procdef.language.rules import BY_CODE, RULES
from procdef.language.shape.schema_keys import reading
from procdef.language.suppression import suppress
from procdef.language.yaml.nodes import plain
from procdef.language.yaml.reader import read
from procdef.language.yaml.tree import Tree
from procdef.model import ProcessDefinition

_MOST_FAULTS = 1000


def check_people(path_or_text: Path | str, processes: Iterable[ProcessDefinition] = ()) -> list[Diagnostic]:
    """Everything that is wrong in a file of people, sorted by place.

    Given ``processes``, also roles that none of them has, and what asks for more people than there are.

    A ``Path`` is always a file. A ``str`` is a file when it names one or ends in ``.yaml`` or ``.yml``; else it is text.
    """
    return _run(path_or_text, processes)[1]


def load_people(path_or_text: Path | str) -> Directory:
    """The directory of people in a file or text (see ``check_people``); raises ``DefinitionInvalid`` when it has errors."""
    directory, found = _run(path_or_text, ())
    if directory is None or any(item.severity is Severity.ERROR for item in found):
        raise DefinitionInvalid(tuple(found))
    return directory


def _run(path_or_text: Path | str, processes: Iterable[ProcessDefinition]) -> tuple[Directory | None, list[Diagnostic]]:
    given = file_or_text(path_or_text)
    return (None, [given]) if isinstance(given, Diagnostic) else check_people_source(*given, processes)


def check_people_source(
    source: bytes, name: str, processes: Iterable[ProcessDefinition] = (), on: date | None = None
) -> tuple[Directory | None, list[Diagnostic]]:
    """The directory in the bytes of a file, if any, and everything that is wrong in it; ``name`` stands as its path.

    ``on`` is the day from which on there are to be enough people for what the processes ask; today where it is absent.
    """
    with reading(PEOPLE), sparing():
        return _checked(source, name, tuple(processes), on)


def _checked(
    source: bytes, name: str, processes: tuple[ProcessDefinition, ...], on: date | None
) -> tuple[Directory | None, list[Diagnostic]]:
    file = read(source, name)
    found = [placed(file.text.span_of, finding) for finding in file.findings]
    if file.root is None:
        return None, sorted(found, key=order)
    tree = Tree(file.text, file.root, file.faulty)
    value: Any = plain(tree.root)
    shape = _misshapen(value, file.faulty)
    directory = None
    if not shape and not file.findings:
        directory, shape = _built(value)
        if not shape:
            shape = list(_rules(directory, processes, on))
    found += [placed(tree.span, fitted(tree, finding)) for finding in shape]
    kept, unused = suppress(file.text, file.comments, found, {rule.code: rule.severity for rule in RULES})
    kept += [placed(file.text.span_of, finding) for finding in unused]
    return directory, sorted(kept, key=order)


def _misshapen(value: Any, faulty: frozenset[Route]) -> list[Finding]:
    """What in the values does not fit their schema; a part that shows what was meant is told of once."""
    found = [*islice(shape_findings(value), _MOST_FAULTS)]
    shown = [one for one in misread(value) if not lies_in(one.place.route, faulty)]
    told = faulty.union(one.place.route for one in shown)
    return [*shown, *(one for one in found if not lies_in(one.place.route, told))]


def _rules(directory: Directory, processes: tuple[ProcessDefinition, ...], on: date | None) -> Iterator[Finding]:
    roles = {role.id: str(role.title) for each in processes for role in each.roles.values()}
    found = [*faults.ill_formed(directory), *faults.bad_periods(directory), *faults.bad_deputies(directory)]
    misspelt = list(faults.unknown_roles(directory, roles))
    yield from found
    yield from faults.idle_people(directory)
    yield from misspelt
    if not misspelt and all(BY_CODE[finding.code].severity is Severity.WARNING for finding in found):
        yield from too_few_people(directory, processes, on)


def _built(value: dict[str, Any]) -> tuple[Directory, list[Finding]]:
    """The directory that the values of a file of sound shape come to, and the dates in it that no calendar has."""
    wrong: list[Finding] = []
    people, names = {}, {}
    for given, about in value["people"].items():
        at: Route = ("people", given)
        about = about or {}
        roles = _held(about.get("roles"), (*at, "roles"), wrong)
        deputies = _held(about.get("deputies"), (*at, "deputies"), wrong)
        if not unicodedata.is_normalized("NFC", given):
            said = '"{subject}" is not written in Unicode\'s composed form (NFC); type it anew'
            wrong.append(Finding("bad-person-id", Place(at, "key"), said, subject=given, kind="person"))
        people[given] = Person(given, about.get("login"), roles, deputies)
        if "name" in about:
            names[given] = about["name"]
    return Directory(people, names), wrong


def _held(given: Any, route: Route, wrong: list[Finding]) -> dict[str, tuple[Period, ...]]:
    if given is None:
        return {}
    if isinstance(given, str | list):
        return dict.fromkeys([given] if isinstance(given, str) else given, ALWAYS)
    held = {}
    for name, periods in given.items():
        if isinstance(periods, list):
            read = tuple(_period(one, (*route, name, place), wrong) for place, one in enumerate(periods))
        else:
            read = (_period(periods, (*route, name), wrong),)
        held[name] = read
    return held


def _period(given: Any, route: Route, wrong: list[Finding]) -> Period:
    days: list[date | None] = []
    for key in ("from", "until"):
        text = (given or {}).get(key)
        try:
            days.append(None if text is None else date.fromisoformat(text))
        except ValueError:
            days.append(None)
            wrong.append(_no_day(text, (*route, key)))
    return Period(*days)


def _no_day(text: object, route: Route) -> Finding:
    finding = bad_date(text, route)
    details = {**finding.details, "text": text}
    said = "there is no day {text}; correct it"
    return Finding("bad-date", Place(route), said, subject=str(text), kind="value", details=details)
