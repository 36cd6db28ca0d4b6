"""``procdef audit checkpoint``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.commands.audit.key import present_key, with_key
from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.audit.anchors import Anchor
    from procdef.audit.timestamps import Stamped
    from procdef.log.checkpoint import HeldNote

_STAMP = "rfc3161:"


@click.command("checkpoint")
@with_key
@click.option("--anchor", "anchors", multiple=True, metavar="WHERE",
              help="file:PATH, folder:PATH, git:PATH or rfc3161:URL-OR-COMMAND; may be repeated.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(), help="A file for the note, in place of the screen.")
@click.option("--force", is_flag=True, help="Replace an earlier note of this log that is there.")
@click.option("--tsa-ca", type=click.Path(), help="Certificates (PEM) to check the timestamp with.")
@shared()
def checkpoint(
    file: str | None, anchors: tuple[str, ...], output: str | None, force: bool, tsa_ca: str | None
) -> None:
    """Sign the log as it is now, keep the note, and put it where others hold it.

    Nothing is signed where the log does not begin with the last note stored, or with those that the places hold.
    """
    from procdef.errors import InvalidArgument
    from procdef.log.checkpoint import parse_checkpoint

    now = settings()
    places, services = _places(anchors, output, force)
    if tsa_ca is not None and not services:
        raise InvalidArgument("--tsa-ca checks the timestamp of --anchor rfc3161:URL-OR-COMMAND, and there is none")
    engine, signer = now.engine(), present_key(file)
    note = engine.checkpoint(signer, held=[held for name, place in places for held in _held(name, place)])
    stamped, kept = _kept(str(note).encode(), places, services, tsa_ca)
    size = parse_checkpoint(note.text).size
    if now.json:
        shown = {"size": size, "note": str(note), "files": kept}
        stamp = {"timestamp": stamped.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "by": stamped.by} if stamped else {}
        echo(json.dumps({**shown, **stamp}, ensure_ascii=False))
        return
    if output is None:
        echo(str(note), newline=False)
    for each in kept:
        now.say(f"the note over {size} events is in {each}")
    if stamped:
        now.say(f"it was seen {stamped.at:%Y-%m-%dT%H:%M:%SZ} by {stamped.by}")


def _places(
    anchors: tuple[str, ...], output: str | None, force: bool
) -> tuple[list[tuple[str, Anchor]], list[str]]:
    from procdef.audit.anchors import NoteFile, place
    from procdef.errors import InvalidArgument
    from procdef.whole_file import target

    services = [each.removeprefix(_STAMP) for each in anchors if each.startswith(_STAMP)]
    places = [(each, place(each)) for each in anchors if not each.startswith(_STAMP)]
    if output is not None:
        target(Path(output), "note", force=force)
        places.append((output, NoteFile(Path(output))))
    if len(services) > 1:
        raise InvalidArgument("a note has one timestamp beside it; name one rfc3161 service")
    if services and not places:
        raise InvalidArgument(
            "a timestamp stands beside the note's file; name one with -o or --anchor file:, folder: or git:"
        )
    return places, services


def _held(name: str, place: Anchor) -> list[HeldNote]:
    from procdef.cli.commands.audit.held_notes import altered_text
    from procdef.log.altered_notes import held_note

    text = place.held()
    if text is None:
        return []
    note = held_note(f"at {name}", text)
    if note.altered:
        settings().show(altered_text(f"the note {note.name}", note.altered), err=True)
    return [note]


def _kept(
    note: bytes, places: list[tuple[str, Anchor]], services: list[str], tsa_ca: str | None
) -> tuple[Stamped | None, list[str]]:
    """Have the note timestamped and put it everywhere; where no timestamp comes it is put there all the same."""
    from procdef.audit.timestamps import stamp
    from procdef.errors import AnchorFailed

    token, failed = None, None
    try:
        token = stamp(note, services[0]) if services else None
    except AnchorFailed as error:
        failed = error
    stamped = _checked(note, token, tsa_ca)
    kept = [str(place.keep(note, token)) for _, place in places]
    if failed is not None:
        raise AnchorFailed(f"{failed}; the note is kept, without a timestamp")
    return stamped, kept


def _checked(note: bytes, token: bytes | None, tsa_ca: str | None) -> Stamped | None:
    from procdef.audit.anchors import read_file
    from procdef.audit.timestamps import LONGEST, check_stamp

    if token is None or tsa_ca is None:
        return None
    return check_stamp(note, token, read_file(Path(tsa_ca), LONGEST))
