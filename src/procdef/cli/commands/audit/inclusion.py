"""``procdef audit inclusion`` and ``consistency``: proofs that others can check without the log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.log.checkpoint import HeldNote

_into = click.option("-o", "--output", type=click.Path(), help="A file for the proof, in place of the screen.")
_over = click.option("--force", is_flag=True, help="Replace a file that is there.")


@click.command("inclusion")
@click.argument("deal")
@click.argument("n", type=click.IntRange(1))
@click.option(
    "--size", type=click.IntRange(1), help="The size of the checkpoint (else the first that covers the event)."
)
@_into
@_over
@shared()
def inclusion(deal: str, n: int, size: int | None, output: str | None, force: bool) -> None:
    """Prove that event N of DEAL (or of a stream, such as `system`) is in the log."""
    _give("inclusion", settings().engine().prove(deal, n, size), output, force)


@click.command("consistency")
@click.argument("old")
@click.argument("new")
@_into
@_over
@shared()
def consistency(old: str, new: str, output: str | None, force: bool) -> None:
    """Prove that the log of NEW began with that of OLD; each is a number of events, or the file of a note."""
    _give("consistency", settings().engine().prove_extended(_meant(old), _meant(new)), output, force)


def _meant(text: str) -> int | HeldNote:
    from procdef.audit.anchors import read_note
    from procdef.cli.commands.audit.held_notes import altered_text
    from procdef.log.altered_notes import held_note
    from procdef.log.checkpoint import whole_size

    if text.isdecimal():
        return whole_size(text)
    note = held_note(text, read_note(Path(text)))
    if note.altered:
        settings().show(altered_text(text, note.altered), err=True)
    return note


def _give(kind: str, proof: str, output: str | None, force: bool) -> None:
    from procdef.whole_file import write_whole

    now = settings()
    if output is not None:
        write_whole(Path(output), proof.encode(), "proof", force=force)
        now.say(f"the proof is in {output}")
    elif now.json:
        echo(json.dumps({"kind": kind, "proof": proof}, ensure_ascii=False))
    else:
        echo(proof, newline=False)
