"""``procdef run``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.acting import writing
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.cli.steps_file import StepsFile, stoppable
from procdef.cli.wrong_kind import refuse_other_kind

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.model import ProcessDefinition
    from procdef.results.step_result import StepResult


@click.command("run")
@click.argument("process", type=click.Path())
@click.argument("steps", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--keep-going", is_flag=True, help="Count refusals and errors, and go on.")
@click.option("--superseded", is_flag=True, help="Take PROCESS though a later version of it is published.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@shared()
def command(process: str, steps: str, keep_going: bool, superseded: bool, dry_run: bool) -> None:
    """Publish PROCESS, then play the file STEPS (`-` is the standard input); repeating a run applies nothing twice.

    Where there is no such file, PROCESS may be the id of a published process (`id`, `id@version`) or of a shipped one.
    Ctrl-C ends the run after the steps at hand; a second one drops those.
    """
    from procdef.cli.named_process import named_process

    now = settings()
    definition = named_process(process, now).definition()
    refuse_other_kind(Path(steps), steps, None)
    file = StepsFile(Path(steps))
    counts: Counter[str] = Counter()
    deals: set[str] = set()
    try:
        with stoppable(file), now.desk(dry_run=dry_run) as engine, progress(steps, now, file.place, file.size or None):
            _refuse_superseded(engine, definition, superseded)
            played = engine.run(definition, file, by=writing(now, engine), keep_going=keep_going, superseded=superseded)
            for result in played:
                _count(result, f"{steps}:{file.lines.popleft()}", counts, deals, now)
    except BaseException:
        if counts["steps"]:
            _summary(counts, deals, now, dry_run)
        raise
    _summary(counts, deals, now, dry_run)
    if file.stopped:
        raise KeyboardInterrupt
    if counts["refused"] or counts["error"]:
        raise click.exceptions.Exit(1)


def _refuse_superseded(engine: Engine, definition: ProcessDefinition, meant: bool) -> None:
    newest = max((each.version for each in engine.definitions() if each.id == definition.id), default=0)
    if newest > definition.version and not meant:
        raise click.UsageError(
            f"{definition.name} is superseded, v{newest} is published, and new deals start under that; run it, or say "
            "--superseded where the earlier version is meant, which `audit overrides` tells of"
        )


def _count(result: StepResult, place: str, counts: Counter[str], deals: set[str], now: Settings) -> None:
    counts["steps"] += 1
    counts[result.status] += 1
    if result.deal and result.status in ("applied", "repeated"):
        deals.add(result.deal)
    if result.status in ("refused", "error") and not now.quiet:
        echo(f"{place}: {result.status}: {result.message}", err=True)


def _summary(counts: Counter[str], deals: set[str], now: Settings, dry_run: bool) -> None:
    shown = {
        "steps": counts["steps"], "applied": counts["applied"], "refused": counts["refused"],
        "repeated": counts["repeated"], "errors": counts["error"], "deals": len(deals),
    }  # fmt: skip
    if now.json:
        echo(json.dumps(shown | ({"dry_run": True} if dry_run else {})))
    else:
        tried = " (tried only, nothing was stored)" if dry_run else ""
        echo(", ".join(f"{name}: {number}" for name, number in shown.items()) + tried)
