"""``procdef new``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from procdef.cli.settings import settings, shared

_TITLE, _STAGES, _ROLES = "Our sales process", "Prospecting, Meeting, Closing, Delivery", "Salesperson, Sales manager"


@click.command("new")
@click.argument("file", type=click.Path())
@click.option("--from", "origin", metavar="NAME", help="Copy this shipped process, as in b2b-sales.")
@shared()
def command(file: str, origin: str | None) -> None:
    """Write a commented process to FILE; on a terminal it asks for title, stages and roles."""
    path = Path(file)
    if path.exists():
        raise click.UsageError(f"{file} is there already; name another file")
    if not path.parent.is_dir():
        raise click.UsageError(f"there is no folder {path.parent}")
    text = _shipped(origin) if origin else _interview(path)
    _write(path, text)
    settings().say(f"wrote {file}; next: procdef check {file}")


def _write(path: Path, text: str) -> None:
    """The whole file or none of it: a full disk leaves no beginning that would pass for the file."""
    path.touch(exist_ok=False)
    try:
        path.write_text(text, encoding="utf-8")
    except BaseException as error:
        path.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def _shipped(name: str) -> str:
    from procdef.shipped import shipped

    folder = shipped("processes")
    names = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in names:
        raise click.UsageError(f'there is no shipped process "{name}"; there are {", ".join(names)}')
    return (folder / f"{name}.yaml").read_text(encoding="utf-8")


def _interview(path: Path) -> str:
    from procdef.cli.blueprint import process_text

    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())[:50].strip("-")
    if not sys.stdin.isatty():
        return process_text(name, _TITLE, _named(_STAGES, 2), _named(_ROLES, 1))
    click.echo("Four questions; Enter takes what stands in brackets. Everything can be changed in the file later.\n")
    title = click.prompt("What is the process called", default=_TITLE)
    stages = click.prompt(
        "Its stages, in order, with commas between", default=_STAGES, value_proc=lambda t: _named(t, 2)
    )
    names = _named(stages, 2)
    won = click.prompt("Entering which stage wins the deal", default=names[-1], value_proc=lambda t: _one_of(t, names))
    roles = click.prompt(
        "Who takes part: who sells, who may make exceptions, who comes in when a deal is won",
        default=_ROLES,
        value_proc=lambda t: _named(t, 1),
    )
    return process_text(name, title.strip() or _TITLE, names, _named(roles, 1), won)


def _named(text: str | list[str], least: int) -> list[str]:
    """What stands between the commas, each once. Raises ``click.UsageError`` where that is too little."""
    parts = text.split(",") if isinstance(text, str) else text
    names = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if len(names) < least:
        raise click.UsageError(
            "name at least two stages: one to start in, one that wins" if least > 1 else "name a role"
        )
    return names


def _one_of(text: str, stages: list[str]) -> str:
    found = next((name for name in stages[1:] if name.lower() == text.strip().lower()), None)
    if found is None:
        raise click.UsageError(f"that is none of {', '.join(stages[1:])}")
    return found
