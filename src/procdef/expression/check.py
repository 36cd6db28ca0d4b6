"""What the names mean and which types meet: a tree becomes a typed tree, or faults."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from procdef.diagnostics import Fault, listed, nearest
from procdef.expression.combine import PLAIN, product, total
from procdef.expression.naming import named, near
from procdef.expression.parse import SyntaxNode, hyphened
from procdef.expression.types import FieldType, Kind, written_moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = {"today": "date", "now": "datetime", "deal.age": "duration", "deal.stage_age": "duration"}
_TYPES = {Kind.EMAIL: "text", Kind.PHONE: "text", Kind.URL: "text", Kind.INTEGER: "number"}
_ORDERED = frozenset(("number", "money", "percent", "duration", "date", "datetime"))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_COUNTED = ("number", "money")
_UNITS = {"percent": "%", "duration": "days"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: the deal's fields, each stage's action ids, the process's time zone and currency."""

    fields: Mapping[str, FieldType]
    actions: Mapping[str, Collection[str]]
    timezone: ZoneInfo
    currency: str | None


@dataclass(slots=True)
class Checker:
    """One expression's check: faults gather, and what is read."""

    scope: Scope
    faults: list[Fault] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    clock: bool = False
    columns: Mapping[str, FieldType] | None = None

    def fault(self, node: SyntaxNode, code: str, message: str, fix: str | None = None) -> None:
        self.faults.append(Fault(code, node.start, node.end, message, fix))

    def boolean(self, node: SyntaxNode) -> SyntaxNode | None:
        """The typed node, where it is true or false."""
        typed = self.typed(node)
        if typed is not None and typed.type != "boolean":
            self.fault(
                node,
                "type-mismatch",
                f"expected something true or false, found {named(typed)}: compare it with a value",
            )
            return None
        return typed

    def typed(self, node: SyntaxNode) -> SyntaxNode | None:
        match node.op:
            case "literal":
                return replace(node, type=str(node.type))
            case "name":
                return self.name(node)
            case "and" | "or" | "not":
                parts = [self.boolean(part) for part in node.args]
                return self.whole(node, parts, "boolean")
            case "arithmetic":
                return self.arithmetic(node)
            case "set":
                return self.is_set(node)
            case "done":
                return self.is_done(node)
            case "any" | "all" | "count":
                return self.rows(node)
            case _:
                return self.compared(node)

    def whole(self, node: SyntaxNode, parts: Iterable[SyntaxNode | None], result: str) -> SyntaxNode | None:
        known = [part for part in parts if part is not None]
        return replace(node, args=tuple(known), type=result) if len(known) == len(node.args) else None

    def field_type(self, name: str) -> FieldType | None:
        if self.columns is not None and name in self.columns:
            return self.columns[name]
        return self.scope.fields.get(name)

    def name(self, node: SyntaxNode) -> SyntaxNode | None:
        name = str(node.value)
        if name in _CLOCK:
            self.clock = True
            return replace(node, op="clock", type=_CLOCK[name])
        kind = self.field_type(name)
        if kind is None:
            self.unknown(node, name)
            return None
        column = self.columns is not None and name in self.columns
        if column and name in self.scope.fields:
            self.fault(node, "ambiguous-name", f'"{name}" is both a column of the list and a field: rename one of them')
            return None
        if not column:
            self.fields.add(name)
        return replace(node, op="column" if column else "field", type=_TYPES.get(kind.kind, str(kind.kind)))

    def unknown(self, node: SyntaxNode, name: str) -> None:
        stage, dot, _ = name.partition(".")
        if dot and stage != "deal":
            if self.known_action(node, name):
                self.fault(node, "type-mismatch", f'"{name}" is an action: write "{name} is done"', f"{name} is done")
            return
        names = [*self.scope.fields, *(self.columns or {}), *_CLOCK]
        what = "there is no field" if not dot else "a deal has no fact"
        self.fault(node, "unknown-name", f'{what} "{name}"{near(name, names)}', nearest(name, names))

    def known_action(self, node: SyntaxNode, path: str) -> bool:
        stage, dot, action = path.partition(".")
        if not dot:
            self.fault(node, "unknown-name", f'"{path}" names no action: write stage.action before "is done"')
        elif stage not in self.scope.actions:
            self.fault(node, "unknown-stage", f'there is no stage "{stage}"{near(stage, self.scope.actions)}')
        elif action not in self.scope.actions[stage]:
            message = f'stage "{stage}" has no action "{action}"{near(action, self.scope.actions[stage])}'
            self.fault(node, "unknown-action", message)
        else:
            return True
        return False

    def is_set(self, node: SyntaxNode) -> SyntaxNode | None:
        if node.args[0].op != "name":
            self.fault(node.args[0], "type-mismatch", '"is set" asks for a field, by its name')
            return None
        typed = self.name(node.args[0])
        if typed is not None and typed.op == "clock":
            self.fault(typed, "type-mismatch", f'"{typed.value}" is always set')
            return None
        return self.whole(node, [typed], "boolean")

    def is_done(self, node: SyntaxNode) -> SyntaxNode | None:
        subject = node.args[0]
        path = str(subject.value)
        if subject.op != "name":
            self.fault(subject, "type-mismatch", '"is done" asks for an action, as stage.action')
        elif self.known_action(subject, path):
            self.actions.add(path)
            return replace(node, args=(), value=path, type="boolean")
        return None

    def rows(self, node: SyntaxNode) -> SyntaxNode | None:
        name = str(node.args[0].value)
        if self.columns is not None:
            self.fault(node, "expression-syntax", "any, all and count cannot stand inside one another")
            return None
        kind = self.scope.fields.get(name)
        if kind is None or kind.kind is not Kind.LIST:
            known = self.name(node.args[0])
            if known is not None:
                self.fault(node.args[0], "type-mismatch", f"{node.op} takes a list, found {named(known)}")
            return None
        self.fields.add(name)
        result = "number" if node.op == "count" else "boolean"
        if len(node.args) == 1:
            return replace(node, args=(), value=name, type=result)
        self.columns = kind.columns
        inner = self.boolean(node.args[1])
        self.columns = None
        return None if inner is None else replace(node, args=(inner,), value=name, type=result)

    def arithmetic(self, node: SyntaxNode) -> SyntaxNode | None:
        left, right = (self.typed(part) for part in node.args)
        if left is None or right is None:
            return None
        if node.value == "*":
            result = product(left.type, right.type)
            if result == "duration" and "days" in (left.type, right.type) and self.is_whole(left, right):
                result = "days"
        else:
            result = total(str(node.value), left.type, right.type)
        if result is None and self.lacks_unit(left, right, node):
            return None
        if result is None:
            word = {"+": "add", "-": "subtract", "*": "multiply"}[str(node.value)]
            self.fault(node, "type-mismatch", f"cannot {word} {named(left)} and {named(right)}")
            return None
        if result == "percent":
            left, right = _in_percent(left), _in_percent(right)
        return replace(node, args=(left, right), type=result)

    def is_whole(self, *nodes: SyntaxNode) -> bool:
        """Whether typed nodes can only be whole numbers, or whole days."""
        return all(
            node.type == "days"
            or node.op == "count"
            or (node.op == "literal" and isinstance(node.value, Decimal) and node.value == int(node.value))
            or (node.op in ("field", "column") and self.kind_of(node) is Kind.INTEGER)
            or (node.op == "arithmetic" and node.type in ("number", "literal") and self.is_whole(*node.args))
            for node in nodes
        )

    def kind_of(self, node: SyntaxNode) -> Kind | None:
        kind = self.field_type(str(node.value))
        return kind.kind if kind else None

    def lacks_unit(self, left: SyntaxNode, right: SyntaxNode, node: SyntaxNode) -> bool:
        """Whether a sum fails only because a plain number stands where days or percent are due; says so."""
        for one, other in ((left, right), (right, left)):
            unit = "days" if other.type in ("date", "datetime") else _UNITS.get(PLAIN.get(other.type, other.type))
            kind = "days" if unit == "days" else "percent"
            meant = (kind, right.type) if one is left else (left.type, kind)
            literal = node.value != "*" and one.op == "literal" and one.type == "literal"
            if literal and unit is not None and total(str(node.value), *meant):
                fix = f"{one.value} {unit}"
                self.fault(one, "missing-unit", f"{named(other)} goes with a number of {unit}: write {fix}", fix)
                return True
        return False

    def compared(self, node: SyntaxNode) -> SyntaxNode | None:
        if any(self.is_choice(part) for part in node.args):
            return self.choices(node)
        parts: list[SyntaxNode | None] = []
        for part in node.args:
            # Opposite an unknown name a bare word may well be its option: one fault, at its root.
            if None in parts and part.op == "name" and self.field_type(str(part.value)) is None:
                continue
            parts.append(self.typed(part))
        first = parts[0]
        if first is None or any(part is None for part in parts):
            return None
        known = [part for part in parts if part is not None]
        if node.op == "contains":
            if known[0].type != "text" or known[1].type != "text":
                self.fault(node, "type-mismatch", f"contains takes text, found {named(known[0])} and {named(known[1])}")
                return None
            return replace(node, args=tuple(known), type="boolean")
        target = self.common(known)
        if target == "datetime":
            known = [self.moment(part) if part.type == "text" else part for part in known]
        fitted = [self.fit(part, target, known) for part in known]
        if not all(part is not None for part in fitted):
            return None
        ordered = node.op == "between" or node.value in ("<", "<=", ">", ">=")
        if ordered and target not in _ORDERED:
            self.fault(node, "type-mismatch", f"{target} has no order: compare it with == or !=")
            return None
        if target == "list":
            self.fault(node, "type-mismatch", "a list cannot be compared: use any, all or count")
            return None
        return self.whole(node, fitted, "boolean")

    def common(self, parts: list[SyntaxNode]) -> str:
        """The type in which the parts are compared; a datetime opposite a date is a date."""
        types = {part.type for part in parts}
        for wanted in ("date", "datetime", "percent", "money"):
            if wanted in types:
                return wanted
        return "duration" if types & {"duration", "days"} else PLAIN.get(parts[0].type, parts[0].type)

    def moment(self, node: SyntaxNode) -> SyntaxNode:
        if node.op != "literal":
            return node
        moment = written_moment(str(node.value))
        if moment is None:
            return node
        try:
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.scope.timezone)).astimezone(UTC)
        except OverflowError:
            return node
        return replace(node, value=microseconds(moment), type="datetime")

    def fit(self, node: SyntaxNode, target: str, parts: list[SyntaxNode]) -> SyntaxNode | None:
        if PLAIN.get(node.type, node.type) == target or (target == "money" and node.type == "literal"):
            return node
        if target == "date" and node.type == "datetime":
            return replace(node, op="day", args=(node,), type="date")
        if target == "percent" and node.type == "share":
            return _in_percent(node)
        other = next((part for part in parts if part.type == target), parts[0])
        unit = _UNITS.get(PLAIN.get(target, target))
        if unit is not None and node.type == "literal":
            fix = f"{node.value} {unit}" if node.op == "literal" else None
            message = f"{named(other)} is compared with a plain number: write {fix or f'it in {unit}'}"
            if unit == "%" and isinstance(node.value, Decimal) and 0 < node.value < 1:
                fix = f"{(node.value * 100).normalize():f} %"
                message = f"{named(other)} is compared with a plain number: write {fix}"
                message += f" (or {node.value} %, if so little is meant)"
            self.fault(node, "missing-unit", message, fix)
            return None
        if target == "datetime" and node.type == "text" and node.op == "literal":
            self.fault(node, "type-mismatch", 'a date and time is written "2026-01-31T12:00"')
            return None
        if target == "date" and node.op == "literal" and _DATE.fullmatch(str(node.value)):
            self.fault(node, "type-mismatch", f"a date stands without quotes: write {node.value}", str(node.value))
            return None
        if node.type == "text" and node.op == "literal" and _NUMBER.fullmatch(str(node.value)) and target in _COUNTED:
            self.fault(node, "type-mismatch", f"a number stands without quotes: write {node.value}", str(node.value))
            return None
        whole = replace(node, start=parts[0].start, end=max(node.end, parts[1].end))
        self.fault(whole, "type-mismatch", f"cannot compare {named(other)} with {named(node)}")
        return None

    def is_choice(self, node: SyntaxNode) -> bool:
        kind = self.field_type(str(node.value)) if node.op == "name" else None
        return kind is not None and kind.kind is Kind.CHOICE

    def choices(self, node: SyntaxNode) -> SyntaxNode | None:
        if node.op in ("between", "contains") or node.value not in (None, "==", "!="):
            self.fault(node, "type-mismatch", "a choice is compared with ==, != or in")
            return None
        own = [self.field_type(str(part.value)) if self.is_choice(part) else None for part in node.args]
        parts: list[SyntaxNode | None] = []
        for place, part in enumerate(node.args):
            others = {option for at, kind in enumerate(own) if kind and at != place for option in kind.options}
            parts.append(self.choice(part, others, own[place] is not None))
        return self.whole(node, parts, "boolean")

    def choice(self, node: SyntaxNode, options: set[str], is_field: bool) -> SyntaxNode | None:
        word = str(node.value)
        quoted = node.op == "literal" and node.type == "text"
        if is_field and word in options:
            self.fault(node, "ambiguous-name", f'"{word}" is both an option and a choice field: quote the option')
        elif is_field:
            return self.name(node)
        elif node.op == "arithmetic" and hyphened(node) in options:
            fix = f'"{hyphened(node)}"'
            self.fault(node, "expression-syntax", f"an option with a hyphen stands in quotes: write {fix}", fix)
        elif not quoted and (node.op != "name" or "." in word or (word not in options and self.field_type(word))):
            typed = self.typed(node)
            if typed is not None:
                self.fault(node, "type-mismatch", f"cannot compare choice with {named(typed)}")
        elif word not in options:
            hint = near(word, options) or f" (the options are {listed(sorted(options))})"
            self.fault(node, "unknown-option", f'there is no option "{word}"{hint}', nearest(word, options))
        else:
            return replace(node, op="literal", type="choice")
        return None


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def _in_percent(node: SyntaxNode) -> SyntaxNode:
    return replace(node, op="hundredfold", args=(node,), type="percent") if node.type == "share" else node
