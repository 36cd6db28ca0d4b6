"""``procdef audit``."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click

from procdef.audit.envelope import AUTH
from procdef.audit.meanings import MEANINGS
from procdef.characters import one_line
from procdef.cli.audit_bundle import proof
from procdef.cli.audit_checkpoint import checkpoint
from procdef.cli.audit_definitions_command import definitions
from procdef.cli.audit_erasures import erasures, purge, reapply
from procdef.cli.audit_export_command import export
from procdef.cli.audit_key import key
from procdef.cli.audit_outside import Outside, outside
from procdef.cli.audit_overrides_command import overrides
from procdef.cli.audit_population_command import population
from procdef.cli.audit_proof import consistency, inclusion
from procdef.cli.audit_replay_command import replay
from procdef.cli.audit_sample_command import sample
from procdef.cli.audit_sod_command import sod
from procdef.cli.paint import echo
from procdef.cli.progress import progress
from procdef.cli.settings import Settings, settings, shared

if TYPE_CHECKING:
    from procdef.replay import Tally


@click.group("audit")
@shared()
def command() -> None:
    """Check the log against itself and against what others hold of it."""


for part in (
    checkpoint,
    consistency,
    definitions,
    erasures,
    export,
    inclusion,
    key,
    overrides,
    population,
    proof,
    purge,
    reapply,
    replay,
    sample,
    sod,
):
    command.add_command(part)


@command.command("verify")
@outside
@click.option("--require-auth", "required", type=click.Choice(AUTH),
              help="It is a finding when somebody in an event was authenticated more weakly.")  # fmt: skip
@shared()
def verify(given: Outside, required: str | None) -> None:
    """Check every event's hash, chain, canonical form and meaning, the tree and its notes; exit 1 on any finding."""
    from procdef.errors import StoreError
    from procdef.replay import Tally
    from procdef.replay.levels import Levels
    from procdef.replay.tables import as_far_as_readable
    from procdef.store import Events

    now = settings()
    store, tally, wrong = now.store(read_only=True), Tally(levels=Levels(required)), Counter[str]()
    with store.transaction(write=False) as tx, progress("verifying", now, lambda: tally.events, tx.size):
        if not tx.size and next(iter(tx.scan(Events())), None) is None:
            raise StoreError("the database holds no log; there is nothing to verify")
        for found in as_far_as_readable(given.findings(tx, tally), lambda: tally.events):
            wrong[found.code] += 1
            if now.json:
                meaning = MEANINGS[found.code]._asdict()
                echo(json.dumps({**found._asdict(), **meaning}, ensure_ascii=False))
            else:
                place = f"{found.stream} event {found.n}" if found.n else found.stream
                echo(one_line(f"{place}: expected {found.expected}, found {found.found} [{found.code}]"))
    if now.json:
        shown = {"streams": tally.streams, "events": tally.events, "deals": tally.deals, "findings": wrong.total()}
        echo(json.dumps({**shown, "events_per_level": tally.levels.shown, **given.shown()}))
    else:
        _tell(now, tally, wrong)
        now.say(given.told(wrong))
    if wrong:
        raise click.exceptions.Exit(1)


def _tell(now: Settings, tally: Tally, wrong: Counter[str]) -> None:
    """What was looked at, how sure the log is of the people, and what each kind of finding may mean."""
    for code, count in wrong.items():
        meaning = MEANINGS[code]
        echo(f"{code} ({count}): {meaning.wrong}\n    may mean: {meaning.may_mean}")
    now.say(f"{tally.events} events in {tally.streams} streams, {tally.deals} deals, {wrong.total()} findings")
    levels = ", ".join(f"{level} {count}" for level, count in tally.levels.shown.items())
    now.say(f"people in the events that can be read, by the weakest authentication: {levels}")
