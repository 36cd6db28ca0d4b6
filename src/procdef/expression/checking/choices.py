"""Choices opposite their options: a bare word is an option there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from procdef.diagnostics import listed, nearest
from procdef.expression.checking.name_resolution import Names
from procdef.expression.checking.words_for_nodes import described
from procdef.expression.syntax.tree import SyntaxNode, hyphened, is_empty_text
from procdef.expression.types import Kind

Typing = Callable[[SyntaxNode], SyntaxNode | None]


def is_choice(names: Names, node: SyntaxNode) -> bool:
    """Whether a node is the name of a choice."""
    return node.op == "name" and names.kind_of(node) is Kind.CHOICE


def chosen(names: Names, node: SyntaxNode, typed: Typing) -> list[SyntaxNode | None]:
    """The typed parts of a comparison with a choice; a part that is faulty is ``None``."""
    own = [names.field_type(str(part.value)) if is_choice(names, part) else None for part in node.args]
    sets = [part for part, kind in zip(node.args, own, strict=True) if kind and kind.many]
    if node.op == "contains" and sets != [node.args[0]]:
        _not_contained(names, node, sets)
        return []
    if node.op != "contains" and sets:
        _compared_set(names, node, sets)
        return []
    if node.op == "between" or node.value not in (None, "==", "!=", "contains"):
        names.fault(node, "type-mismatch", "a choice is compared with ==, != or in")
        return []
    if node.op == "compare" and not names.scope.published and is_empty_text(node.args[1]):
        names.equals_no_text(node)
        return []
    parts: list[SyntaxNode | None] = []
    for place, part in enumerate(node.args):
        others = {option for at, kind in enumerate(own) if kind and at != place for option in kind.options}
        parts.append(_part(names, part, others, own[place] is not None, typed))
    return parts


def _not_contained(names: Names, node: SyntaxNode, sets: list[SyntaxNode]) -> None:
    """Say what to write where the left side of ``contains`` is no set of options, or the right side is one."""
    left, right = (names.words(part) for part in node.args)
    if sets == [node.args[1]]:
        sentence = "contains takes one option on its right: write {fix}"
        names.fault(node, "type-mismatch", sentence, f"{right} contains {left}")
    elif sets:
        names.fault(node, "type-mismatch", "contains takes one option on its right")
    elif is_choice(names, node.args[0]):
        sentence = "{left} is one option, not several: write {fix}"
        names.fault(node, "type-mismatch", sentence, f"{left} == {right}", left=left)
    else:
        names.fault(node, "type-mismatch", "contains takes an option only in a set of options")


def _compared_set(names: Names, node: SyntaxNode, sets: list[SyntaxNode]) -> None:
    """Say what to write where a set of options is compared like a value."""
    whole = names.words(sets[0])
    options = [names.words(part) for part in node.args if part is not sets[0]]
    if len(sets) > 1 or node.op == "between" or node.value not in (None, "==", "!="):
        sentence = "{set} is a set of options: ask for each option, as {set} contains ..."
        names.fault(node, "type-mismatch", sentence, set=whole)
        return
    fix = " or ".join(f"{whole} contains {option}" for option in options)
    between = names.text[node.args[0].end : node.args[1].start]
    negated = node.value == "!=" or between.split()[0] == "not"  # the place of "not in" is that of what it negates
    fix = f"not ({fix})" if negated else f"({fix})" if len(options) > 1 else fix
    names.fault(node, "type-mismatch", "{set} is a set of options: write {fix}", fix, set=whole)


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
        names.fault(node, "expression-syntax", "an option with a hyphen is written in quotes: write {fix}", fix)
    elif not quoted and (node.op != "name" or "." in word or (word not in options and names.field_type(word))):
        known = typed(node)
        if known is not None:
            names.fault(node, "type-mismatch", "cannot compare choice with {other}", other=described(known))
    elif names.is_faulty(node) and word not in options:
        return None  # a field or a score, likely, whose own fault is told
    elif word not in options:
        near = nearest(word, options)
        sentence = 'there is no option "{subject}"' + ("{hint}" if near else " (the options are {known})")
        form = near if near is None or near.isidentifier() else f'"{near}"'
        names.fault(node, "unknown-option", sentence, form, word, "option", near, known=listed(sorted(options)))
    else:
        return replace(node, op="literal", type="choice")
    return None
