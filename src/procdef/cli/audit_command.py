"""``procdef audit``."""

from __future__ import annotations

import json

import click

from procdef.cli.progress import progress
from procdef.cli.settings import settings, shared


@click.group("audit")
@shared()
def command() -> None:
    """Check the log against itself."""


@command.command("verify")
@shared()
def verify() -> None:
    """Check every event's hash, chain, canonical form and meaning; exit 1 on any finding."""
    from procdef.errors import StoreError
    from procdef.replay import Tally
    from procdef.replay import verify as verify_log
    from procdef.store import Events

    now = settings()
    store, tally, wrong = now.store(read_only=True), Tally(), 0
    with store.transaction(write=False) as tx, progress("verifying", now, lambda: tally.events, tx.size):
        if not tx.size and next(iter(tx.scan(Events())), None) is None:
            raise StoreError("the database holds no log; there is nothing to verify")
        for found in verify_log(tx, tally):
            wrong += 1
            if now.json:
                click.echo(json.dumps(found._asdict(), ensure_ascii=False))
            else:
                place = f"{found.stream} event {found.n}" if found.n else found.stream
                click.echo(f"{place}: expected {found.expected}, found {found.found} [{found.code}]")
    if now.json:
        shown = {"streams": tally.streams, "events": tally.events, "deals": tally.deals, "findings": wrong}
        click.echo(json.dumps({**shown, "assurance": "self-consistent only"}))
    else:
        now.say(f"{tally.events} events in {tally.streams} streams, {tally.deals} deals, {wrong} findings")
        now.say("the log contradicts itself" if wrong else "clean; self-consistent only: no outside anchor was given")
    if wrong:
        raise click.exceptions.Exit(1)
