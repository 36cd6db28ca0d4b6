"""The screen a seller lives in: where a deal stands, what is done, what is missing for each way on, and who can help."""

from __future__ import annotations

import shlex
from typing import Any

from procdef.engine import Options
from procdef.engine.options import Todo, Way
from procdef.model import Playbook
from procdef.render.refusal import item_json, item_lines

_MARKS = {"done": "[x]", "open": "[ ]", "unknown": "[?]", "not_applicable": "[-]"}


def status_text(options: Options, language: str | None = None) -> str:
    """The whole screen."""
    deal, definition = options.deal, options.definition
    stage = definition.stages[deal.stage]
    lines = [
        f"{deal.name}  {definition.title.in_language(language)} ({definition.name})",
        f"stage: {stage.title.in_language(language)} ({stage.id}), since {_day(deal.entered)}"
        + (f", due {_day(deal.due)}" if deal.due else ""),
        f"outcome: {deal.outcome}{' (' + deal.reason + ')' if deal.reason else ''}, owner: {deal.owner}",
    ]
    if options.todo:
        lines += ["", "actions:", *(_todo(deal.name, todo, language) for todo in options.todo)]
    for way in options.ways:
        lines += ["", *_way(deal.name, way)]
    if deal.waivers:
        lines += ["", "waived: " + ", ".join(waiver.criterion for waiver in deal.waivers)]
    if deal.values:
        lines += ["", "values:", *(f"  {name}: {_shown(value)}" for name, value in deal.values.items())]
    return "\n".join(lines + _guidance(stage.playbook, language))


def status_json(options: Options) -> dict[str, Any]:
    """The same as data: ``{deal, process, version, stage, outcome, owner, entered, due, values, actions, ways}``."""
    deal = options.deal
    return {
        "deal": deal.name, "process": deal.process, "version": deal.version, "stage": deal.stage,
        "mode": deal.mode, "outcome": deal.outcome, "owner": deal.owner, "entered": deal.entered, "due": deal.due,
        "values": dict(deal.values), "waived": [waiver.criterion for waiver in deal.waivers],
        "actions": [
            {"action": todo.action.id, "status": todo.status, "required": todo.action.required, "who": list(todo.who)}
            for todo in options.todo
        ],
        "ways": [
            {"move": way.move, "to": way.target, "open": way.open, "unmet": [item_json(item) for item in way.unmet]}
            for way in options.ways
        ],
    }  # fmt: skip


def _todo(deal: str, todo: Todo, language: str | None) -> str:
    action = todo.action
    count = f" ({todo.times} of {action.at_least})" if action.at_least > 1 else ""
    tail = "" if action.required else " (optional)"
    if todo.rejected_by:
        tail += f" (rejected by {todo.rejected_by})"
    line = f"  {_MARKS[todo.status]} {action.id}: {action.title.in_language(language)}{count}{tail}"
    if todo.status != "open":
        return line
    parts = ["procdef do", shlex.quote(deal), action.id, *(f"{name}=..." for name in action.records)]
    parts += ["--way ..."] * bool(action.ways) + ["--approve"] * action.decision
    parts += ["--evidence ..."] * (action.evidence != "none")
    return f"{line}\n        {' or '.join(todo.who)}: {' '.join(parts)}"


def _way(deal: str, way: Way) -> list[str]:
    name = f"{way.move} to {way.target}" if way.target else way.move
    command = " ".join(part for part in ("procdef", way.move, shlex.quote(deal), way.target or "") if part)
    if way.open:
        return [f"{name}: open", f"    {command}" + (" --reason ..." if way.move == "back" else "")]
    return [f"{name}: missing", *(line for item in way.unmet for line in item_lines(item))]


def _guidance(playbook: Playbook | None, language: str | None) -> list[str]:
    if playbook is None:
        return []
    lines = ["", f"goal: {playbook.goal.in_language(language)}"] if playbook.goal else []
    if playbook.guide:
        lines += ["", playbook.guide.in_language(language).rstrip()]
    if playbook.questions:
        lines += ["", "ask:", *(f"  - {question.in_language(language)}" for question in playbook.questions)]
    for name, objection in playbook.objections.items():
        answer = f"\n      {objection.answer.in_language(language)}" if objection.answer else ""
        lines += ["", f"  {name}: {objection.concern.in_language(language)}{answer}"]
    lines += [f"  {each.title.in_language(language)}: {each.url}" for each in playbook.materials.values()]
    return lines


def _day(moment: str) -> str:
    return moment[:16].replace("T", " ") + " UTC"


def _shown(value: Any) -> str:
    return f"{len(value)} rows" if isinstance(value, list) else str(value)
