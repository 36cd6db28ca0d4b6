"""``procdef store seal``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from procdef.cli.commands.store.named_store import named, url_argument
from procdef.cli.global_options import Settings, shared
from procdef.cli.output import echo
from procdef.cli.until_stopped import until_stopped
from procdef.errors import ConcurrentChange, StoreBusy, StoreError

if TYPE_CHECKING:
    from procdef.store.port import Waiting


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
                    _told(now, sealed, size, waiting)
            if watch is None or stopped.wait(watch):
                break
    if stopped.interrupted:
        raise KeyboardInterrupt


def _told(now: Settings, sealed: int, size: int, waiting: Waiting) -> None:
    if now.json:
        echo(json.dumps({"sealed_now": sealed, "sealed": size, "waiting": waiting._asdict()}))
        return
    waits_for_it = f"; {waiting.events} wait{'s' * (waiting.events == 1)} since {waiting.since}" if waiting.events else ""
    now.show(f"sealed {sealed} event{'s' * (sealed != 1)}; the tree is over {size}{waits_for_it}")
