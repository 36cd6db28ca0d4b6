"""``procdef audit key``: the keys that sign the log's checkpoints."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.acting import writing
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.log.signed_note import Signer

with_key = click.option(
    "--key", "file", type=click.Path(), help="The file of the log's key (else PROCDEF_KEY, or PROCDEF_KEY_COMMAND)."
)


@click.group("key")
@shared()
def key() -> None:
    """Make, show and replace the key that signs checkpoints."""


@key.command("new")
@click.argument("file", type=click.Path())
@shared()
def new(file: str) -> None:
    """Make the log's first key and put its private side into FILE, which is never written over.

    A FILE that holds a key of this log already is taken as it is.
    """
    from procdef.errors import InvalidArgument

    now = settings()
    engine = now.engine()
    if engine.log_keys():
        raise InvalidArgument("the log has a key; `procdef audit key rotate NEWFILE` makes the next one")
    signer = _made(engine, Path(file))
    engine.rekey(signer, by=writing(now, engine))
    _tell(now, signer, file)


@key.command("rotate")
@click.argument("newfile", type=click.Path())
@with_key
@shared()
def rotate(newfile: str, file: str | None) -> None:
    """Make the next key, put it into NEWFILE, and have the present one sign for it."""
    from procdef.errors import InvalidArgument

    now = settings()
    engine, old = now.engine(), present_key(file)
    keys = engine.log_keys()
    if not keys or old.verifier != keys[-1].verifier:
        raise InvalidArgument(
            "only the log's present key signs for the next; `procdef audit key show` tells which it is"
        )
    signer = _made(engine, Path(newfile))
    engine.rekey(signer, old=old, by=writing(now, engine))
    _tell(now, signer, newfile)


@key.command("show")
@shared()
def show() -> None:
    """The public keys that the log had, and which sizes each signed."""
    now = settings()
    for each in now.engine().log_keys():
        if now.json:
            shown = {"key": str(each.verifier), "since": each.since, "until": each.until}
            echo(json.dumps({name: value for name, value in shown.items() if value is not None}))
        else:
            until = f"up to {each.until}" if each.until is not None else "on"
            now.show(f"{each.verifier} signs from {each.since} events {until}")


def present_key(file: str | None) -> Signer:
    """The private key that is given. Raises ``InvalidArgument``."""
    from procdef.log.key_sources import find_key

    return find_key(Path(file) if file else None, os.environ)


def _made(engine: Engine, file: Path) -> Signer:
    """A key of this log that is in the file: a new one where there is no file."""
    from procdef.log.key_sources import read_key, write_key
    from procdef.log.signed_note import Signer

    if file.exists():
        return read_key(file)
    signer = Signer.new(engine.origin)
    write_key(file, signer)
    return signer


def _tell(now: Settings, signer: Signer, file: str) -> None:
    if now.json:
        echo(json.dumps({"key": str(signer.verifier), "file": file}))
    else:
        echo(str(signer.verifier))
        now.say(f"is the log's key now; its private side is in {file}: keep that, and a copy, away from the database")
