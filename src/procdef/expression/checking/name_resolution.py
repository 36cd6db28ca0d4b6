"""What the names in an expression mean, and which of them it reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from decimal import Decimal

from procdef.diagnostics import Finding, Place, SubjectKind, nearest
from procdef.expression.evaluation.scores import Scoring
from procdef.expression.syntax.tree import SyntaxNode
from procdef.expression.three_decimals import TWO_READINGS, two_readings
from procdef.expression.types import FieldType, Kind
from procdef.words_of_languages import CLOCK as CLOCK_WORDS
from procdef.words_of_languages import OTHERWISE, SWITCHES, plain

CLOCK = {
    "today": "date",
    "now": "datetime",
    **dict.fromkeys(("deal.age", "deal.stage_age", "deal.idle", "deal.contact_age"), "duration"),
}
"""The facts that time alone makes, with their types."""
ELSE = "else"
"""What stands in the place of an expression that is true where no other one is."""
_TYPES = {Kind.EMAIL: "text", Kind.PHONE: "text", Kind.URL: "text", Kind.INTEGER: "number"}
_SWITCHES = {"yes": "true", "true": "true", "no": "false", "false": "false"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: the deal's fields, each stage's action ids, the process's time zone and currency, its scores.

    A score is ``None`` where it cannot be read: its own rule is faulty, or this is the scope of such a rule (``scoring``).
    ``faulty`` tells of a field, a score or ``stage.action`` whether its declaration has a fault of its own: what reads it is
    no expression, and nothing is said of that. ``published``: it was accepted once, so nothing is asked about any more.
    ``whole_money``: the currency has no decimals.
    """

    fields: Mapping[str, FieldType]
    actions: Mapping[str, Collection[str]]
    timezone: tzinfo
    currency: str | None
    scores: Mapping[str, Scoring | None] = field(default_factory=dict)
    scoring: bool = False
    faulty: Callable[[str], bool] = lambda name: False
    published: bool = False
    whole_money: bool = False


