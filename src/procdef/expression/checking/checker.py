"""Which types meet: a tree becomes a typed tree, or faults."""

from __future__ import annotations

from dataclasses import replace

from procdef.expression.checking.aggregates import over_rows
from procdef.expression.checking.arithmetic import arithmetic
from procdef.expression.checking.bare_columns import bare_column
from procdef.expression.checking.choices import chosen, is_choice
from procdef.expression.checking.comparisons import compared
from procdef.expression.checking.name_resolution import Names, Scope
from procdef.expression.checking.words_for_nodes import described
from procdef.expression.syntax.tree import SyntaxNode


class Checker:
    """One expression's check; what is wrong and what is read gathers in ``names``."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.names = Names(text, scope)

    def boolean(self, node: SyntaxNode) -> SyntaxNode | None:
        """The typed node, where it is true or false."""
        typed = self.typed(node)
        if typed is not None and typed.type != "boolean":
            sentence = "expected something true or false, found {found}: compare it with a value"
            self.names.fault(node, "type-mismatch", sentence, found=described(typed))
            return None
        return typed

    def typed(self, node: SyntaxNode) -> SyntaxNode | None:
        """The node with its type, or ``None`` where it has none."""
        match node.op:
            case "literal":
                return node
            case "name" if self.names.is_of_list(node):
                bare_column(self.names, node)
                return None
            case "name":
                return self.names.named(node)
            case "and" | "or" | "not" | "at_least":
                return _whole(node, [self.boolean(part) for part in node.args])
            case "arithmetic":
                left, right = (self.typed(part) for part in node.args)
                return arithmetic(self.names, node, left, right) if left and right else None
            case "set":
                return self._is_set(node)
            case "done":
                return self._is_done(node)
            case "any" | "all" | "count" | "sum" | "min" | "max":
                return over_rows(self.names, node, self.boolean)
            case _:
                return self._compared(node)

    def _is_set(self, node: SyntaxNode) -> SyntaxNode | None:
        if node.args[0].op != "name":
            self.names.fault(node.args[0], "type-mismatch", '"is set" takes the name of a field')
            return None
        if self.names.is_of_list(node.args[0]):
            bare_column(self.names, node.args[0], node)
            return None
        if self.names.is_action(node.args[0]):
            word, subject = replace(node, start=node.end - len("set")), str(node.args[0].value)
            sentence = '"{subject}" is an action, which is done rather than set: write {fix}'
            self.names.fault(word, "type-mismatch", sentence, "done", subject, "action")
            return None
        personal = self.names.personal
        typed = self.names.named(node.args[0])
        self.names.personal = personal
        if typed is not None and typed.op in ("clock", "score"):
            self.names.fault(typed, "type-mismatch", '"{subject}" is always set', subject=str(node.args[0].value))
            return None
        return _whole(node, [typed])

    def _is_done(self, node: SyntaxNode) -> SyntaxNode | None:
        subject = node.args[0]
        path = str(subject.value)
        if subject.op != "name":
            self.names.fault(subject, "type-mismatch", '"is done" takes an action, as stage.action')
        elif self.names.known_action(subject, path):
            self.names.actions.add(path)
            return replace(node, args=(), value=path, type="boolean")
        return None

    def _compared(self, node: SyntaxNode) -> SyntaxNode | None:
        columns = [part for part in node.args if self.names.is_of_list(part)]
        if columns:
            bare_column(self.names, columns[0], node)
            return None
        if any(is_choice(self.names, part) for part in node.args):
            return _whole(node, chosen(self.names, node, self.typed))
        parts: list[SyntaxNode | None] = []
        faulty = any(self.names.is_faulty(part) for part in node.args)
        for part in node.args:
            # Opposite an unknown or faulty name a bare word may well be its option: one fault, at its root.
            if (faulty or None in parts) and part.op == "name" and self.names.field_type(str(part.value)) is None:
                continue
            parts.append(self.typed(part))
        known = [part for part in parts if part is not None]
        return _whole(node, compared(self.names, node, known)) if len(known) == len(node.args) else None


def _whole(node: SyntaxNode, parts: list[SyntaxNode | None]) -> SyntaxNode | None:
    """The node, which is true or false, with its typed parts, where all of them are sound."""
    known = [part for part in parts if part is not None]
    return replace(node, args=tuple(known), type="boolean") if len(known) == len(node.args) else None
