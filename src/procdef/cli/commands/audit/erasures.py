"""``procdef audit erasures``, ``purge`` and ``reapply-erasures``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.acting import writing
from procdef.cli.audit_output import hand_over, sealed_log
from procdef.cli.commands.personal_data.erase import Left, tell, written_anew
from procdef.cli.erasure_list import ErasureList, begun_beside, lines, log_of, written
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.period_options import period

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.provenance import Period
    from procdef.store import Leaf


@click.command("erasures")
@period
@click.option("--list", "listed", type=click.Path(path_type=Path), help="Add to this list of `erase` what it lacks of them.")
@shared()
def erasures(within: Period, listed: Path | None) -> None:
    """What was erased, when, by whom and on what basis, and whether the files were written anew since."""
    from procdef.audit.erasures import COUNTED
    from procdef.audit.erasures import erasures as found
    from procdef.provenance import Provenance
    from procdef.render.erasures import erased_text

    now, counts = settings(), Counter[str]()
    if listed is not None:
        _complete(now, listed, within)
    with sealed_log(now) as tx:
        sheet = Provenance(tx, "erasures", within.shown)
        rows = found(tx, within, counts)
        hand_over(now, sheet, rows, erased_text, lambda: {name: counts[name] for name in COUNTED})


def _complete(now: Settings, listed: Path, within: Period) -> None:
    """Complete a list from the log; on stderr, as the rows go to stdout."""
    engine = now.engine()
    listing = ErasureList(listed)
    begun = listing.settle(engine)
    added = listing.complete(engine, (found for found in engine.erasures() if within.holds(found.at)))
    if not now.quiet:
        now.show(f"{added} value{'s' * (added != 1)} added to {listed}" if added else f"{listed} lacks nothing", err=True)
    for line in begun:
        count = len(line.leaves)
        now.show(
            f"not erased in this log: {count} value{'s' * (count != 1)}, basis {line.basis}, whose erasure was begun and is "
            f"noted beside the list; `procdef audit reapply-erasures {listed}` erases them",
            err=True,
        )


@click.command("purge")
@shared()
def purge() -> None:
    """Write the database's files anew without what was erased; exit 1 while another program still reads them."""
    now = settings()
    engine = now.engine()
    purged = engine.purge(by=writing(now, engine))
    if now.json:
        echo(json.dumps({"purged": purged}))
    elif purged:
        now.say(written_anew(now))
    else:
        now.say("purge pending: another program still reads the database; try again when that has finished")
    if not purged:
        raise click.exceptions.Exit(1)


@click.command("reapply-erasures")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@shared()
def reapply(file: Path) -> None:
    """Erase again what FILE (of `erase --list`) names: after a backup was restored that still held it.

    Where another value came to stand at a place since the backup, it is kept and named; then the exit code is 1. What is
    noted beside FILE as begun is erased too: whether it was, a backup cannot tell.
    """
    now = settings()
    if erased_again(now, now.engine(), file):
        raise click.exceptions.Exit(1)


def erased_again(now: Settings, engine: Engine, file: Path) -> list[Leaf]:
    """Erase again what the list names, and tell it; where another value stands now, which is kept."""
    log, begun = log_of(engine), [line for _, line in begun_beside(file)]
    listed: dict[Leaf, dict[str | None, str]] = {}
    for line in (*lines(file), *begun):
        for leaf, made in line.leaves if line.log == log else ():
            listed.setdefault(leaf, {})[made] = line.basis
    again, others = engine.still_held(listed, written(file))
    for basis, leaves in again.items():
        tell(now, engine.erase_again(leaves, basis=basis, by=writing(now, engine)), False, Left())
    if begun:
        ErasureList(file).settle(engine)
    if others:
        _kept(now, others)
    elif not again and not now.json:
        now.say("nothing of that is held")
    return others


def _kept(now: Settings, others: list[Leaf]) -> None:
    if now.json:
        echo(json.dumps({"kept": [list(leaf) for leaf in others]}))
        return
    for leaf in others:
        now.show(f"kept: {leaf.path} of event {leaf.n} of {leaf.stream} is not the value that was erased there")
