"""Values of fields, held against the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.expression.stored_values import is_canonical
from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import Objection


def misfits(definition: ProcessDefinition, values: Mapping[str, Any]) -> Iterator[Objection]:
    """Values of fields that are not declared, or that the field does not take in the form in which they stand there."""
    for name, value in values.items():
        field = definition.fields.get(name)
        if field is None:
            yield "declared fields", name
        elif not is_canonical(field.type, value):
            yield f"{name} as a value of {field.type.kind} in its one form, as the definition allows it", "another"
