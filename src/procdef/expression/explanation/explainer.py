"""The parts of an expression that fail, each with its text and what it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from procdef.expression.evaluation import Scoring, Seen, build
from procdef.expression.evaluation.scores import worded
from procdef.expression.explanation import values
from procdef.expression.explanation.aggregates import failing_rows, size_of, total
from procdef.expression.syntax import SyntaxNode
from procdef.expression.types import FieldType

_OPPOSITES = {" is not done": " is done", " is not set": " is filled in"}
"""What is asked for, and how it is said that it is the other way round."""
_LEAVES = frozenset(("field", "score", "clock", "set", "done", "any", "all", "count", "sum", "min", "max"))
_UNKNOWN = (" is not filled in", " is unknown, for ")
"""What the words of a fact hold that makes an expression unknown."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """What an explanation needs to know beside the tree."""

    text: str
    fields: Mapping[str, FieldType]
    zone: ZoneInfo

    def why(self, node: SyntaxNode, s: Seen) -> str:
        """Why the node is not true in this situation."""
        if node.op == "and":
            return "; ".join(dict.fromkeys(self.why(p, s) for p in node.args if self.value(p, s) is not True))
        if node.op == "or":
            return "none of these: " + "; ".join(self.because(p, s) for p in node.args)
        if node.op == "at_least":
            return self.threshold(node, s)
        if node.op in ("any", "all"):
            return failing_rows(node, s, self.zone)
        if node.op == "set":
            return f"{node.args[0].value} is not filled in"
        if node.op == "done":
            return f"{node.value} is not done"
        if node.op == "field" and self.value(node, s) is not None:
            return self.seen(node, s)
        read = list(dict.fromkeys(self.seen(leaf, s) for leaf in _leaves(node)))
        unset = [text for text in read if any(words in text for words in _UNKNOWN)]
        if unset and self.value(node, s) is None:
            return " and ".join(unset)
        return ", and ".join([self.shown(node), *([" and ".join(read)] if read else [])])

    def threshold(self, node: SyntaxNode, s: Seen) -> str:
        """How many parts of an `at least` hold, and why the others do not."""
        others = [part for part in node.args if self.value(part, s) is not True]
        held = len(node.args) - len(others)
        said = f"at least {node.value} of: {held or 'none'} hold{'' if held > 1 else 's'}"
        return f"{said}; not: {'; '.join(self.because(part, s) for part in others)}"

    def because(self, node: SyntaxNode, s: Seen) -> str:
        """One way of an `or` and why it is closed, its own text said once."""
        text = self.shown(node)
        why = self.why(node, s).removeprefix(text + ", and ")
        for asked, is_so in _OPPOSITES.items():
            if text.endswith(asked) and why == text.removesuffix(asked) + is_so:
                return f"{text}, but it{is_so}"
        return f"{text}, because {why}"

    def value(self, node: SyntaxNode, s: Seen) -> object:
        return build(node, self.zone)(s, {})

    def shown(self, node: SyntaxNode) -> str:
        return self.text[node.start : node.end]

    def seen(self, node: SyntaxNode, s: Seen) -> str:
        """One fact that the expression read: "offer_value is 62000"."""
        name = str(node.value)
        match node.op:
            case "set":
                return f"{node.args[0].value} is {'filled in' if self.value(node, s) else 'not filled in'}"
            case "done":
                return f"{name} is {'done' if self.value(node, s) else 'not done'}"
            case "any" | "all":
                return size_of(node, s)
            case "count" | "sum" | "min" | "max":
                return f"{self.shown(node)} is {total(node, s, self.fields, self.zone)}"
            case "score":
                rule = cast(Scoring, node.value)
                return f"{rule.id} is {'(personal)' if rule.private else worded(rule.judged(s))}"
            case "clock":
                return f"{name} is {values.clock(name, s, self.zone)}"
        value = s.values.get(name)
        if value is None:
            return f"{name} is not filled in"
        kind = self.fields[name]
        return f"{name} is {'(personal)' if kind.private else values.shown(value, kind, self.zone)}"


def explainer(text: str, fields: Mapping[str, FieldType], zone: ZoneInfo, node: SyntaxNode) -> Callable[[Seen], str]:
    """The function that explains the tree."""
    return lambda s: Explainer(text, fields, zone).why(node, s)


def _leaves(node: SyntaxNode) -> Iterator[SyntaxNode]:
    if node.op in _LEAVES:
        yield node
    else:
        for part in node.args:
            yield from _leaves(part)
