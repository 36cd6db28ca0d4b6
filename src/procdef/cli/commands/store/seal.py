"""``procdef store seal``."""

from __future__ import annotations

import json

import click

from procdef.cli.commands.store.named_store import named, url_argument
from procdef.cli.global_options import Settings, shared
from procdef.cli.output import echo
from procdef.cli.until_stopped import until_stopped
from procdef.errors import ConcurrentChange, StoreBusy, StoreError


@click.command("seal")
@url_argument
@click.option("--watch", type=click.IntRange(1, 86_400), metavar="SECONDS", help="Seal again every so many seconds.")
@shared()
def seal(url: str | None, watch: int | None) -> None:
    """Seal the events that wait for their place in the log.

    Every step does so in passing, and `procdef tick` does it; this one does nothing else. In a SQLite file nothing ever waits.
    """
    now = named(url)
    store = now.store()
    with until_stopped() as stopped:
        while True:
            try:
                sealed = store.seal()
                with store.transaction(write=False) as tx:
                    size, waiting = tx.size, tx.waiting
            except (StoreBusy, ConcurrentChange, StoreError) as trouble:
                if watch is None:
                    raise
                echo(f"procdef: {trouble}", err=True)
            else:
                if sealed or watch is None:
                    _told(now, sealed, size, waiting.events, waiting.since)
            if watch is None or stopped.wait(watch):
                break
    if stopped.interrupted:
        raise KeyboardInterrupt


def _told(now: Settings, sealed: int, size: int, events: int, since: str | None) -> None:
    if now.json:
        waits = {"events": events, "since": since}
        echo(json.dumps({"sealed_now": sealed, "sealed": size, "waiting": waits}))
        return
    waits_for_it = f"; {events} wait{'s' * (events == 1)} since {since}" if events else ""
    now.show(f"sealed {sealed} event{'s' * (sealed != 1)}; the tree is over {size}{waits_for_it}")
