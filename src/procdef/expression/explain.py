"""Why an expression is not true: its failing parts and the values they saw; private values read "(personal)"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from procdef.expression.evaluation import Seen, build
from procdef.expression.syntax import SyntaxNode
from procdef.expression.types import FieldType, canonical, plain

_OPPOSITES = {" is not done": " is done", " is not set": " is filled in"}
"""What is asked for, and how it is said that it is the other way round."""


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
        if node.op in ("any", "all"):
            return self.rows(node, s)
        if node.op == "set":
            return f"{node.args[0].value} is not filled in"
        if node.op == "done":
            return f"{node.value} is not done"
        if node.op == "field" and self.value(node, s) is not None:
            return self.seen(node, s)
        read = list(dict.fromkeys(self.seen(leaf, s) for leaf in _leaves(node)))
        unset = [text for text in read if text.endswith(" is not filled in")]
        if unset and self.value(node, s) is None:
            return " and ".join(unset)
        return ", and ".join([self.shown(node), *([" and ".join(read)] if read else [])])

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

    def rows(self, node: SyntaxNode, s: Seen) -> str:
        rows = s.values.get(str(node.value), ())
        if not isinstance(rows, tuple) or not rows:
            return f"{node.value} has no rows"
        seen = [build(node.args[0], self.zone)(s, row) for row in rows]
        missed, unknown = seen.count(False), seen.count(None)
        parts = []
        if node.op == "any" and not unknown:
            parts.append("none match")
        if node.op == "all" and missed:
            parts.append(f"{missed} do not match" if missed > 1 else "1 does not match")
        if unknown:
            parts.append(f"{unknown} cannot be judged, for something is not filled in")
        return f"{node.value}: {len(rows)} row{'s' if len(rows) > 1 else ''}, {', '.join(parts)}"

    def seen(self, node: SyntaxNode, s: Seen) -> str:
        """One fact that the expression read: "offer_value is 62000"."""
        name = str(node.value)
        if node.op == "set":
            return f"{node.args[0].value} is {'filled in' if self.value(node, s) else 'not filled in'}"
        if node.op == "done":
            return f"{name} is {'done' if self.value(node, s) else 'not done'}"
        if node.op in ("any", "all", "count"):
            rows = s.values.get(name, ())
            size = len(rows) if isinstance(rows, tuple) else 0
            if node.op == "count":
                count = self.value(node, s)
                return f"{self.shown(node)} is {'unknown' if count is None else count}"
            return f"{name}: {size} row{'' if size == 1 else 's'}"
        if node.op == "clock":
            return f"{name} is {_clock(name, s, self.zone)}"
        value = s.values.get(name)
        if value is None:
            return f"{name} is not filled in"
        kind = self.fields[name]
        if kind.private:
            return f"{name} is (personal)"
        if isinstance(value, datetime):
            return f"{name} is {_moment(value, self.zone)}"
        stored = canonical(kind, value)
        word = {True: "true", False: "false"}.get(stored, str(stored)) if isinstance(stored, bool) else str(stored)
        return f"{name} is {word}{' %' if kind.kind == 'percent' else ''}"


def explainer(text: str, fields: Mapping[str, FieldType], zone: ZoneInfo, node: SyntaxNode) -> Callable[[Seen], str]:
    """The function that explains the tree."""
    return lambda s: Explainer(text, fields, zone).why(node, s)


def _leaves(node: SyntaxNode) -> Iterator[SyntaxNode]:
    if node.op in ("field", "clock", "set", "done", "any", "all", "count"):
        yield node
    else:
        for part in node.args:
            yield from _leaves(part)


def _clock(name: str, s: Seen, zone: ZoneInfo) -> str:
    if name == "today":
        return s.today.isoformat()
    if name == "now":
        return _moment(s.now, zone)
    age = s.age if name == "deal.age" else s.stage_age
    hours = Decimal(int(age.total_seconds()) // 3600)
    return f"{plain(hours)} hours" if hours < 48 else f"{age.days} days"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """On the clocks of the process, or in UTC where those have run out of years."""
    try:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"
    except OverflowError:
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
