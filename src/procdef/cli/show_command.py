"""``procdef show``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from procdef.cli.settings import settings, shared
from procdef.model import ProcessDefinition, Stage


@click.command("show")
@click.argument("file", type=click.Path())
@shared()
def command(file: str) -> None:
    """Draw the process of FILE: its stages, ways, actions and criteria."""
    from procdef.language import load

    now = settings()
    definition = load(Path(file))
    if now.json:
        stages = [_as_json(stage) for stage in definition.stages.values()]
        click.echo(json.dumps({"process": definition.id, "version": definition.version, "stages": stages}))
    else:
        click.echo(_as_text(definition, now.lang))


def _as_text(definition: ProcessDefinition, language: str | None) -> str:
    lines = [f"{definition.title.in_language(language)} ({definition.name})"]
    for stage in definition.stages.values():
        marks = ["start"] * stage.start + ["won"] * stage.wins
        owner = f"  {', '.join(stage.owner)}" if stage.owner else ""
        name = stage.title.in_language(language)
        lines += ["", f"{name} ({stage.id}){' [' + ', '.join(marks) + ']' if marks else ''}{owner}"]
        for side, criteria in (("enter if", stage.entry_criteria), ("leave if", stage.exit_criteria)):
            for each in criteria.values():
                text = each.check.text if each.check else f"filled: {', '.join(each.require)}"
                lines.append(f"  {side} {each.id}: {text}")
        for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
            when = f" when {action.when.text}" if action.when else ""
            tail = "" if action.required else " (optional)"
            lines.append(f"  {action.id}: {action.title.in_language(language)}{when}{tail}")
        lines += [f"  -> {way.target}{' when ' + way.when.text if way.when else ''}" for way in stage.next.values()]
        lines += [f"  <- {way.target}" for way in stage.back.values()]
    return "\n".join(lines)


def _as_json(stage: Stage) -> dict[str, object]:
    return {
        "stage": stage.id, "owner": list(stage.owner), "start": stage.start, "wins": stage.wins,
        "entry_criteria": list(stage.entry_criteria), "exit_criteria": list(stage.exit_criteria),
        "required_actions": list(stage.required_actions), "optional_actions": list(stage.optional_actions),
        "next": list(stage.next), "back": list(stage.back),
    }  # fmt: skip
