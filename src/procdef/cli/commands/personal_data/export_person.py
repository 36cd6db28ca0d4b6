"""``procdef export-person``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.acting import writing
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.unsafe_characters import tame

if TYPE_CHECKING:
    from procdef.engine import Engine


@click.command("export-person")
@click.argument("value")
@shared("json")
def command(value: str) -> None:
    """What is held on one person, as JSON, one object a line: personal values and request keys that contain VALUE.

    Then the events and definitions where VALUE stands in the open. The log tells that this was handed out, not on whom.
    """
    now = settings()
    engine = now.engine()
    rows = list(_rows(engine, value))
    lines = [tame(json.dumps(row, ensure_ascii=False)) for row in rows]
    if engine.store.writable:
        digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
        engine.exported("person", {"with_personal": True}, len(rows), digest, by=writing(now, engine))
    else:
        now.show("not recorded: the database is read-only, so the log does not tell of this export", err=True)
    for line in lines:
        echo(line)
    if any("unreadable" in row for row in rows):
        raise click.exceptions.Exit(1)


def _rows(engine: Engine, value: str) -> Iterator[dict[str, Any]]:
    for held in engine.held_on(value):
        yield held.as_dict()
    for asked in engine.requests_on(value):
        yield asked.as_dict()
    for standing in engine.in_the_open(value):
        yield {"in_the_open": standing}
    for leaf in engine.unreadable():
        yield {"unreadable": list(leaf)}
