"""``procdef status``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from procdef.cli.acting import looking
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import settings, shared
from procdef.cli.log_names import changed_since_rejection, names, rejections
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.render.status import Memory
    from procdef.results.deal_view import DealView


@click.command("status")
@click.argument("deal", shell_complete=complete_deal)
@shared()
def command(deal: str) -> None:
    """Where DEAL stands, what is done, what is missing for each way on, and who can help."""
    from procdef.render.status import status_text

    now = settings()
    engine = now.engine()
    person, roles = looking(now, engine)
    options = engine.options(deal, by=person if now.behalf and now.json else None)
    if now.json:
        echo(json.dumps(options.as_dict(), ensure_ascii=False))
    else:
        now.show(status_text(options, roles, now.width, _memory(engine, options.deal)))
        if engine.purge_pending(options.deal.stream):
            now.say("purge pending: bytes of erased values may still stand in the database's files; `procdef audit purge`")


def _memory(engine: Engine, deal: DealView) -> Memory:
    """What the log of the deal tells beside where it stands; it is only read where there is something to tell."""
    from procdef.render.status import Memory

    events = engine.events(deal.stream) if deal.rejected else []
    origins = names(engine, [deal.origin] if deal.origin else ())
    return Memory(rejections(events), origins, changed_since_rejection(events))
