"""``procdef audit proof``: a deal's bundle, which others can check without the log and without procdef."""

from __future__ import annotations

import json
from pathlib import Path

import click

from procdef.cli.acting import writing
from procdef.cli.commands.audit.export import spare_the_database
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

_UNSIGNED = "unsigned root: the log has no checkpoint, so the bundle proves nothing to whoever does not trust you"


@click.command("proof")
@click.argument("deal", shell_complete=complete_deal)
@click.option("-o", "--output", "path", type=click.Path(path_type=Path), required=True, metavar="FILE.zip")
@click.option("--with-personal", "personal", is_flag=True, help="With personal values and what opens them.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@shared()
def proof(deal: str, path: Path, personal: bool, force: bool) -> None:
    """Write a deal's events, the proofs that they are in the log, and a program that checks them into one file."""
    from procdef.audit.bundle.gathering import hand_out
    from procdef.render.provenance import origin_text

    now = settings()
    spare_the_database(path, now)
    engine = now.engine()
    given = hand_out(engine, deal, path, by=writing(now, engine), personal=personal, force=force)
    place = None if given.recorded is None else {"stream": given.recorded.stream, "n": given.recorded.n}
    if now.json:
        shown = {**given.shown, "recorded": place, "file": str(path)}
        echo(json.dumps(shown, ensure_ascii=False))
        return
    size = given.about["checkpoint"]["size"]
    over = f"the checkpoint over {size} events" if given.signed else f"the log of {size} events"
    now.say(f"{given.proved} of {given.events} events, proved by {over}, are in {path}")
    now.say(origin_text(given.about, "the file"))
    if not given.signed:
        now.say(_UNSIGNED)
    elif given.proved < given.events:
        rest = "the rest" if given.proved else "all of them, so that it proves nothing,"
        now.say(f"{rest} came after it; who has the log's key signs a new one with `procdef audit checkpoint`")
    now.say(f"check it with `python3 verify_bundle.py {path}`; the program is in the file")
    if place is None:
        now.say("not recorded: the database is read-only, so the log does not tell of this")
