"""The forecast adds up money by date. Point `deal.value` at a money field and `deal.close` at a date field."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.expression import Kind
from procdef.language.draft import Draft
from procdef.language.rules.rule import Rule


def wrong_field_type(draft: Draft) -> Iterator[Finding]:
    """Settings of the deal that name a field of another type than they need."""
    settings = draft.process.deal
    for key, name, due in (("value", settings.value, Kind.MONEY), ("close", settings.close, Kind.DATE)):
        field = draft.process.fields.get(name) if name else None
        if field and field.type.kind is not due:
            message = (
                f'"deal.{key}" needs a {due} field, and "{field.id}" is of type {field.type.kind}; name another field'
            )
            yield Finding("wrong-field-type", Place(("deal", key)), message)


RULE = Rule("wrong-field-type", Severity.ERROR, "shape", __doc__, wrong_field_type)
