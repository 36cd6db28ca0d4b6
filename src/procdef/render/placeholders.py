"""What the blanks of a command stand for: the fields with the form of their values, the ways, the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from procdef.advice.inquiry import Inquiry
from procdef.advice.phrases import are, joined
from procdef.expression.types import Kind
from procdef.model import Action, Field, Text
from procdef.results.suggestion import Blank, Suggestion

_EVIDENCE = {
    "note": "a note: what was said or done",
    "link": "an http(s) address",
    "document": 'the path of a file, or, of one that is kept elsewhere, name and SHA-256: "NAME sha256:HEX"',
}


def legend(inquiry: Inquiry, action: Action, doing: Suggestion) -> list[tuple[str, str]]:
    """Each blank of the step that does this action, and what to put there."""
    rows = []
    for blank in doing.blanks:
        match blank.argument:
            case "values":
                rows.append(field_row(inquiry, blank))
            case "way":
                rows.append(("--way", choices(action.ways, inquiry.language)))
            case "evidence":
                rows.append(("--evidence", _EVIDENCE[blank.type]))
    if "decision" in doing.arguments:
        rows.append(("--approve", "or --reject --note ..."))
    return rows


def field_row(inquiry: Inquiry, blank: Blank) -> tuple[str, str]:
    """A field as a command names it, its title, and the form of its values."""
    field = inquiry.definition.fields[str(blank.field)]
    title = field.title.in_language(inquiry.language) if field.title else ""
    form = _form(field, inquiry)
    return str(blank.assignment), f"{title}: {form}" if title and form else title or form


def choices(titles: Mapping[str, Text], language: str | None) -> str:
    """Ids with their titles: ``call (Phone call), visit (Visit)``."""
    return ", ".join(_titled(name, title.in_language(language)) for name, title in titles.items())


def _titled(name: str, title: str) -> str:
    return name if name == title else f"{name} ({title})"


def _form(field: Field, inquiry: Inquiry) -> str:
    kind = field.type.kind
    match kind:
        case Kind.CHOICE:
            named = choices(field.titles, inquiry.language) or ", ".join(field.type.options)
            return f"{named}; several with commas between them" if field.type.many else named
        case Kind.BOOLEAN:
            return "true or false"
        case Kind.DATE:
            return f"a date, as {_local(inquiry.now, inquiry.definition.calendar.zone).date()}"
        case Kind.DATETIME:
            return f"a time, as {_local(inquiry.now, inquiry.definition.calendar.zone).isoformat(timespec='minutes')}"
        case Kind.LIST:
            return _rows(field)
    numbers = {Kind.INTEGER: "a whole number", Kind.NUMBER: "a number", Kind.PERCENT: "percent", Kind.MONEY: "money"}
    name = f"{numbers.get(kind, '')}{_limits(field)}"
    return name.replace("money", f"an amount in {inquiry.definition.currency}")


def _rows(field: Field) -> str:
    """The form of a list: its columns in their order, and what those take that do not take any text."""
    choosing = {name: column.type.options for name, column in field.columns.items() if column.type.options}
    options = [f"{name} is {joined(of)}" for name, of in choosing.items()]
    needed = [name for name, column in field.columns.items() if column.type.required]
    told = [*options, *([f"{joined(needed, 'and')} {are(needed)} needed"] if needed else [])]
    return "; ".join((f'rows, as "{" ; ".join(field.columns)}", with a | between them', *told))


def _limits(field: Field) -> str:
    least, most = field.type.minimum, field.type.maximum
    if least is not None and most is not None:
        return f" from {least} to {most}"
    return f" from {least}" if least is not None else f" up to {most}" if most is not None else ""


def _local(now: datetime, zone: tzinfo) -> datetime:
    return now.astimezone(zone)
