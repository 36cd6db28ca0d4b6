"""Which values of an event are personal: they stand apart from it, and no others do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.expression.types import Kind
from procdef.log.event import Data, pointer_to
from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.shown_text import fits


def apart(
    definition: ProcessDefinition | None, kind: str, rule: EventRule | None, data: Data, sealed: Mapping[str, Any]
) -> Iterator[Objection]:
    """Personal values that stand in the event itself, and values set apart that are not personal. ``rule`` is that of its
    type, ``sealed`` are its commitments; ``data`` has the values in their places."""
    personal, under = (rule.personal, rule.values) if rule is not None else ((), ())
    if not personal and not under and (not sealed or kind.startswith("x-")):
        return
    if kind == "step.refused" and data["do"] == "lose":  # the reason is the id of a declared one
        personal = tuple(leaf for leaf in personal if leaf[0] != "/arguments/reason")
    private = 0
    for pointer, first, rest in personal:
        if pointer in sealed:
            private += 1
            text = data.get(first, "")
            text = text.get(rest) if rest and text else text
            if type(text) is str and text and not fits(pointer, text):
                yield "a text that is trimmed, shows something, and is what belongs there", pointer
        elif first in data and (not rest or rest in data[first]):
            yield "a personal value set apart", pointer
    if private == len(sealed) and not under:
        return
    known = {leaf[0] for leaf in personal}
    for pointer in sealed:
        if pointer not in known and not (under and definition and _of_a_field(definition, pointer, under)):
            yield "no value set apart but personal ones", pointer
    if under and definition is not None:
        values = data.get("values") if len(under) == 1 else data["arguments"].get("values")
        for pointer in _personal(definition, values, under) if values else ():
            if pointer not in sealed:
                yield "a personal value set apart", pointer


def _personal(definition: ProcessDefinition, values: Mapping[str, Any], under: tuple[str, ...]) -> Iterator[str]:
    """The pointers of the personal ones among these values, which stand under those keys."""
    for name, value in values.items():
        field = definition.fields.get(name)
        if field is None:
            continue
        if field.type.kind is not Kind.LIST:
            if field.type.private:
                yield pointer_to(*under, name)
            continue
        for place, row in enumerate(value):
            for column in row:
                cell = field.type.columns.get(column)
                if cell is not None and (cell.private or field.type.private):
                    yield pointer_to(*under, name, place, column)


def _of_a_field(definition: ProcessDefinition, pointer: str, under: tuple[str, ...]) -> bool:
    """Whether the pointer is that of a personal value of a field, or of a personal cell of a list."""
    parts = pointer.split("/")[1:]
    if len(parts) == 2 and under == ("values",) and parts[0] == "values" and parts[1] in definition.personal:
        return True
    if tuple(parts[: len(under)]) != under or len(parts) == len(under):
        return False
    name, *cell = parts[len(under) :]
    field = definition.fields.get(name)
    if field is None:
        return False
    if field.type.kind is not Kind.LIST:
        return field.type.private and not cell
    column = field.type.columns.get(cell[1]) if len(cell) == 2 else None
    counted = bool(cell) and cell[0].isascii() and cell[0].isdigit() and pointer_to(name, int(cell[0])) in pointer
    return column is not None and counted and (field.type.private or column.private)
