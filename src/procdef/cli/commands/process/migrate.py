"""``procdef migrate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.acting import writing
from procdef.cli.completion import complete_any_stage, complete_deal, complete_process
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.cli.typed_input import one, stage_titles
from procdef.cli.wrong_kind import refuse_other_kind

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.engine.migrating import MigrationRun
    from procdef.language.plans import Plan
    from procdef.render.migration import MigrationTally
    from procdef.store.queries import Deals


@click.command("migrate")
@click.argument("process", shell_complete=complete_process)
@click.option("--to", type=click.IntRange(1), metavar="VERSION", help="The version to go over to; else that of the plan.")
@click.option("--from", "versions", type=click.IntRange(1), multiple=True, metavar="VERSION",
              help="Deals of this version only; repeat it for several.")  # fmt: skip
@click.option("--plan", type=click.Path(), metavar="FILE", help="What becomes of stages, fields and actions that are gone.")
@click.option("--deal", "deals", multiple=True, help="This deal only; repeat it for several.", shell_complete=complete_deal)
@click.option("--stage", help="Deals in this stage only.", shell_complete=complete_any_stage)
@click.option("--owner", help="Deals of this owner only.")
@click.option("--outcome", type=click.Choice(("open", "won")), help="Deals with this outcome only.")
@click.option("--stalled", is_flag=True, help="Open deals past the due time of their stage only.")
@click.option("--apply", is_flag=True, help="Do it; without this it is only told.")
@click.option("--reason", metavar="TEXT", help="Why, for the log of each deal.")
@shared()
def command(
    process: str, to: int | None, versions: tuple[int, ...], plan: str | None, deals: tuple[str, ...], apply: bool,
    reason: str | None, **given: Any,
) -> None:  # fmt: skip
    """Take open deals of PROCESS over to another of its published versions; without --apply only say what that would be.

    What has the same id in both versions keeps it; a plan says what becomes of the rest. Deals that are lost or finished are
    left alone, and so are those that are there already: after an interruption the same command goes on. Exit 1 where a deal
    has to stay.
    """
    from procdef.language.file_kinds import PLAN
    from procdef.language.plans import load_plan

    now = settings()
    if plan is not None:
        refuse_other_kind(Path(plan), plan, PLAN)
    meant = None if plan is None else load_plan(plan)
    if to is None and meant is None:
        raise click.UsageError("say which version the deals go over to: --to VERSION, or a plan")
    target = to if to is not None else meant.to if meant is not None else 0
    engine = now.engine()
    run = engine.migrate(
        process, to=target, by=writing(now, engine), versions=versions or None, plan=meant,
        deals=_asked(engine, process, deals, **given), apply=apply, reason=reason,
    )  # fmt: skip
    _tell(now, engine, process, run, apply, meant)


def _asked(
    engine: Engine, process: str, deals: tuple[str, ...], stage: str | None, stalled: bool, owner: str | None,
    outcome: str | None,
) -> Deals | tuple[str, ...] | None:  # fmt: skip
    from procdef.engine import utc_now
    from procdef.log.event import timestamp
    from procdef.store.queries import Deals

    given = {"stage": stage, "owner": owner, "outcome": outcome, "stalled": stalled}
    filters = [name for name, value in given.items() if value]
    if deals:
        if filters:
            raise click.UsageError(f"--deal names the deals, so --{filters[0]} has nothing to choose from; leave one out")
        return deals
    titles = stage_titles(each for each in engine.definitions() if each.id == process)
    stage = None if stage is None else one(stage, titles)
    return Deals(process, stage, owner, outcome, overdue=timestamp(utc_now()) if stalled else None) if filters else None


def _tell(now: Settings, engine: Engine, process: str, run: MigrationRun, apply: bool, plan: Plan | None) -> None:
    from procdef.render.migration import MigrationTally

    tallies: dict[int, MigrationTally] = {}
    seen = [0]
    with progress("deals", now, lambda: seen[0]) as bar:
        try:
            for found in run:
                seen[0] += 1
                tallies.setdefault(found.version, MigrationTally()).count(found)
                if now.json:
                    with bar.aside():
                        echo(json.dumps({"kind": "deal", **found.as_dict()}, ensure_ascii=False))
        except BaseException:
            if apply and seen[0] and not now.quiet:
                done = sum(tally.deals["migrated"] for tally in tallies.values())
                now.show(f"{done} deals went over; the same command goes on with the others", err=True)
            raise
    if now.json:
        echo(json.dumps(_summary(process, run, apply, tallies)))
    else:
        _show(now, engine, process, run, apply, tallies, plan)
    if any(tally.deals["refused"] or tally.deals["error"] for tally in tallies.values()):
        raise click.exceptions.Exit(1)


def _summary(process: str, run: MigrationRun, apply: bool, tallies: dict[int, MigrationTally]) -> dict[str, Any]:
    totals = {name: sum(tally.deals[name] for tally in tallies.values()) for name in ("moves", "migrated", "refused", "error")}
    return {
        "kind": "summary",
        "process": process,
        "to": run.to,
        "plan": run.plan,
        "applied": apply,
        **totals,
        "left_alone": run.left_alone,
        "already": run.already,
    }


def _show(
    now: Settings, engine: Engine, process: str, run: MigrationRun, apply: bool, tallies: dict[int, MigrationTally],
    plan: Plan | None,
) -> None:  # fmt: skip
    from procdef.render.migration import migration_text

    versions = {version: engine.definition(process, version) for version in tallies}
    for line in migration_text(tallies, versions, engine.definition(process, run.to), apply, now.lang, now.width):
        now.show(line)
    if not tallies:
        now.say("no such deals")
    if run.left_alone:
        now.say(f"left alone: {run.left_alone} lost or finished")
    if run.already:
        now.say(f"in version {run.to} already: {run.already}")
    if plan is not None:
        now.say(f"plan {run.plan}")
    if tallies and not apply:
        open_questions = any(tally.groups["answers"] for tally in tallies.values())
        now.say("nothing was written; " + ("a plan has to answer this first" if open_questions else "--apply does it"))
