"""How messages name parts of an expression."""

from __future__ import annotations

from procdef.expression.syntax.tree import SyntaxNode

_SHOWN = {"literal": "number", "share": "number", "days": "duration", "months": "months or years", "options": "set of options"}


def described(node: SyntaxNode) -> str:
    shown = f" ({node.value})" if node.op in ("field", "column", "clock") else ""
    if node.op == "score":
        shown = f" ({getattr(node.value, 'id', '')})"
    if node.op == "literal" and node.type == "literal":
        shown = f" ({node.value})"
    return _SHOWN.get(node.type, node.type) + shown
