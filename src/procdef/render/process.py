"""A process drawn in a terminal: its stages as boxes from top to bottom, with arrows for the ways between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from procdef.advice.phrases import joined
from procdef.model import Action, ApproverRow, Criterion, ProcessDefinition, Sla, Stage, Text, Transition
from procdef.render.text_layout import WIDTH, breadth, columns, wrapped
from procdef.scenarios.coverage import Coverage

Row = tuple[str, str]
_LEAST = 48
_FORECASTS = {
    "best_case": "deals here count as the best case",
    "commit": "deals here count as committed",
    "omitted": "deals here are left out",
}
PLAIN = str.maketrans("┌┐└┘├┤│─▼▶◀★■●✗", "++++++|-v><*#ox")
"""For terminals that cannot show boxes."""


class _Drawing(NamedTuple):
    process: ProcessDefinition
    language: str | None
    width: int
    coverage: Coverage | None = None

    def said(self, text: Text) -> str:
        return text.in_language(self.language)

    def titled(self, stage: str) -> str:
        return f"{self.said(self.process.stages[stage].title)} ({stage})"

    def tried(self, source: str, target: str) -> str:
        """That no scenario takes a way, where that is told."""
        return "untried" if self.coverage is not None and not self.coverage.ways.get((source, target)) else ""


def process_text(
    process: ProcessDefinition, language: str | None = None, width: int = WIDTH, coverage: Coverage | None = None
) -> str:
    """The whole drawing, its texts in that language where they are translated, ``width`` columns at most; with what scenarios
    tried of it where that is given."""
    drawing = _Drawing(process, language, max(width, _LEAST), coverage)
    stages = list(process.stages.values())
    lines = [*_head(drawing), ""]
    for number, stage in enumerate(stages):
        below = stages[number + 1].id if number + 1 < len(stages) else None
        lines += [*_box(drawing, stage, number + 1), *_ways(drawing, stage, below)]
    return "\n".join([*lines, *_lost(drawing)])


def _head(drawing: _Drawing) -> Iterator[str]:
    process = drawing.process
    yield f"{drawing.said(process.title)} ({process.name})"
    if process.description:
        yield from wrapped(drawing.said(process.description), drawing.width, "")
    roles = ", ".join(f"{role.id} ({drawing.said(role.title)})" for role in process.roles.values())
    yield from wrapped(f"roles: {roles}", drawing.width, "", "       ")
    for score in process.scores.values():
        points = "; ".join(f"{each.points} when {' '.join(each.when.text.split())}" for each in score.rule.points)
        yield from wrapped(f"score {score.id} ({drawing.said(score.title)}): {points}", drawing.width, "", "       ")
    if drawing.coverage is not None:
        yield f"scenarios try {drawing.coverage.told}"


def _box(drawing: _Drawing, stage: Stage, number: int) -> Iterator[str]:
    inner = drawing.width - 4
    if stage.start:
        yield "  ● start"
    name = f" {number}. {drawing.titled(stage.id)} "
    marks = " ★ won " if stage.wins else ""
    owner = f" {', '.join(stage.owner)} " if stage.owner else ""
    filled = "─" * max(1, inner - 1 - breadth(name) - breadth(marks) - breadth(owner))
    yield f"┌─{name}{filled}{marks}─{owner}─┐" if owner or marks else f"┌─{name}{filled}──┐"
    for line in columns(list(_rows(drawing, stage)), "", inner, 10):
        yield f"│ {line}{' ' * (inner - breadth(line))} │"
    yield f"└{'─' * (drawing.width - 2)}┘"


def _rows(drawing: _Drawing, stage: Stage) -> Iterator[Row]:
    """What stands in the box: labels and what belongs to them."""
    if stage.sla:
        yield "until" if stage.sla.until else "within", _deadline(stage.sla)
    if stage.probability is not None:
        yield "likely", f"{stage.probability} % of the deals here are won"
    if stage.forecast != "pipeline":
        yield "forecast", _FORECASTS[stage.forecast]
    for label, criteria in (("enter if", stage.entry_criteria), ("leave if", stage.exit_criteria)):
        for criterion in criteria.values():
            yield label, _criterion(criterion)
            label = ""
    for label, actions in (("do", stage.required_actions), ("may do", stage.optional_actions)):
        for action in actions.values():
            yield label, f"{drawing.said(action.title)} ({action.id})"
            details = "; ".join(_details(stage, action))
            if details:
                yield "", f"  {details}"
            label = ""
    if drawing.coverage is not None:
        every, missing = drawing.coverage.within(stage.id)
        yield "tried", f"{len(every) - len(missing)} of {len(every)}"
        if missing:
            yield "untried", ", ".join(item.short for item in missing)


def _deadline(sla: Sla) -> str:
    reminders = "a reminder is" if len(sla.remind) == 1 else "reminders are"
    reminder = f", {reminders} due {joined(map(str, sla.remind), 'and')} before" if sla.remind else ""
    after = f" {sla.escalate_after} later" if sla.escalate_after else ""
    escalated = f", then it is due to go to {joined(sla.escalate_to)}{after}" if sla.escalate_to else ""
    return f"{sla.until or sla.within}{reminder}{escalated}"


def _criterion(criterion: Criterion) -> str:
    text = criterion.check.text if criterion.check else f"{joined(criterion.require, 'and')} filled in"
    waived = f"; {joined(criterion.waivable_by)} may waive it" if criterion.waivable_by else ""
    return f"{criterion.id}: {' '.join(text.split())}{waived}"


def _row(row: ApproverRow) -> str:
    """A row of an approval table."""
    times = f", {row.at_least} times" if row.at_least > 1 else ""
    where = f"where {' '.join(row.when.text.split())}" if row.when else "in all other cases"
    return f"by {joined(row.roles)}{times} {where}"


def _details(stage: Stage, action: Action) -> Iterator[str]:
    if action.when:
        yield f"when {' '.join(action.when.text.split())}"
    if action.by and action.by != stage.owner:
        yield f"by {joined(action.by)}"
    if action.table:
        yield "; ".join(map(_row, action.table))
    if action.decision:
        yield "approve or reject"
    if action.four_eyes:
        yield "by a second person"
    if action.at_least > 1:
        yield f"{action.at_least} times"
    if action.needs:
        yield f"after {joined((path.removeprefix(stage.id + '.') for path in action.needs), 'and')}"
    if action.ways:
        yield f"ways: {joined(action.ways)}"
    if action.records:
        yield f"fill in {joined(action.records, 'and')}"
    if action.evidence != "none":
        yield f"with a {action.evidence}"
    if action.milestone:
        yield f"milestone: {action.milestone}"
    if action.valid_for:
        yield f"counts for {action.valid_for}"
    if action.voided_by:
        yield f"again when {joined(action.voided_by)} changes"
    if action.sla:
        yield f"{'until' if action.sla.until else 'within'} {_deadline(action.sla)}"


def _ways(drawing: _Drawing, stage: Stage, below: str | None) -> Iterator[str]:
    """Arrows out of a box; the way to the stage drawn below it comes last and leads there."""
    aside = [("▶ on to", way.target, _way(drawing, stage, way)) for way in stage.next.values() if way.target != below]
    for back in stage.back.values():
        by = f"by {joined(back.by)}" if back.by and back.by != stage.owner else ""
        title = drawing.said(back.title) if back.title else ""
        parts = (title, by, drawing.tried(stage.id, back.target))
        aside.append(("◀ back to", back.target, ", ".join(filter(None, parts))))
    down = stage.next.get(below) if below else None
    for place, (arrow, target, more) in enumerate(aside):
        corner = "└" if down is None and stage.next and place == len(aside) - 1 else "├"
        text = f"{arrow} {drawing.titled(target)}" + (f": {more}" if more else "")
        yield from wrapped(text, drawing.width, f"    {corner}─", "    │   " if corner == "├" else "        ")
    if down is not None:
        yield "    │"
        yield from wrapped("▼ " + _way(drawing, stage, down), drawing.width, "    ", "      ")
    elif not stage.next:
        yield "    ■ the process ends here"
        yield ""
    else:
        yield ""


def _way(drawing: _Drawing, stage: Stage, way: Transition) -> str:
    parts = [drawing.said(way.title)] if way.title else []
    if way.when:
        parts.append(f"when {' '.join(way.when.text.split())}")
    parts += [f"by {joined(way.by)}"] * bool(way.by and way.by != stage.owner)
    parts += ["even if unfinished"] * way.unfinished_allowed
    parts += ["with a reason"] * (way.reason_required or way.unfinished_allowed)
    return ", ".join(filter(None, (*parts, drawing.tried(stage.id, way.target))))


def _lost(drawing: _Drawing) -> Iterator[str]:
    lost = drawing.process.lost
    if lost is None:
        return
    fields = {name: f", with {joined(records, 'and')} filled in" for name, records in lost.records.items()}
    reasons = ", ".join(f"{name} ({drawing.said(title)}{fields.get(name, '')})" for name, title in lost.reasons.items())
    within = f"within {lost.reopen.within}" if lost.reopen and lost.reopen.within else "at any time"
    again = f"; {joined(lost.reopen.by)} may reopen it {within}" if lost.reopen else ""
    yield from wrapped(f"✗ lost, from any stage: {reasons}{again}", drawing.width, "", "  ")
    missing = drawing.coverage.missing if drawing.coverage else ()
    untried = [item.of for item in missing if item.kind in ("losses", "reopenings")]
    if untried:
        yield f"  untried: {', '.join(untried)}"
