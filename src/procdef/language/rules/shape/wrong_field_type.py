"""The forecast adds up money by date, a measure adds up numbers, and limits belong to what can be compared.

Point `deal.value` at a money field, `deal.close` at a date field, `deal.title` at a text field, `until` of a deadline at a date
or a datetime, and a measure at a number, an amount or a percentage; only `count` takes any field. `min` and `max` are for
numbers and dates, `options` and `many` for choices, `items` for lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.expression import Kind
from procdef.expression.types import NUMBERS
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import deadlines
from procdef.language.rules.rule import Rule


def wrong_field_type(draft: Draft) -> Iterator[Finding]:
    """Settings of the deal, deadlines and measures that name a field of another type than they need."""
    settings = draft.process.deal
    due_kinds = {"title": Kind.TEXT, "value": Kind.MONEY, "close": Kind.DATE}
    for key, due in due_kinds.items():
        name = getattr(settings, key)
        field = draft.process.fields.get(name) if name else None
        if field and not draft.broken("fields", field.id) and field.type.kind is not due:
            yield Finding(
                "wrong-field-type",
                Place(("deal", key)),
                '"deal.{key}" needs a {due} field, but "{subject}" is of type {type}; name another field',
                subject=field.id,
                kind="field",
                key=key,
                details={"due": due, "type": field.type.kind},
            )
    for route, sla in deadlines(draft.process):
        field = draft.process.fields.get(sla.until) if sla.until else None
        if field and not draft.broken("fields", field.id) and field.type.kind not in (Kind.DATE, Kind.DATETIME):
            yield Finding(
                "wrong-field-type",
                Place((*route, "until")),
                'a deadline needs a date or datetime field, but "{subject}" is of type {type}; name another field',
                subject=field.id,
                kind="field",
                key="until",
                details={"type": field.type.kind},
            )
    for measure in draft.process.measures.values():
        field = draft.process.fields.get(measure.field)
        if (
            field
            and not draft.broken("fields", field.id)
            and measure.aggregate != "count"
            and field.type.kind not in NUMBERS
        ):
            yield Finding(
                "wrong-field-type",
                Place(("measures", measure.id, "field")),
                'a {aggregate} needs a field of numbers, but "{subject}" is of type {type}; '
                "name another field, or use `aggregate: count`",
                subject=field.id,
                kind="field",
                key="field",
                details={"aggregate": measure.aggregate, "type": field.type.kind},
            )


RULE = Rule("wrong-field-type", Severity.ERROR, "shape", __doc__, wrong_field_type)
