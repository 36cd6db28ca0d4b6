"""``procdef audit``."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from procdef.cli.commands.audit.checkpoint import checkpoint
from procdef.cli.commands.audit.clock import clock
from procdef.cli.commands.audit.definitions import definitions
from procdef.cli.commands.audit.erasures import erasures, purge, reapply
from procdef.cli.commands.audit.export import export
from procdef.cli.commands.audit.held_notes import Outside, outside
from procdef.cli.commands.audit.inclusion import consistency, inclusion
from procdef.cli.commands.audit.key import key
from procdef.cli.commands.audit.overrides import overrides
from procdef.cli.commands.audit.population import population
from procdef.cli.commands.audit.proof import proof
from procdef.cli.commands.audit.replay import replay
from procdef.cli.commands.audit.sample import sample
from procdef.cli.commands.audit.sod import sod
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.log.envelope import AUTH
from procdef.log.event import timestamp
from procdef.render.provenance import MADE_UP
from procdef.unsafe_characters import one_line
from procdef.verification.finding_meanings import MEANINGS

if TYPE_CHECKING:
    from procdef.log.irregularity import Irregularity
    from procdef.verification import Tally


@click.group("audit")
@shared()
def command() -> None:
    """Check the log against itself and against what others hold of it."""


for part in (
    checkpoint,
    clock,
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
    wrong = Counter[str]()
    try:
        _verify(settings(), given, required, wrong)
    except BrokenPipeError:  # nobody reads on; what was found is known all the same
        if not wrong:
            raise
    if wrong:
        raise click.exceptions.Exit(1)


def _verify(now: Settings, given: Outside, required: str | None, wrong: Counter[str]) -> None:
    """Print the findings, which ``wrong`` counts by their codes, and what they come to."""
    from procdef.errors import StoreError
    from procdef.store import Events
    from procdef.store.port import Waiting
    from procdef.verification import Tally
    from procdef.verification.authentication import Levels
    from procdef.verification.tables.layout import as_far_as_readable

    store, tally = now.store(read_only=True), Tally(levels=Levels(required))
    waiting = Waiting()
    try:
        with store.inspect() as tx, progress("verifying", now, lambda: tally.events, max(tx.size, 0)):
            waiting = tx.waiting
            if not tx.size and next(iter(tx.scan(Events())), None) is None:
                raise StoreError("the database holds no log; there is nothing to verify")
            for found in as_far_as_readable(given.findings(tx, tally), lambda: tally.events):
                wrong[found.code] += 1
                _show(now, found)
    except StoreError:  # a damaged file may refuse even that a transaction ends that only read
        if not wrong:
            raise
    if now.json:
        late = {"late_seal": tally.late._asdict()} if tally.late else {}
        shown = {"streams": tally.streams, "events": tally.events, "deals": tally.deals, "findings": wrong.total()}
        waits = {"waiting": waiting._asdict()} if waiting.events else {}
        ahead = {"ahead_of_clock": tally.latest._asdict()} if _is_ahead(tally) else {}
        if tally.simulated:
            shown["simulated"] = True
        echo(json.dumps({**shown, "events_per_level": tally.levels.shown, **given.shown(), **late, **ahead, **waits}))
    else:
        _tell(now, tally, wrong)
        if waiting.events:
            count = f"{waiting.events} event{'s' * (waiting.events != 1)}"
            now.say(f"{count} of these wait to be sealed since {waiting.since}: no tree and no note is over them yet")
        now.say(given.told(wrong))


def _is_ahead(tally: Tally) -> bool:
    """Whether an event is of a time that the clock has not reached: here alone is one asked."""
    return tally.latest.at > timestamp(datetime.now(UTC))


def _show(now: Settings, found: Irregularity) -> None:
    if now.json:
        meaning = MEANINGS[found.code]._asdict()
        echo(json.dumps({**found._asdict(), **meaning}, ensure_ascii=False))
    else:
        place = f"{found.stream} event {found.n}" if found.n else found.stream
        echo(one_line(f"{place}: expected {found.expected}, found {found.found} [{found.code}]"))


def _tell(now: Settings, tally: Tally, wrong: Counter[str]) -> None:
    """What was looked at, how sure the log is of the people, and what each kind of finding may mean."""
    if tally.simulated:
        now.show(MADE_UP)
    for code, count in wrong.items():
        meaning = MEANINGS[code]
        echo(f"{code} ({count}): {meaning.wrong}\n    may mean: {meaning.may_mean}")
    now.say(f"{tally.events} events in {tally.streams} streams, {tally.deals} deals, {wrong.total()} findings")
    if _is_ahead(tally):
        last = tally.latest
        now.show(
            f"warning: event {last.n} of {last.stream} is of {last.at}, which this machine's clock has not reached: "
            "it is wrong, or the clock was that gave that time (`procdef audit clock` tells more)"
        )
    levels = ", ".join(f"{level} {count}" for level, count in tally.levels.shown.items())
    if tally.late:
        now.say(
            f"the first {tally.late.size} events were in no tree until {tally.late.at}: what was changed in them before that, "
            "no note tells"
        )
    now.say(f"people in the events that can be read, by the weakest authentication: {levels}")
