"""``procdef new``."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from procdef.cli.settings import settings, shared

_STAGES = "Prospecting, Meeting, Closing, Delivery"


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
    with path.open("x", encoding="utf-8") as written:
        written.write(text)
    settings().say(f"wrote {file}; next: procdef check {file}")


def _shipped(name: str) -> str:
    from procdef.shipped import shipped

    folder = shipped("processes")
    names = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in names:
        raise click.UsageError(f'there is no shipped process "{name}"; there are {", ".join(names)}')
    return (folder / f"{name}.yaml").read_text(encoding="utf-8")


def _interview(path: Path) -> str:
    title, stages, role = "Our sales process", _STAGES, "Salesperson"
    if sys.stdin.isatty():
        title = click.prompt("Title", default=title)
        stages = click.prompt("Stages, in order (a deal is won on entering the last)", default=stages)
        role = click.prompt("Who owns the stages", default=role)
    named = [name.strip() for name in stages.split(",") if name.strip()]
    if len(named) < 2:
        raise click.UsageError("a process has at least two stages: one to start in and one where the deal is won")
    return process_text(re.sub(r"[^a-z0-9]+", "-", path.stem.lower())[:50].strip("-"), title, named, role)


def process_text(name: str, title: str, stages: list[str], role: str) -> str:
    """A commented process with these stages in a row, the deal won on entering the last."""
    owner = _ids([role], "role")[0]
    ids = _ids(stages, "stage")
    top = _TOP.format(id=name if name[:1].isalpha() else f"process-{name}".rstrip("-"), title=_q(title))
    lines = [top, "roles:", f"  {owner}: {{title: {_q(role)}}}", "", _FIELDS, "stages:"]
    for number, (stage, text) in enumerate(zip(ids, stages, strict=True)):
        last = number == len(ids) - 1
        lines += [f"  {stage}:", f"    title: {_q(text)}"]
        lines += ["    start: true                 # deals may start here"] * (number == 0)
        lines += [f"    owner: {owner}"]
        lines += ["    outcome: won                # entering this stage means that the deal is won"] * last
        lines += ["    required_actions:", "      complete_stage:"]
        lines += [f"        title: {_q('What must be done in: ' + text)}"]
        lines += ["        records: [offer_value]      # must be filled for the action to count"] * (number == 0)
        lines += ["        milestone: offer            # from here the deal counts in the hit rate"] * (
            number == len(ids) - 2
        )
        lines += [] if last else [f"    next: {ids[number + 1]}"]
        lines.append("")
    return "\n".join(lines)


def _ids(titles: list[str], kind: str) -> list[str]:
    """Ids made of titles; what leaves nothing, or something taken, is numbered."""
    from procdef.language.shape import RESERVED

    found: list[str] = []
    for number, title in enumerate(titles, 1):
        made = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:50]
        if not made[:1].isalpha() or made in found or made in RESERVED:
            made = f"{kind}_{number}"
        found.append(made)
    return found


def _q(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_TOP = """\
procdef: 1                          # version of the language
id: {id}
version: 1                          # a published version never changes: raise it with every change
title: {title}
languages: [en]
currency: EUR
"""

_FIELDS = """\
fields:
  offer_value: {type: money, title: Value of the deal}

deal: {value: offer_value}          # what the forecast reads

lost:                               # why deals are lost
  reasons: {no_need: No need, no_budget: No budget, competitor: Chose a competitor, no_response: Went silent}
"""
