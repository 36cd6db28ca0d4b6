"""Choices opposite their options: a bare word is an option there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from procdef.diagnostics import listed, nearest
from procdef.expression.checking.names import Names
from procdef.expression.checking.naming import described
from procdef.expression.syntax.tree import SyntaxNode, hyphened
from procdef.expression.types import Kind

Typing = Callable[[SyntaxNode], SyntaxNode | None]


def is_choice(names: Names, node: SyntaxNode) -> bool:
    """Whether a node is the name of a choice."""
    return node.op == "name" and names.kind_of(node) is Kind.CHOICE


def chosen(names: Names, node: SyntaxNode, typed: Typing) -> list[SyntaxNode | None]:
    """The typed parts of a comparison with a choice; a part that is faulty is ``None``."""
    if node.op in ("between", "contains") or node.value not in (None, "==", "!="):
        names.fault(node, "type-mismatch", "a choice is compared with ==, != or in")
        return []
    own = [names.field_type(str(part.value)) if is_choice(names, part) else None for part in node.args]
    parts: list[SyntaxNode | None] = []
    for place, part in enumerate(node.args):
        others = {option for at, kind in enumerate(own) if kind and at != place for option in kind.options}
        parts.append(_part(names, part, others, own[place] is not None, typed))
    return parts


def _part(names: Names, node: SyntaxNode, options: set[str], is_field: bool, typed: Typing) -> SyntaxNode | None:
    word = str(node.value)
    quoted = node.op == "literal" and node.type == "text"
    if is_field and word in options:
        sentence = '"{subject}" is both an option and a choice field: quote the option'
        names.fault(node, "ambiguous-name", sentence, subject=word, kind="option")
    elif is_field:
        return names.named(node)
    elif node.op == "arithmetic" and hyphened(node) in options:
        fix = f'"{hyphened(node)}"'
        names.fault(node, "expression-syntax", f"an option with a hyphen stands in quotes: write {fix}", fix)
    elif not quoted and (node.op != "name" or "." in word or (word not in options and names.field_type(word))):
        known = typed(node)
        if known is not None:
            names.fault(node, "type-mismatch", f"cannot compare choice with {described(known)}")
    elif word not in options:
        near = nearest(word, options)
        sentence = 'there is no option "{subject}"' + ("{hint}" if near else " (the options are {known})")
        names.fault(node, "unknown-option", sentence, near, word, "option", near, known=listed(sorted(options)))
    else:
        return replace(node, op="literal", type="choice")
    return None
