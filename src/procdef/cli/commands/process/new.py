"""``procdef new``."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo
from procdef.diagnostics import nearest

_SCHEMA = "# yaml-language-server: $schema=../schemas/process.schema.json\n"
_OWN_SCHEMA = """\
# Editors complete and explain what you write once this file lies beside: procdef schema > process.schema.json
# yaml-language-server: $schema=process.schema.json
"""
_SCENARIOS_SCHEMA = "# yaml-language-server: $schema=../schemas/scenarios.schema.json\n"
_NAMED = re.compile(r"^(process: )\S+", re.MULTILINE)
_TITLE, _STAGES, _ROLES = "Our sales process", "Prospecting, Meeting, Closing, Delivery", "Salesperson, Sales manager"


def _names() -> list[str]:
    """The processes that ship with procdef."""
    from procdef.resources import shipped_processes

    return list(shipped_processes())


@click.command("new")
@click.argument("file", type=click.Path())
@click.option(
    "--from",
    "origin",
    metavar="NAME",
    help=f"Copy a process: a file, a published id or a shipped one, {', '.join(_names())}.",
)
@shared()
def command(file: str, origin: str | None) -> None:
    """Write a commented process to FILE, and scenarios beside it; on a terminal it asks for title, stages and roles."""
    path = Path(file)
    if path.name in ("", ".."):
        raise click.UsageError(f"{path} is no file; name one for the process")
    if path.suffix not in (".yaml", ".yml"):
        path = path.with_name(f"{path.name}.yaml")
    if path.exists():
        raise click.UsageError(f"{path} is there already; name another file")
    if not path.parent.is_dir():
        raise click.UsageError(f"there is no folder {path.parent}")
    text = _copied(origin) if origin else _interview(path)
    _write(path, text)
    beside = _scenarios(path, text, origin)
    settings().say(f"wrote {path}{beside}; next: procdef check {shlex.quote(str(path))}")


def _scenarios(path: Path, text: str, origin: str | None) -> str:
    """Write scenarios beside a process, unless there are some already, or it has errors; what to say of that."""
    from procdef.errors import DefinitionInvalid
    from procdef.language import load_source
    from procdef.resources import SCENARIOS, shipped_scenarios
    from procdef.scenarios.drafting import drafted_file

    file = path.with_name(f"{path.stem}{SCENARIOS}")
    if file.exists():
        return ""
    shipped = shipped_scenarios().get(origin or "")
    try:
        definition = load_source(text.encode(), str(path))
    except DefinitionInvalid:
        return ""
    if shipped is not None and definition.id == origin:
        made = _NAMED.sub(lambda found: f"{found[1]}{path.name}", shipped.read_text(encoding="utf-8"), count=1)
    else:
        made = drafted_file(definition, path.name)
    _write(file, made.replace(_SCENARIOS_SCHEMA, "", 1))
    return f" and {file}"


def _write(path: Path, text: str) -> None:
    """The whole file or none of it: neither a full disk nor a kill leaves a beginning that would pass for the file."""
    from procdef.whole_file import beside, secured, settle

    with beside(path) as part:
        part.write_text(text, encoding="utf-8")
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        settle(secured(part), path, force=False)


def _copied(name: str) -> str:
    from procdef.cli.named_process import named_process
    from procdef.cli.wrong_kind import refuse_other_kind
    from procdef.language.file_kinds import PROCESS

    found = named_process(name, settings())
    if found.path is not None:
        refuse_other_kind(found.path, name, PROCESS)
    text = found.text()
    if not text and found.path is not None:
        raise click.UsageError(f"there is no file {name}")
    return text.replace(_SCHEMA, _OWN_SCHEMA, 1)


def _interview(path: Path) -> str:
    from procdef.cli.process_template import plain, process_text

    name = re.sub(r"[^a-z0-9]+", "-", plain(path.stem))[:50].strip("-")
    if not sys.stdin.isatty():
        return process_text(name, _TITLE, _named(_STAGES, 2), _named(_ROLES, 1))
    echo("Four questions; Enter takes what stands in brackets. Everything can be changed in the file later.\n")
    title = click.prompt("What is the process called", default=_TITLE)
    stages = click.prompt(
        "Its stages, in order, with commas or semicolons between", default=_STAGES, value_proc=lambda t: _told_named(t, 2)
    )
    names = _named(stages, 2)
    won = click.prompt("Entering which stage wins the deal", default=names[-1], value_proc=lambda t: _one_of(t, names))
    roles = click.prompt(
        "Who takes part: who sells, who may make exceptions, who comes in when a deal is won",
        default=_ROLES,
        value_proc=lambda t: _told_named(t, 1),
    )
    return process_text(name, title.strip() or _TITLE, names, _named(roles, 1), won)


def _told_named(text: str, least: int) -> list[str]:
    """As ``_named``; says which ones stand there twice."""
    names = _named(text, least)
    left = [part.strip() for part in re.split("[,;]", text) if part.strip()]
    for name in names:
        left.remove(name)
    for again in dict.fromkeys(left):
        echo(f'"{again}" is there already and is taken once; give the other one a name of its own')
    return names


def _named(text: str | list[str], least: int) -> list[str]:
    """What stands between the commas or semicolons, each once, whatever its case. Raises ``click.UsageError`` where that is
    too little."""
    parts = [part.strip() for part in (re.split("[,;]", text) if isinstance(text, str) else text)]
    first: dict[str, str] = {}
    for part in filter(None, parts):
        first.setdefault(part.casefold(), part)
    names = list(first.values())
    if len(names) < least:
        raise click.UsageError(
            "name at least two stages: one to start in, one that wins" if least > 1 else "name a role"
        )
    return names


def _one_of(text: str, stages: list[str]) -> str:
    found = next((name for name in stages[1:] if name.lower() == text.strip().lower()), None)
    if found is None:
        near = nearest(text.strip(), stages[1:])
        hint = f' (did you mean "{near}"?)' if near else ""
        raise click.UsageError(f"no stage after the first is called {text.strip()}{hint}; write one of {', '.join(stages[1:])}")
    return found
