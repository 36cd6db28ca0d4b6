"""``procdef simulate``."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import click

from procdef.cli.completion import complete_process
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress

if TYPE_CHECKING:
    from procdef.model import ProcessDefinition


@click.command("simulate")
@click.argument("process", shell_complete=complete_process)
@click.option("--deals", type=int, metavar="N", help="Let N deals come in, and live to their ends.")
@click.option("--months", type=int, metavar="M", help="Count M months (12).")
@click.option("--runs", type=int, default=20, metavar="R", help="How many runs the ranges are over (20).")
@click.option("--seed", type=int, default=0, metavar="S", help="A whole number: the same one gives the same runs (0).")
@click.option("--start", metavar="YYYY-MM", default="2026-01", help="The first month that counts (2026-01).")
@click.option("--warm-up", type=int, metavar="M", help="Months before that, which do not count (6; with --deals 0).")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@shared("text", "json")
def command(
    process: str,
    deals: int | None,
    months: int | None,
    runs: int,
    seed: int,
    start: str,
    warm_up: int | None,
    as_json: bool,
) -> None:
    """What PROCESS would come to: deals live through it by chance, worked on by people who have only so many hours."""
    from procdef.cli.named_process import named_process
    from procdef.simulation.assumptions.defaults import defaults
    from procdef.simulation.simulate import Plan, simulated

    now = settings()
    definition = named_process(process, now).definition()
    plan = Plan(deals, months, runs, seed, _month(start), warm_up)
    over = [0]

    def told(run: int) -> None:
        over[0] = run

    with progress("simulating", now, lambda: over[0], runs):
        found = simulated(definition, defaults(definition).assumptions, plan, progress=told)
    if as_json or now.json:
        echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    from procdef.render.simulation import simulation_text

    now.show(simulation_text(found, _titles(definition, now.lang), "taken from the process itself", now.width))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise click.UsageError(f"--start takes a month as 2026-01, not {text!r}") from None


def _titles(definition: ProcessDefinition, lang: str | None) -> dict[str, str]:
    named = {
        **{name: role.title for name, role in definition.roles.items()},
        **{name: stage.title for name, stage in definition.stages.items()},
        **{path: action.title for path, action in definition.actions.items()},
        **{path: each.message for path, each in definition.criteria.items() if each.message is not None},
    }
    return {name: title.in_language(lang) for name, title in named.items()}
