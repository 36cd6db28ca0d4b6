"""``procdef audit erasures``, ``purge`` and ``reapply-erasures``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.erase_command import Left, tell
from procdef.cli.periods import period
from procdef.cli.settings import settings, shared
from procdef.cli.sheets import hand_over

if TYPE_CHECKING:
    from procdef.reports.sheet import Period


@click.command("erasures")
@period
@shared()
def erasures(within: Period) -> None:
    """What was erased, when, by whom and on what basis, and whether its bytes are gone."""
    from procdef.render.erasures import erased_text
    from procdef.reports.erasures import COUNTED
    from procdef.reports.erasures import erasures as found
    from procdef.reports.sheet import Sheet

    now, counts = settings(), Counter[str]()
    with now.store().transaction(write=False) as tx:
        sheet = Sheet(tx, "erasures", within.shown)
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
    """Erase again what FILE (of `erase --list`) names: after a backup was restored that still held it."""
    from procdef.errors import InvalidArgument
    from procdef.store import Leaf

    now = settings()
    engine = now.engine()
    with engine.store.transaction(write=False) as tx:
        log = tx.log
    by_basis: dict[str, list[Leaf]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        entry = _entry(line, f"{file}:{number}")
        if entry["log"] == log:
            by_basis.setdefault(entry["basis"], []).extend(Leaf(*leaf) for leaf in entry["leaves"])
    again = 0
    for basis, leaves in by_basis.items():
        try:
            done = engine.erase_again(leaves, basis=basis, by=now.actor())
        except InvalidArgument:  # nothing of it is held: the backup was made after it
            continue
        again += 1
        tell(now, done, False, Left())
    if not again and not now.json:
        now.say("nothing of that is held")


def _entry(line: str, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
        texts = isinstance(entry["log"], str) and isinstance(entry["basis"], str)
        leaves = all(
            len(leaf) == 3 and isinstance(leaf[0], str) and isinstance(leaf[1], int) and isinstance(leaf[2], str)
            for leaf in entry["leaves"]
        )
    except (ValueError, LookupError, TypeError):
        texts = leaves = False
    if not (texts and leaves):
        raise click.UsageError(f"{place}: this is no line of a list that `procdef erase --list` wrote")
    return dict(entry)
