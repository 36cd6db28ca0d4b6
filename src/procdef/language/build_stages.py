"""From the ``stages`` of a clean tree to stages with compiled expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from procdef.diagnostics import Finding, Place, Route
from procdef.expression import ELSE, Expression, Points, Scope, Scoring, compile_expression, otherwise
from procdef.language.faulty_parts import Faulty
from procdef.language.value_forms import duration, ids, text, titled
from procdef.language.yaml.tree import Tree
from procdef.model import (
    Action,
    ApproverRow,
    Criterion,
    Material,
    Objection,
    Playbook,
    Return,
    Score,
    Side,
    Sla,
    Stage,
    Text,
    Transition,
)

Raw = Mapping[str, Any]


class StageBuilder:
    """Builds scores and stages, and collects in ``findings`` what is wrong inside their expressions.

    ``uncompiled`` are the routes of the expressions that are faulty, or that read something faulty.
    """

    def __init__(self, tree: Tree, language: str, scope: Scope, faulty: Faulty) -> None:
        self.findings: list[Finding] = []
        self.uncompiled: set[Route] = set()
        self._faulty = faulty
        self._tree = tree
        self._language = language
        self._scope = scope

    def scores(self, raw: Raw) -> dict[str, Score]:
        """The scores of a process. They come before the stages: from then on expressions may name them."""
        self._scope = replace(self._scope, scores=dict.fromkeys(raw), scoring=True)
        built = {name: self._score(name, spec) for name, spec in raw.items()}
        sound = {name: score.rule for name, score in built.items() if len(score.rule.points) == len(raw[name]["points"])}
        self._scope = replace(self._scope, scores={name: sound.get(name) for name in raw}, scoring=False)
        return built

    def _score(self, name: str, raw: Raw) -> Score:
        points = []
        for each, spec in raw["points"].items():
            when = self._expression(spec["when"], "scores", name, "points", each, "when")
            if when is not None:
                points.append(Points(each, when, spec["points"]))
        titles = {each: text(spec["title"], self._language) for each, spec in raw["points"].items() if "title" in spec}
        rule = Scoring(name, tuple(points))
        return Score(name, text(raw["title"], self._language), rule, titles, self._tree.line("scores", name))

    def stage(self, name: str, raw: Raw) -> Stage:
        """One stage from its entry in ``stages``."""
        probability = raw.get("probability")
        return Stage(
            id=name,
            title=text(raw["title"], self._language),
            owner=ids(raw.get("owner")),
            start=raw.get("start", False),
            probability=None if probability is None else Decimal(probability),
            forecast=raw.get("forecast", "pipeline"),
            sla=_sla(raw["sla"]) if "sla" in raw else None,
            entry_criteria=self._criteria(name, raw, "entry"),
            exit_criteria=self._criteria(name, raw, "exit"),
            required_actions=self._actions(name, raw, "required_actions"),
            optional_actions=self._actions(name, raw, "optional_actions"),
            next=self._next(name, _ways(raw.get("next"))),
            back={to: self._return(name, to, spec) for to, spec in _ways(raw.get("back")).items()},
            wins=raw.get("outcome") == "won",
            playbook=self._playbook(raw["playbook"]) if "playbook" in raw else None,
            line=self._tree.line("stages", name),
        )

    def _text(self, raw: Raw, key: str) -> Text | None:
        return text(raw[key], self._language) if key in raw else None

    def _expression(self, written: str | None, *route: str | int) -> Expression | None:
        if written is None:
            return None
        compiled = compile_expression(written, self._scope)
        if compiled.expression is None:
            self.uncompiled.add(route)
        if not self._faulty.touches(route):
            self.findings += (replace(fault, place=replace(fault.place, route=route)) for fault in compiled.faults)
        return compiled.expression

    def _criteria(self, stage: str, raw: Raw, side: Side) -> dict[str, Criterion]:
        key = f"{side}_criteria"
        return {name: self._criterion(stage, side, key, name, spec) for name, spec in raw.get(key, {}).items()}

    def _criterion(self, stage: str, side: Side, key: str, name: str, raw: Any) -> Criterion:
        route = ("stages", stage, key, name)
        if not isinstance(raw, dict):
            check = self._expression(raw, *route)
            return Criterion(name, stage, side, check, line=self._tree.line(*route))
        return Criterion(
            id=name,
            stage=stage,
            side=side,
            check=self._expression(raw.get("check"), *route, "check"),
            require=ids(raw.get("require")),
            message=self._text(raw, "message"),
            fix=self._text(raw, "fix"),
            waivable_by=ids(raw.get("waivable_by")),
            line=self._tree.line(*route),
        )

    def _actions(self, stage: str, raw: Raw, key: str) -> dict[str, Action]:
        return {name: self._action(stage, key, name, spec) for name, spec in raw.get(key, {}).items()}

    def _action(self, stage: str, key: str, name: str, raw: Raw) -> Action:
        route = ("stages", stage, key, name)
        table = self._table(raw.get("by"), *route, "by")
        return Action(
            id=name,
            stage=stage,
            title=text(raw["title"], self._language),
            required=key == "required_actions",
            by=() if table else ids(raw.get("by")),
            when=self._expression(raw.get("when"), *route, "when"),
            ways=titled(raw.get("ways", {}), self._language),
            records=ids(raw.get("records")),
            evidence=raw.get("evidence", "none"),
            milestone=raw.get("milestone"),
            decision=raw.get("decision", False),
            four_eyes=raw.get("four_eyes", False),
            voided_by=ids(raw.get("voided_by")),
            needs=tuple(need if "." in need else f"{stage}.{need}" for need in ids(raw.get("needs"))),
            at_least=raw.get("at_least", 1),
            valid_for=duration(raw["valid_for"]) if "valid_for" in raw else None,
            sla=_sla(raw["sla"]) if "sla" in raw else None,
            table=table,
            guide=self._text(raw, "guide"),
            line=self._tree.line(*route),
        )

    def _table(self, raw: Any, *route: str) -> tuple[ApproverRow, ...]:
        """The rows of an approval table; none where ``by`` names roles."""
        rows = [(place, row) for place, row in enumerate(raw) if isinstance(row, dict)] if isinstance(raw, list) else []
        return tuple(
            ApproverRow(
                self._when_of_row(row.get("when"), *route, place, "when"),
                ids(row.get("roles")),
                row.get("at_least", 1),
                self._tree.line(*route, place),
            )
            for place, row in rows
        )

    def _when_of_row(self, written: str | None, *route: str | int) -> Expression | None:
        if written is None or written.strip().lower() != ELSE:
            return self._expression(written, *route)
        sentence = "the last row of a table holds where no other does: leave `when` out of it"
        self.uncompiled.add(route)
        self.findings.append(Finding("misplaced-else", Place(route), sentence, subject=written.strip(), kind="value"))
        return None

    def _next(self, stage: str, raw: Mapping[str, Raw]) -> dict[str, Transition]:
        rest = [to for to, spec in raw.items() if spec.get("when", "").strip().lower() == ELSE]
        for to in rest:
            self._check_else(raw[to]["when"], "stages", stage, "next", to, "when")
        ways = {
            to: self._transition(stage, to, {**spec, "when": None} if to in rest else spec) for to, spec in raw.items()
        }
        asked = {to: way.when for to, way in ways.items() if way.when is not None}
        return {to: replace(way, when=otherwise(asked)) if to in rest else way for to, way in ways.items()}

    def _check_else(self, written: str, *route: str) -> None:
        """Note an ``else`` in other letters than small ones, which is meant as one all the same."""
        if written.strip() != ELSE:
            start = len(written) - len(written.lstrip())
            place = Place(route, "value", start, start + len(ELSE))
            self.uncompiled.add(route)
            self.findings.append(Finding("expression-syntax", place, "write else in small letters", (), ELSE))

    def _transition(self, stage: str, target: str, raw: Raw) -> Transition:
        route = ("stages", stage, "next", target)
        allowed = raw.get("unfinished") == "allowed"
        return Transition(
            target=target,
            title=self._text(raw, "title"),
            when=self._expression(raw.get("when"), *route, "when"),
            by=ids(raw.get("by")),
            reason_required=allowed or raw.get("reason") == "required",
            unfinished_allowed=allowed,
            line=self._tree.line(*route) or self._tree.line("stages", stage, "next"),
        )

    def _return(self, stage: str, target: str, raw: Raw) -> Return:
        line = self._tree.line("stages", stage, "back", target) or self._tree.line("stages", stage, "back")
        return Return(target, self._text(raw, "title"), ids(raw.get("by")), line)

    def _playbook(self, raw: Raw) -> Playbook:
        objections = {
            name: Objection(text(spec["concern"], self._language), self._text(spec, "answer"))
            for name, spec in raw.get("objections", {}).items()
        }
        materials = {
            name: Material(text(spec["title"], self._language), spec["url"])
            for name, spec in raw.get("materials", {}).items()
        }
        questions = tuple(text(question, self._language) for question in raw.get("questions", ()))
        return Playbook(self._text(raw, "goal"), self._text(raw, "guide"), questions, objections, materials)


def _sla(raw: Raw) -> Sla:
    remind = tuple(duration(before) for before in ids(raw.get("remind")))
    return Sla(
        within=duration(raw["within"]) if "within" in raw else None,
        until=raw.get("until"),
        remind=remind,
        escalate_to=ids(raw.get("escalate_to")),
        escalate_after=duration(raw["escalate_after"]) if "escalate_after" in raw else None,
    )


def _ways(raw: Any) -> dict[str, Raw]:
    """``next`` or ``back``: one id, a list of ids, or a mapping whose entries may be empty."""
    if isinstance(raw, dict):
        return {name: spec or {} for name, spec in raw.items()}
    return {name: {} for name in ids(raw)}
