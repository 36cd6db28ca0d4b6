"""``procdef audit clock``."""

from __future__ import annotations

import json

import click

from procdef.cli.acting import writing
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo


@click.command("clock")
@click.option("--was-wrong", is_flag=True, help="Put on record that the clock was wrong when it was ahead.")
@shared()
def clock(was_wrong: bool) -> None:
    """Tell which events are of a time that the clock has not reached: it was ahead when they were recorded, or is behind now.

    Steps on the same deals, and what the log tells of itself, are refused until then, but for erasures. Where the clock is
    right now, --was-wrong puts on record that it was wrong then. From there on such a step is recorded at the time of the
    event before it, and judged by that.
    """
    now = settings()
    engine = now.engine()
    found = engine.clock_was_wrong(by=writing(now, engine)) if was_wrong else engine.ahead_of_clock()
    if now.json:
        echo(json.dumps({**found.as_dict(), "recorded": was_wrong}))
        return
    if not found.events:
        now.show(f"the clock says {found.clock}; no event is of a later time")
        return
    count = f"{found.events} event{'s are' if found.events != 1 else ' is'}"
    now.show(f"the clock says {found.clock}; {count} of a later time, up to {found.latest} (event {found.n} of {found.stream})")
    if was_wrong:
        now.say("it is on record that the clock was wrong then; steps go on, at the time of the event before them")
    else:
        now.say("where the clock is right now, `procdef audit clock --was-wrong` lets steps go on")
