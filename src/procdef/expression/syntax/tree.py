"""The tree of an expression; every node knows the characters that it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyntaxNode:
    """A part of an expression. ``value`` is the literal, the name or the operator; ``type`` is filled in by the checker."""

    op: str
    start: int
    end: int
    args: tuple[SyntaxNode, ...] = ()
    value: object = None
    type: str = ""


def hyphened(node: SyntaxNode) -> str:
    """The words of a subtraction without blanks as one, which is what the author of an option's id sees in it."""
    if node.op != "arithmetic" or node.value != "-":
        return str(node.value)
    left, right = node.args
    return f"{hyphened(left)}-{hyphened(right)}" if left.end + 1 == right.start else ""


def is_empty_text(node: SyntaxNode) -> bool:
    """Whether a node is a text in quotes that shows nothing."""
    return node.op == "literal" and node.type == "text" and not str(node.value).strip()
