"""The parts of an expression that fail, each with its text and what it saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple, cast

from procdef.expression.evaluation import Scoring, Seen, build
from procdef.expression.evaluation.scores import worded
from procdef.expression.explanation import values
from procdef.expression.explanation.aggregates import failing_rows, size_of, total
from procdef.expression.syntax import SyntaxNode
from procdef.expression.types import FieldType

_LEAVES = frozenset(("field", "score", "clock", "set", "done", "any", "all", "count", "sum", "min", "max"))
Explanation = Callable[[Seen, bool], str]
"""Why an expression is not true in a situation; with the flag, always with the expression's own text."""


class _Reason(NamedTuple):
    """Why a node is not true. ``quotes``: the node's own text stands before ``facts`` in an explanation."""

    facts: str
    quotes: bool = False


class _Fact(NamedTuple):
    """One fact that an expression read, in words. ``unknown``: it makes the expression unknown."""

    text: str
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Explainer:
    """What an explanation needs to know beside the tree."""

    text: str
    fields: Mapping[str, FieldType]
    zone: tzinfo

    def why(self, node: SyntaxNode, s: Seen, *, in_full: bool = False) -> str:
        """Why the node is not true in this situation; ``in_full``: with its own text in any case."""
        reason = self.reason(node, s)
        quoted = reason.quotes or (in_full and node.op != "field")
        return ", and ".join([self.shown(node)] * quoted + [reason.facts] * bool(reason.facts))

    def reason(self, node: SyntaxNode, s: Seen) -> _Reason:
        """Why the node is not true, its own text aside."""
        if node.op == "and":
            return _Reason("; ".join(dict.fromkeys(self.why(p, s) for p in node.args if self.value(p, s) is not True)))
        if node.op == "or":
            return _Reason("none of these: " + "; ".join(self.because(p, s) for p in node.args))
        if node.op == "at_least":
            return _Reason(self.threshold(node, s))
        if node.op in ("any", "all"):
            return _Reason(failing_rows(node, s, self.zone))
        if node.op in ("set", "done") or (node.op == "field" and self.value(node, s) is not None):
            return _Reason(self.seen(node, s).text)
        read = list(dict.fromkeys(self.seen(leaf, s) for leaf in _leaves(node)))
        unknown = [fact.text for fact in read if fact.unknown]
        if unknown and self.value(node, s) is None:
            return _Reason(" and ".join(unknown))
        return _Reason(" and ".join(fact.text for fact in read), quotes=True)

    def threshold(self, node: SyntaxNode, s: Seen) -> str:
        """How many parts of an `at least` hold, and why the others do not."""
        others = [part for part in node.args if self.value(part, s) is not True]
        held = len(node.args) - len(others)
        said = f"at least {node.value} of: {held or 'none'} hold{'' if held > 1 else 's'}"
        return f"{said}; not: {'; '.join(self.because(part, s) for part in others)}"

    def because(self, node: SyntaxNode, s: Seen) -> str:
        """One way of an `or` and why it is closed, its own text said once."""
        text, facts = self.shown(node), self.reason(node, s).facts
        inner = node.args[0] if node.op == "not" else None
        plain = inner is not None and inner.op in ("set", "done") and inner.start == node.start
        if inner is not None and plain and self.value(inner, s) is not None:
            return f"{text}, but it is {self.state(inner, s)}"  # "x is not done": the text says already what it is about
        return f"{text}, because {facts}" if facts else text

    def value(self, node: SyntaxNode, s: Seen) -> object:
        return build(node, self.zone)(s, {})

    def shown(self, node: SyntaxNode) -> str:
        return self.text[node.start : node.end]

    def state(self, node: SyntaxNode, s: Seen) -> str:
        """What a field or an action is, of which the expression asks whether it is set or done."""
        word = "filled in" if node.op == "set" else "done"
        return word if self.value(node, s) else f"not {word}"

    def seen(self, node: SyntaxNode, s: Seen) -> _Fact:
        """One fact that the expression read: "offer_value is 62000"."""
        name = str(node.value)
        match node.op:
            case "set":
                return _Fact(f"{node.args[0].value} is {self.state(node, s)}", unknown=not self.value(node, s))
            case "done" if self.value(node, s) is None:
                return _Fact(f"whether {name} is done is not known: {s.unsure[name]}", unknown=True)
            case "done":
                return _Fact(f"{name} is {self.state(node, s)}")
            case "any" | "all":
                return _Fact(size_of(node, s))
            case "count" | "sum" | "min" | "max":
                text = f"{self.shown(node)} is {total(node, s, self.fields, self.zone)}"
                return _Fact(text, unknown=self.value(node, s) is None)
            case "score":
                rule = cast(Scoring, node.value)
                found = rule.judged(s)
                text = f"{rule.id} is {'(personal)' if rule.private else worded(found)}"
                return _Fact(text, unknown=found.total is None and not rule.private)
            case "clock":
                return _Fact(f"{name} is {values.clock(name, s, self.zone)}")
        value = s.values.get(name)
        if value is None:
            return _Fact(f"{name} is not filled in", unknown=True)
        kind = self.fields[name]
        return _Fact(f"{name} is {'(personal)' if kind.private else values.shown(value, kind, self.zone)}")


def explainer(text: str, fields: Mapping[str, FieldType], zone: tzinfo, node: SyntaxNode) -> Explanation:
    """The function that explains the tree."""
    explained = Explainer(text, fields, zone)
    return lambda s, in_full: explained.why(node, s, in_full=in_full)


def _leaves(node: SyntaxNode) -> Iterator[SyntaxNode]:
    if node.op in _LEAVES:
        yield node
    else:
        for part in node.args:
            yield from _leaves(part)
