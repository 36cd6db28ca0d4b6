"""``procdef audit erasures``, ``purge`` and ``reapply-erasures``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli import erasure_list
from procdef.cli.audit_output import hand_over
from procdef.cli.commands.personal_data.erase import Left, tell
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.period_options import period

if TYPE_CHECKING:
    from procdef.audit.provenance import Period
    from procdef.store import Leaf


@click.command("erasures")
@period
@shared()
def erasures(within: Period) -> None:
    """What was erased, when, by whom and on what basis, and whether its bytes are gone."""
    from procdef.audit.erasures import COUNTED
    from procdef.audit.erasures import erasures as found
    from procdef.audit.provenance import Provenance
    from procdef.render.erasures import erased_text

    now, counts = settings(), Counter[str]()
    with now.store().transaction(write=False) as tx:
        sheet = Provenance(tx, "erasures", within.shown)
        rows = found(tx, within, counts)
        hand_over(now, sheet, rows, erased_text, lambda: {name: counts[name] for name in COUNTED})


@click.command("purge")
@shared()
def purge() -> None:
    """Leave no byte of what was erased in the database's files; exit 1 while another program still reads them."""
    now = settings()
    if not now.engine().purge(by=now.actor()):
        now.say("purge pending: another program still reads the database; try again when that has finished")
        raise click.exceptions.Exit(1)
    now.say("no byte of what was erased is left in the database's files")


@click.command("reapply-erasures")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@shared()
def reapply(file: Path) -> None:
    """Erase again what FILE (of `erase --list`) names: after a backup was restored that still held it.

    Where another value came to stand at a place since the backup, it is kept and named; then the exit code is 1.
    """
    now = settings()
    engine = now.engine()
    with engine.store.transaction(write=False) as tx:
        log = tx.log
    listed: dict[Leaf, dict[str | None, str]] = {}
    for line in list(erasure_list.lines(file)):
        for leaf, made in line.leaves if line.log == log else ():
            listed.setdefault(leaf, {})[made] = line.basis
    again, others = engine.still_held(listed, erasure_list.written(file))
    for basis, leaves in again.items():
        tell(now, engine.erase_again(leaves, basis=basis, by=now.actor()), False, Left())
    if others:
        _kept(now, others)
        raise click.exceptions.Exit(1)
    if not again and not now.json:
        now.say("nothing of that is held")


def _kept(now: Settings, others: list[Leaf]) -> None:
    if now.json:
        echo(json.dumps({"kept": [list(leaf) for leaf in others]}))
        return
    for leaf in others:
        now.show(f"kept: {leaf.path} of event {leaf.n} of {leaf.stream} is not the value that was erased there")
