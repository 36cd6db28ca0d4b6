"""A column of a list named outside ``sum``, ``min`` and ``max``: nobody can tell which of its rows is meant."""

from __future__ import annotations

from procdef.diagnostics import nearest
from procdef.expression.checking.name_resolution import Names
from procdef.expression.syntax.tree import SyntaxNode
from procdef.expression.types import NUMBERS, Kind

_WITH_GREATEST = frozenset([*NUMBERS, Kind.DATE, Kind.DATETIME])
"""The kinds of columns that ``max`` takes."""


def bare_column(names: Names, node: SyntaxNode, condition: SyntaxNode | None = None) -> None:
    """Note that a name is ``list.column``, and what to write for it; ``condition`` is what asks about it, where it is known."""
    name, _, column = str(node.value).partition(".")
    if names.scope.faulty(name):
        return
    columns = names.scope.fields[name].columns
    if column == "count" and column not in columns:
        names.fault(node, "type-mismatch", "count asks how many rows a list has: write {fix}", f"count({name})")
        return
    if column not in columns:
        near = nearest(column, columns)
        fix = f"{name}.{near}" if near else None
        sentence = 'there is no column "{subject}" in "{list}"{hint}'
        names.fault(node, "unknown-name", sentence, fix, column, "column", near, list=name)
        return
    if names.around == name and names.columns is not None:
        names.fault(node, "type-mismatch", "inside its list a column stands alone: write {fix}", column)
        return
    greatest = columns[column].kind in _WITH_GREATEST and (condition is None or condition.op != "set")
    forms = [f"max({name}.{column})"] if greatest else []
    if condition is not None or columns[column].kind is Kind.BOOLEAN or not forms:
        asked = _within_its_list(names, condition, name) if condition is not None else column
        forms.append(f"any({name} where {asked})")
    sentence = '"{column}" is a column of a list, which has many rows: write {forms}'
    names.fault(node, "type-mismatch", sentence, column=f"{name}.{column}", forms=" or ".join(forms))


def _within_its_list(names: Names, condition: SyntaxNode, name: str) -> str:
    """A condition as it was written, but with the columns of one list alone."""
    text, own = names.words(condition), [part for part in condition.args if names.is_of_list(part)]
    starts = [part.start - condition.start for part in own if str(part.value).startswith(f"{name}.")]
    for start in sorted(starts, reverse=True):
        text = text[:start] + text[start + len(name) + 1 :]
    return text
