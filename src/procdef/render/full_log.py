"""A deal's log in full, as an auditor reads it: a few lines for each event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef.audit.full_log import Change, LoggedStep, Person
from procdef.audit.rules_of_event import RuleOutcome
from procdef.events.types import BY_NAME
from procdef.events.types.deal_lost import LOSS_REASON
from procdef.log.event import ERASED
from procdef.render.log import EventTitles
from procdef.render.text_layout import WIDTH, wrapped

_LEAD = 12
_LABELS = {"key": "name", "arguments": "asked"}


def step_text(step: LoggedStep, book: EventTitles, width: int = WIDTH) -> str:
    """One event: what and when, then each thing known of it on lines of its own."""
    lines = [f"{step.n}  {step.what}"]
    for name, text in _parts(step, book):
        lines += wrapped(" ".join(text.split()), width, f"   {name:<{_LEAD - 4}} ", " " * _LEAD)
    return "\n".join(lines)


def person_text(person: Person) -> str:
    """``maija (seller, claimed), entered by op (os)``."""
    source = f", roles from {person.roles_from}" if person.roles_from else ""
    source += f", standing in for {' and '.join(person.deputy_for)}" if person.deputy_for else ""
    told = f"{person.id} ({', '.join((*person.roles, person.auth))}{source})"
    return told + (f", entered by {person.entered_by} ({person.entered_auth})" if person.entered_by else "")


def rule_text(rule: RuleOutcome) -> str:
    """``closing.signed met: The offer is signed (sales v1, line 62)``."""
    told = f"{rule.rule} {rule.outcome}" + (f": {rule.text}" if rule.text else "")
    told += f" [{rule.place}]" if rule.place else ""
    return told + (f", for {' or '.join(rule.roles)}" if rule.roles else "")


def _parts(step: LoggedStep, book: EventTitles) -> Iterator[tuple[str, str]]:
    yield "who", f"{person_text(step.who)}, via {step.via}"
    happened = f", happened {step.happened}" if step.happened else ""
    yield "when", f"recorded {step.recorded}{happened}"
    if step.reason:
        yield "why", _why(step, book)
    if step.note:
        yield "note", step.note
    if step.evidence:
        yield "evidence", ", ".join(str(value) for key, value in step.evidence.items() if key != "kind")
    for change in step.changes:
        yield "change", _change_text(change, book)
    if step.waivers:
        yield "waivers", "used event " + ", ".join(map(str, step.waivers))
    if step.unfinished:
        yield "passed", ", ".join(step.unfinished)
    for rule in step.rules:
        yield "rule", rule_text(rule)
    if step.facts and step.facts.get("values"):
        yield "saw", ", ".join(f"{name} {book.value(name, value)}" for name, value in step.facts["values"].items())
    for key, value in step.more.items():
        yield _LABELS.get(key, key), _places(value) if key == "leaves" else _more_text(value, book)
    for gone in step.erased:
        yield "erased", f"{gone.path} on {gone.time} by event {gone.n}, basis {gone.basis}"
    if step.n == 1 or step.event == "deal.migrated":
        yield "under", f"{step.definition['id']} v{step.definition['version']}, SHA-256 {step.definition['sha256']}"
    yield "event", f"{step.event} {step.id}"
    yield "hash", step.hash


def _why(step: LoggedStep, book: EventTitles) -> str:
    """The reason: a text, or the title of a declared one."""
    kind = BY_NAME.get(step.event)
    declared = kind is not None and kind.kind_of("reason") is LOSS_REASON
    return book.loss(str(step.reason)) if declared else str(step.reason)


def _places(leaves: Any) -> str:
    """Where the values were that an erasure took."""
    return "; ".join(f"{path} of event {n}" for _, n, path in leaves)


def _more_text(value: Any, book: EventTitles) -> str:
    """What else an event says: values of fields in words, all else as it stands there."""
    if isinstance(value, list):
        return "; ".join(_more_text(each, book) for each in value)
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else str(value)
    given = value.get("values")
    fields = given if isinstance(given, dict) else {}
    told = [f"{name}={book.value(name, each)}" for name, each in fields.items()]
    rest = ((key, each) for key, each in value.items() if each is not fields)
    return ", ".join([*told, *(f"{key}={_more_text(each, book)}" for key, each in rest)])


def _change_text(change: Change, book: EventTitles) -> str:
    return f"{change.field}: {_value(change, change.old, book)} -> {_value(change, change.new, book)}"


def _value(change: Change, value: Any, book: EventTitles) -> str:
    if value is None:
        return "(empty)"
    if value == ERASED or change.field.startswith("deal."):
        return str(value)
    if isinstance(value, list) and not (value and all(isinstance(each, str) for each in value)):
        return _more_text(value, book) or "no rows"
    return book.value(change.field, value)
