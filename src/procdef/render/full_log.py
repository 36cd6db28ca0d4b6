"""A deal's log in full, as an auditor reads it: a few lines for each event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef.audit.events import ERASED
from procdef.render.log import Book
from procdef.render.prose import WIDTH, wrapped
from procdef.reports.full_log import Change, Person, Step
from procdef.reports.rules import Rule

_LEAD = 12


def step_text(step: Step, book: Book, width: int = WIDTH) -> str:
    """One event: what and when, then each thing known of it on lines of its own."""
    lines = [f"{step.n}  {step.what}"]
    for name, text in _parts(step, book):
        lines += wrapped(" ".join(text.split()), width, f"   {name:<{_LEAD - 3}}", " " * _LEAD)
    return "\n".join(lines)


def person_text(person: Person) -> str:
    """``maija (seller, claimed), entered by op (os)``."""
    told = f"{person.id} ({', '.join((*person.roles, person.auth))})"
    return told + (f", entered by {person.entered_by} ({person.entered_auth})" if person.entered_by else "")


def rule_text(rule: Rule) -> str:
    """``closing.signed met: The offer is signed (sales v1, line 62)``."""
    told = f"{rule.rule} {rule.outcome}" + (f": {rule.text}" if rule.text else "")
    return told + (f" [{rule.place}]" if rule.place else "")


def _parts(step: Step, book: Book) -> Iterator[tuple[str, str]]:
    yield "who", f"{person_text(step.who)}, via {step.via}"
    happened = f", happened {step.happened}" if step.happened else ""
    yield "when", f"recorded {step.recorded}{happened}"
    if step.reason:
        yield "why", book.loss(step.reason) if step.event == "deal.lost" else step.reason
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
    yield "event", f"{step.event} {step.id}"
    yield "hash", step.hash


def _change_text(change: Change, book: Book) -> str:
    return f"{change.field}: {_value(change, change.old, book)} -> {_value(change, change.new, book)}"


def _value(change: Change, value: Any, book: Book) -> str:
    if value is None:
        return "(empty)"
    if value == ERASED or change.field.startswith("deal."):
        return str(value)
    if isinstance(value, list):
        return "; ".join(", ".join(f"{name}={cell}" for name, cell in row.items()) for row in value) or "no rows"
    return book.value(change.field, value)
