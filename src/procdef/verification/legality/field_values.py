"""Values of fields, held against the definition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from procdef.expression.stored_values import is_canonical
from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import Objection
from procdef.verification.legality.shown_text import is_shown


def incomplete_rows(
    definition: ProcessDefinition, values: Mapping[str, Any], private: Collection[str]
) -> Iterator[Objection]:
    """Rows of lists without a value in a column that each must have; ``private`` tells of those that were erased since."""
    for name, rows in values.items():
        columns = definition.fields[name].type.columns if name in definition.fields else {}
        needed = [column for column in columns if columns[column].required]
        for place, row in enumerate(rows if needed and isinstance(rows, list) else ()):
            for column in needed:
                if column not in row and f"/values/{name}/{place}/{column}" not in private:
                    yield f"{name} with {column} in row {place + 1}", "none"


def misfits(definition: ProcessDefinition, values: Mapping[str, Any]) -> Iterator[Objection]:
    """Values of fields that are not declared, and values that their field does not take in this form."""
    for name, value in values.items():
        field = definition.fields.get(name)
        if field is None:
            yield "declared fields", name
        elif not is_canonical(field.type, value) or not _is_all_shown(value):
            yield f"{name} as a value of {field.type.kind} in its one form, as the definition allows it", "another"


def _is_all_shown(value: Any) -> bool:
    """Whether no text is blank or padded: the value, or a cell of its rows."""
    if type(value) is str:
        return value.isascii() or is_shown(value)
    if type(value) is not list:
        return True
    return all(_is_all_shown(cell) for row in value if type(row) is dict for cell in row.values())
