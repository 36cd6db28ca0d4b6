"""What looks into the rows of a list: ``any``, ``all`` and ``count``, and ``sum``, ``min`` and ``max`` of a column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from procdef.diagnostics import nearest
from procdef.expression.checking.name_resolution import Names, type_of
from procdef.expression.checking.words_for_nodes import described
from procdef.expression.syntax.tree import SyntaxNode
from procdef.expression.types import NUMBERS, FieldType, Kind

_TAKEN = {
    "sum": (NUMBERS, "numbers, money or percent"),
    "min": ((*NUMBERS, Kind.DATE, Kind.DATETIME), "numbers, money, percent, dates or times"),
    "max": ((*NUMBERS, Kind.DATE, Kind.DATETIME), "numbers, money, percent, dates or times"),
}
"""The kinds of columns that each takes, and their names."""
Typing = Callable[[SyntaxNode], SyntaxNode | None]


def over_rows(names: Names, node: SyntaxNode, boolean: Typing) -> SyntaxNode | None:
    """The typed node of an aggregate, whose condition ``boolean`` types with the columns in sight.

    Its ``value`` is the list; its parts are the column, where it has one, and the condition, where it has one.
    """
    if names.columns is not None:
        sentence = "any, all, count, sum, min and max cannot stand inside one another"
        names.fault(node, "expression-syntax", sentence)
        return None
    if names.scope.faulty(str(node.args[0].value).partition(".")[0]):
        return None
    if node.op in _TAKEN:
        found = _column(names, node)
    else:
        known = _list(names, node)
        found = None if known is None else (known, ())
    if found is None:
        return None
    (name, kind), parts = found
    names.fields.add(name)
    names.personal = names.personal or kind.private or any(kind.columns[str(part.value)].private for part in parts)
    result = parts[0].type if parts else "number" if node.op == "count" else "boolean"
    if len(node.args) == 1:
        return replace(node, args=parts, value=name, type=result)
    names.around, names.columns = name, kind.columns
    inner = boolean(node.args[1])
    names.columns = None
    return None if inner is None else replace(node, args=(*parts, inner), value=name, type=result)


Found = tuple[str, FieldType]
"""A list by its name and type."""


def _list(names: Names, node: SyntaxNode) -> Found | None:
    """The list that an aggregate of whole rows is about."""
    subject = node.args[0]
    name, dot, _ = str(subject.value).partition(".")
    kind = names.scope.fields.get(name)
    if kind is not None and kind.kind is Kind.LIST and not dot:
        return name, kind
    if kind is not None and kind.many and not dot and node.op == "count":
        if len(node.args) == 1:
            return name, kind
        names.fault(node, "type-mismatch", "a set of options has no columns: write {fix}", f"count({name})")
        return None
    if kind is not None and kind.kind is Kind.LIST:
        names.fault(subject, "type-mismatch", "{op} takes a whole list: write {fix}", name, op=node.op)
    elif (known := names.named(subject)) is not None:
        names.fault(subject, "type-mismatch", "{op} takes a list, found {found}", op=node.op, found=described(known))
    return None


def _column(names: Names, node: SyntaxNode) -> tuple[Found, tuple[SyntaxNode, ...]] | None:
    """The list that an aggregate of a column is about, and the typed column."""
    subject = node.args[0]
    name, dot, column = str(subject.value).partition(".")
    kind = names.scope.fields.get(name)
    if kind is None or kind.kind is not Kind.LIST:
        whole = replace(subject, value=name, end=subject.start + len(name))
        if kind is None:
            lists = [other for other, each in names.scope.fields.items() if each.kind is Kind.LIST]
            near = nearest(name, lists)
            names.fault(whole, "unknown-name", 'there is no list "{subject}"{hint}', near, name, "field", near)
        elif (known := names.named(whole)) is not None:
            sentence = "{op} takes a column of a list, found {found}"
            names.fault(whole, "type-mismatch", sentence, op=node.op, found=described(known))
        return None
    taken, words = _TAKEN[node.op]
    fitting = [other for other, each in kind.columns.items() if each.kind in taken]
    own = kind.columns.get(column)
    if not dot or own is None:
        columns = [f"{name}.{other}" for other in fitting]
        form = f": write {' or '.join(columns)}" if columns else ""
        if not dot:
            names.fault(subject, "type-mismatch", "{op} takes a column of a list{form}", op=node.op, form=form)
            return None
        near = nearest(column, kind.columns)
        sentence = 'there is no column "{subject}" in "{list}"{hint}{form}'
        fix = f"{name}.{near}" if near else None
        form = "" if near else form
        names.fault(subject, "unknown-name", sentence, fix, column, "column", near, list=name, form=form)
        return None
    if own.kind not in taken:
        sentence = "{op} takes a column of {due}, found {type} ({column})"
        names.fault(subject, "type-mismatch", sentence, op=node.op, due=words, type=own.kind, column=column)
        return None
    names.cells.add(f"{name}.{column}")
    return (name, kind), (replace(subject, op="column", value=column, type=type_of(own)),)
