"""``procdef simulate``."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.completion import complete_process
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.cli.wrong_kind import refuse_other_kind

if TYPE_CHECKING:
    from procdef.model import ProcessDefinition
    from procdef.simulation.assumptions.explained import Explained
    from procdef.simulation.assumptions.model import Assumptions
    from procdef.simulation.results import Compared, Simulated
    from procdef.simulation.simulate import Simulation, SimulationPlan
    from procdef.simulation.source import Source
    from procdef.simulation.what_if import Setting


@click.command("simulate")
@click.argument("process", shell_complete=complete_process)
@click.option("--deals", type=int, metavar="N", help="Let N deals come in, and live to their ends.")
@click.option("--months", type=int, metavar="M", help="Count M months (12).")
@click.option("--runs", type=int, default=20, metavar="R", help="How many runs the ranges are over (20).")
@click.option("--seed", type=int, default=0, metavar="S", help="A whole number: the same one gives the same runs (0).")
@click.option("--start", metavar="YYYY-MM", default="2026-01", help="The first month that counts (2026-01).")
@click.option("--warm-up", type=int, metavar="M", help="Months before that, which do not count (6; with --deals 0).")
@click.option("--assume", type=click.Path(path_type=Path), metavar="FILE", help="What is assumed, instead of defaults.")
@click.option("--from", "log", metavar="DB", help="Assume what the log in DB shows: a file, or a URL.")
@click.option(
    "--write-assumptions",
    "noted",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what is assumed to a new file.",
)
@click.option(
    "--set", "sets", multiple=True, metavar="PLACE=VALUE", help="What if: as people.manager=2. May be repeated."
)
@click.option(
    "--compare", "other", metavar="OTHER", help="Set beside it OTHER, or PROCESS again, with what --set says."
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DB", help="Keep the log of the first run in a new file."
)
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="OUT.html", help="Write it as a page, with charts."
)
@click.option("--force", is_flag=True, help="Replace the page where there is one.")
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
    assume: Path | None,
    log: str | None,
    noted: Path | None,
    sets: tuple[str, ...],
    other: str | None,
    out: Path | None,
    page: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """What PROCESS would come to: deals live through it by chance, worked on by people who have only so many hours.

    PROCESS is a file, a published process (`id`, `id@version`) or a shipped one. Each step is judged by the engine. What is
    assumed stands in FILE, or comes from the process itself.
    """
    from procdef.cli.named_process import named_process
    from procdef.simulation.results import Compared
    from procdef.simulation.simulate import Simulation, SimulationPlan
    from procdef.simulation.source import Source
    from procdef.simulation.what_if import setting

    now = settings()
    if page is None and force:
        raise click.UsageError("--force replaces a page: name it with --html")
    if other is not None and out is not None:
        raise click.UsageError("--out keeps the log of one process; leave out --compare")
    definition = named_process(process, now).definition()
    now.understood(definition.languages)
    plan = SimulationPlan(deals, months, runs, seed, _month(start), warm_up)
    changes = [setting(each) for each in sets]
    if assume is not None and log is not None:
        raise click.UsageError("--assume and --from both say what is assumed; leave one out")
    known = _assumptions(definition, assume, log)
    if noted is not None:
        _note(noted, definition, process, known, now)
    assumed, second = known.assumptions, definition
    if other is None:
        simulation = _what_if(definition, assumed, definition, plan, changes)
        found: Simulated | Compared = _simulated(simulation, out, now)
    else:
        simulation = Simulation(definition, assumed, plan)
        second = named_process(other, now).definition() if other != process else definition
        found = _compared(simulation, _what_if(definition, assumed, second, plan, changes), now)
    beside = second.name if isinstance(found, Compared) else None
    source = (
        Source("file", str(assume), sets, beside)
        if assume is not None
        else Source("log", log, sets, beside)
        if log is not None
        else Source("process", "", sets, beside)
    )
    told = source.text
    if page is not None:
        _write(page, found, simulation.definition, source, now, force, " ".join(("procdef simulate", process)))
    if as_json or now.json:
        echo(json.dumps({**found.as_dict(), "assumptions": told}, ensure_ascii=False))
    elif page is None:
        _show(found, simulation.definition, told, now)


def _assumptions(definition: ProcessDefinition, assume: Path | None, log: str | None) -> Explained:
    from procdef.language.file_kinds import ASSUMPTIONS
    from procdef.simulation.assumptions.defaults import defaults
    from procdef.simulation.assumptions.explained import Explained
    from procdef.simulation.assumptions.fitting.fitted import fitted
    from procdef.simulation.what_if import file_assumptions

    if assume is not None:
        refuse_other_kind(assume, str(assume), ASSUMPTIONS)
        return Explained(file_assumptions(definition, assume))
    if log is None:
        return defaults(definition)
    from procdef.engine import Engine
    from procdef.store import open_store

    with open_store(log, read_only=True) as store:
        return fitted(Engine(store), definition)


def _note(file: Path, definition: ProcessDefinition, process: str, known: Explained, now: Settings) -> None:
    from procdef.simulation.assumptions.writing import written_assumptions
    from procdef.whole_file import write_whole

    path = Path(process)
    named = os.path.relpath(path, file.parent) if path.exists() else f"{definition.id}.yaml"
    write_whole(file, written_assumptions(definition, named, known).encode(), "assumptions")
    if not now.quiet:
        now.show(f"wrote {file}", err=True)


def _what_if(
    first: ProcessDefinition, assumed: Assumptions, second: ProcessDefinition, plan: SimulationPlan, changes: list[Setting]
) -> Simulation:
    """The second process, of which the same is assumed as of the first, with some settings changed."""
    from procdef.simulation.simulate import Simulation
    from procdef.simulation.what_if import carried_over, changed_assumptions, changed_process

    changed = changed_process(second, changes)
    return Simulation(changed, changed_assumptions(changed, carried_over(first, assumed, changed), changes), plan)


def _simulated(simulation: Simulation, out: Path | None, now: Settings) -> Simulated:
    from procdef.simulation.kept_log import kept_log, place_of

    keeping = None
    if out is not None:
        place_of(out)  # rather than after the first run
        keeping = kept_log(out, simulation.log(1))
    with progress("simulating", now, lambda: len(simulation.runs), simulation.plan.runs):
        return simulation.whole(keeping)


def _compared(first: Simulation, second: Simulation, now: Settings) -> Compared:
    from procdef.simulation.simulate import compared

    with progress("simulating both", now, lambda: len(second.runs), first.plan.runs):
        return compared(first, second)


def _show(found: Simulated | Compared, definition: ProcessDefinition, assumed: str, now: Settings) -> None:
    from procdef.render.simulation import simulation_text
    from procdef.render.simulation_compared import comparison_text
    from procdef.simulation.results import Simulated

    if isinstance(found, Simulated):
        now.show(simulation_text(found, titles(definition, now.lang), assumed, now.width))
    else:
        now.show(comparison_text(found, assumed, now.width))


def _write(
    place: Path,
    found: Simulated | Compared,
    definition: ProcessDefinition,
    assumed: Source,
    now: Settings,
    force: bool,
    line: str,
) -> None:
    from procdef.pages.simulation import simulation_page
    from procdef.whole_file import write_whole

    page = simulation_page(found, definition, assumed, titles(definition, now.lang), command=line, language=now.lang)
    write_whole(place, page.encode(), "page", force=force)
    now.say(f"wrote {place}")


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise click.UsageError(f"--start takes a month as 2026-01, not {text!r}") from None


def titles(definition: ProcessDefinition, lang: str | None) -> dict[str, str]:
    """What people call roles, stages, actions and criteria."""
    named = {
        **{name: role.title for name, role in definition.roles.items()},
        **{name: stage.title for name, stage in definition.stages.items()},
        **{path: action.title for path, action in definition.actions.items()},
        **{path: each.message for path, each in definition.criteria.items() if each.message is not None},
    }
    return {name: title.in_language(lang) for name, title in named.items()}