@dataclass(slots=True)
class Names:
    """One expression's names: what is read gathers here, and what is wrong.

    ``cells`` are the columns that it reads, as ``list.column``; ``columns`` those of the list ``around``, where it looks
    into one; ``personal``: a personal value is looked at.
    """

    text: str
    scope: Scope
    faults: list[Finding] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)
    clock: set[str] = field(default_factory=set)
    personal: bool = False
    scores: dict[str, Scoring] = field(default_factory=dict)
    around: str = ""
    columns: Mapping[str, FieldType] | None = None

    def words(self, node: SyntaxNode) -> str:
        """A part of the expression as it was written."""
        return self.text[node.start : node.end]

    def fault(
        self,
        node: SyntaxNode,
        code: str,
        sentence: str,
        fix: str | None = None,
        subject: str | None = None,
        kind: SubjectKind | None = None,
        near: str | None = None,
        **details: object,
    ) -> None:
        """Note what is wrong with a part of the expression.

        ``near`` is the known name that was likely meant instead of ``subject``; the rest is as in ``Finding``.
        """
        place = Place((), "value", node.start, node.end)
        candidates = (near,) if near else ()
        self.faults.append(Finding(code, place, sentence, (), fix, subject, kind, candidates, details=details))

    def is_integer(self, node: SyntaxNode) -> bool:
        """Whether a typed node is a whole number by its type: an integer, or a column of them, a count or a score."""
        if node.op in ("count", "score"):
            return True
        if node.op in ("sum", "min", "max"):
            columns = self.scope.fields[str(node.value)].columns
            return columns[str(node.args[0].value)].kind is Kind.INTEGER
        return node.op in ("field", "column") and self.kind_of(node) is Kind.INTEGER

    def ask_about(self, node: SyntaxNode) -> bool:
        """Whether a typed node has numbers that can be read in two ways, which money or a whole number must not; asks about
        each of them."""
        if node.op == "arithmetic":
            asked = [self.ask_about(part) for part in node.args]
            return any(asked)
        readings = two_readings(str(node.value)) if node.op == node.type == "literal" else None
        if readings is None or self.scope.published:
            return False
        point, thousands = readings
        written = str(node.value)
        self.fault(node, "ambiguous-number", TWO_READINGS, None, written, "value", point=point, thousands=thousands)
        return True

    def has_lost_decimals(self, node: SyntaxNode) -> bool:
        """Whether a node is an amount with decimals of a currency that has none; notes it."""
        amount = node.value
        if not self.scope.whole_money or self.scope.published or node.op != "literal" or not isinstance(amount, Decimal):
            return False
        if amount == amount.to_integral_value():
            return False
        sentence = "{currency} has no decimals, so {subject} is no amount of it: write a whole number"
        self.fault(node, "type-mismatch", sentence, None, str(amount), "value", currency=self.scope.currency)
        return True

    def is_faulty(self, node: SyntaxNode) -> bool:
        """Whether a node is the name of a field or a score whose declaration has a fault of its own."""
        name = str(node.value)
        return node.op == "name" and name not in (self.columns or {}) and name not in CLOCK and self.scope.faulty(name)

    def field_type(self, name: str) -> FieldType | None:
        """The type of a column or field; ``None`` also where it is faulty."""
        if self.columns is not None and name in self.columns:
            return self.columns[name]
        return None if self.scope.faulty(name) else self.scope.fields.get(name)

    def kind_of(self, node: SyntaxNode) -> Kind | None:
        """The kind of the field or column that a node names."""
        kind = self.field_type(str(node.value))
        return kind.kind if kind else None

    def named(self, node: SyntaxNode) -> SyntaxNode | None:
        """The typed node of a name, or a fault."""
        name = str(node.value)
        if self.is_faulty(node) and "." not in name:
            return None
        if name in CLOCK:
            self.clock.add(name)
            return replace(node, op="clock", type=CLOCK[name])
        kind = self.field_type(name)
        if kind is None and name in self.scope.scores:
            return self._score(node, name)
        if kind is None:
            self.unknown(node, name)
            return None
        column = self.columns is not None and name in self.columns
        if column and name in self.scope.fields:
            sentence = '"{subject}" is both a column of the list and a field: rename one of them'
            self.fault(node, "ambiguous-name", sentence, subject=name, kind="field")
            return None
        if column:
            self.cells.add(f"{self.around}.{name}")
        else:
            self.fields.add(name)
        self.personal = self.personal or kind.private
        return replace(node, op="column" if column else "field", type=type_of(kind))

    def _score(self, node: SyntaxNode, name: str) -> SyntaxNode | None:
        rule = self.scope.scores[name]
        if self.scope.scoring:
            sentence = '"{subject}" is a score, and a score cannot read another: repeat its condition here'
            self.fault(node, "expression-syntax", sentence, None, name, "score")
        if rule is None:
            return None
        self.scores[name] = rule
        self.fields |= rule.fields
        self.cells |= rule.cells
        self.actions |= rule.actions
        self.clock |= rule.clock
        self.personal = self.personal or rule.private
        return replace(node, op="score", value=rule, type="number")

    def unknown(self, node: SyntaxNode, name: str) -> None:
        """Note that nothing has this name, or that it is an action's."""
        stage, dot, _ = name.partition(".")
        if name.lower() == ELSE:
            self.fault(node, "misplaced-else", '"else" can only be the whole "when" of a way in `next`')
            return
        if dot and stage != "deal":
            if self.known_action(node, name):
                sentence = '"{subject}" is an action: write "{fix}"'
                self.fault(node, "type-mismatch", sentence, f"{name} is done", name, "action")
            return
        if name.lower() in _SWITCHES:
            sentence = "yes and no are written true and false, in small letters: write {fix}"
            self.fault(node, "unknown-name", sentence, _SWITCHES[name.lower()], name, "value")
            return
        names = [*self.scope.fields, *(self.columns or {}), *self.scope.scores, *CLOCK]
        near = nearest(name, names)
        if near is None and not dot and self._in_another_language(node, name):
            return
        if not dot:
            sentence = 'there is no field "{subject}"{hint}'
        else:
            sentence = 'a deal has no fact "{subject}"' + ("{hint}" if near else " (it has {facts})")
        facts = ", ".join(fact for fact in CLOCK if fact.startswith("deal."))
        self.fault(node, "unknown-name", sentence, near, name, "field", near, facts=facts)

    def _in_another_language(self, node: SyntaxNode, name: str) -> bool:
        """Whether a name is no field but a word for yes, no, today, now or otherwise; says what to write."""
        word = plain(name)
        if word in OTHERWISE:
            sentence = 'there is no field "{subject}"; the way that is open where no other one is has `when: else`'
            self.fault(node, "unknown-name", sentence, None, name, "value")
            return True
        fix = SWITCHES.get(word) or CLOCK_WORDS.get(word)
        if fix is not None:
            sentence = 'there is no field "{subject}"; the word for it here is {fix}: write {fix}'
            self.fault(node, "unknown-name", sentence, fix, name, "value")
        return fix is not None

    def equals_no_text(self, node: SyntaxNode) -> None:
        """Note that a comparison with an empty text asks whether the field is filled in."""
        fix = f"{self.words(node.args[0])} is {'not ' if node.value == '==' else ''}set"
        self.fault(node, "type-mismatch", "a field that is not filled in equals no text: write {fix}", fix)

    def is_of_list(self, node: SyntaxNode) -> bool:
        """Whether a node is a name that begins with that of a list or of a faulty field, as ``lines.price``."""
        name, dot, _ = str(node.value).partition(".")
        if node.op != "name" or not dot or name == "deal" or name in self.scope.actions:
            return False
        kind = self.scope.fields.get(name)
        return self.scope.faulty(name) or (kind is not None and kind.kind is Kind.LIST)

    def is_action(self, node: SyntaxNode) -> bool:
        """Whether a node is the path of an action."""
        stage, _, action = str(node.value).partition(".")
        return node.op == "name" and action in self.scope.actions.get(stage, ())

    def known_action(self, node: SyntaxNode, path: str) -> bool:
        """Whether a path is an action's; notes what is wrong with it where it is none."""
        stage, dot, action = path.partition(".")
        if dot and self.scope.faulty(path):
            return False
        if not dot:
            sentence = '"{subject}" names no action: write stage.action before "is done"'
            self.fault(node, "unknown-name", sentence, None, path, "action")
        elif stage not in self.scope.actions:
            near = nearest(stage, self.scope.actions)
            fix = f"{near}.{action}" if near else None
            self.fault(node, "unknown-stage", 'there is no stage "{subject}"{hint}', fix, stage, "stage", near)
        elif action not in self.scope.actions[stage]:
            near = nearest(action, self.scope.actions[stage])
            sentence = 'stage "{stage}" has no action "{action}"{hint}'
            fix = f"{stage}.{near}" if near else None
            self.fault(node, "unknown-action", sentence, fix, path, "action", near, stage=stage, action=action)
        else:
            return True
        return False


def type_of(kind: FieldType) -> str:
    """What a field of that type is, as far as expressions go."""
    return "options" if kind.many else _TYPES.get(kind.kind, str(kind.kind))
