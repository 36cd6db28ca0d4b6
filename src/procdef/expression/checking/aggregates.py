"""What looks into the rows of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from procdef.expression.checking.names import Names
from procdef.expression.checking.naming import described
from procdef.expression.syntax.tree import SyntaxNode
from procdef.expression.types import Kind


def over_rows(names: Names, node: SyntaxNode, boolean: Callable[[SyntaxNode], SyntaxNode | None]) -> SyntaxNode | None:
    """``any``, ``all`` or ``count`` of a list, whose condition ``boolean`` types with the columns in sight."""
    name = str(node.args[0].value)
    if names.columns is not None:
        names.fault(node, "expression-syntax", "any, all and count cannot stand inside one another")
        return None
    kind = names.scope.fields.get(name)
    if kind is None or kind.kind is not Kind.LIST:
        known = names.named(node.args[0])
        if known is not None:
            names.fault(node.args[0], "type-mismatch", f"{node.op} takes a list, found {described(known)}")
        return None
    names.fields.add(name)
    result = "number" if node.op == "count" else "boolean"
    if len(node.args) == 1:
        return replace(node, args=(), value=name, type=result)
    names.columns = kind.columns
    inner = boolean(node.args[1])
    names.columns = None
    return None if inner is None else replace(node, args=(inner,), value=name, type=result)
