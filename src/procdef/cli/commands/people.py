"""``procdef people``."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.acting import writing
from procdef.cli.completion import complete_deal
from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo
from procdef.cli.wrong_kind import refuse_other_kind

if TYPE_CHECKING:
    from procdef.commands import Command
    from procdef.diagnostics import Diagnostic
    from procdef.directory import Directory
    from procdef.engine import Engine
    from procdef.model import ProcessDefinition
    from procdef.results.candidate import Candidate


@click.group("people")
@shared()
def command() -> None:
    """Who has which roles, and who stands in for whom: a directory of people, checked, published and asked."""


_PROCESSES = click.option(
    "--process", "processes", multiple=True, metavar="FILE", help="A process whose roles count; else those of the database."
)


@command.command("check")
@click.argument("file", type=click.Path())
@_PROCESSES
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@shared("text", "json", "sarif", "github")
def check(file: str, processes: tuple[str, ...], strict: bool) -> None:
    """Find everything that is wrong in the directory of people in FILE; - is the standard input."""
    now = settings()
    directory, found, text = _read(file, processes, now)
    _show(found, text, file, now)
    if now.format == "text" and not found and directory is not None:
        now.say(f"{_people(directory)} checked, nothing found")
    bad = ("error", "warning") if strict else ("error",)
    if any(finding.severity in bad for finding in found):
        raise click.exceptions.Exit(1)


@command.command("publish")
@click.argument("file", type=click.Path())
@_PROCESSES
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@shared()
def publish(file: str, processes: tuple[str, ...], dry_run: bool) -> None:
    """Put the directory of people in FILE in force: from now on roles come from it. Its names are not stored.

    With errors nothing is published; warnings are told, and keep nothing.
    """
    from procdef.errors import DefinitionInvalid

    now = settings()
    directory, found, text = _read(file, processes, now)
    if directory is None or any(finding.severity == "error" for finding in found):
        raise DefinitionInvalid(tuple(found))
    if found and not now.quiet:
        from procdef.render.findings import text as shown

        now.show(shown(found, {_name(file): text}), err=True, newline=False)
    with now.desk(dry_run=dry_run) as engine:
        new = engine.people.publish(directory, by=writing(now, engine))
    if now.json:
        told = {"directory": directory.reference, "sha256": directory.sha256, "people": len(directory.people)}
        echo(json.dumps({**told, "published": new, "dry_run": dry_run}))
        return
    said = f"{_people(directory)} ({directory.reference})"
    if dry_run:
        now.say(f"{said} would be published (nothing was stored)" if new else f"{said} was published already")
    else:
        now.say(f"{said} is published: from now on roles come from it" if new else f"{said} was published already")


@command.command("who-can")
@click.argument("deal", shell_complete=complete_deal)
@click.argument("step", nargs=-1, required=True, metavar="STEP")
@click.option("--on", metavar="DATE", help="On that day instead of today, or at that time, as the deal stands now.")
@shared()
def who_can(deal: str, step: tuple[str, ...], on: str | None) -> None:
    """Who could take STEP on DEAL today, as their own or for whom they stand in, and who has the role and may not, and why.

    STEP is as it is typed otherwise: `do approve_discount`, `advance closing`, `back offer`, `waive criterion`, `assign`.
    """
    now = settings()
    engine = now.engine()
    found = engine.people.who_can(deal, _meant(step), on=None if on is None else _time(engine, deal, on))
    if now.json:
        for each in found:
            echo(json.dumps(each.as_dict(), ensure_ascii=False))
        return
    if not found:
        day = "today" if on is None else f"then ({on})"
        now.show(f"nobody in the directory of people can {' '.join(step)} on {deal} {day}")
    for each in found:
        now.show(_line(each))


def _time(engine: Engine, deal: str, text: str) -> date | datetime:
    """The day or the time that was typed; one without an offset is by the clocks of the process."""
    from procdef.cli.typed_input import Meant
    from procdef.language.shape.suggested_forms import date_readings

    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(Meant.of(engine, deal).time(text, "--on"))
    except ValueError:
        meant = date_readings(text)
        near = f"; write {' or '.join(meant)}" if meant else ', as 2026-07-01, or a time, as "2026-07-01 12:00"'
        raise click.UsageError(f'"{text}" is no day, which is written with the year first{near}') from None


def _line(each: Candidate) -> str:
    how = " and ".join(each.roles)
    deputy = f", standing in for {' and '.join(each.deputy_of)}" if each.deputy_of else ""
    return f"{each.person} ({how}{deputy})" + (f": no, {each.why_not}" if each.why_not else "")


def _meant(words: tuple[str, ...]) -> Command:
    """The step that these words of a command line stand for. Raises ``click.UsageError``."""
    from procdef.commands import ARGUMENTS, COMMANDS, ArgumentKind

    verb, *rest = (word for word in words if word != "--correct")
    verbs = [one for one in COMMANDS if one != "start"]
    if verb not in verbs:
        from difflib import get_close_matches

        near = get_close_matches(verb, verbs, 1)
        hint = f' (did you mean "{near[0]}"?)' if near else f"; steps are {', '.join(verbs)}"
        raise click.UsageError(f'there is no step "{verb}"{hint}')
    kind: Any = COMMANDS[verb]
    named = [one for one in ARGUMENTS[kind] if one.positional and one.kind is not ArgumentKind.FIELD_VALUES]
    given: dict[str, Any] = {}
    for argument in ARGUMENTS[kind]:
        if argument in named and rest:
            given[argument.name] = rest.pop(0)
        elif argument.kind is ArgumentKind.SWITCH:
            given[argument.name] = "--correct" in words
        elif argument.kind is ArgumentKind.FIELD_VALUES:
            given[argument.name] = {}
        elif argument.needed and argument.kind is not ArgumentKind.FREE_TEXT and verb not in ("assign", "note"):
            raise click.UsageError(f"name what is to be done: {verb} {argument.name.upper()}")
        elif argument.needed:
            given[argument.name] = "..."
    if rest:
        raise click.UsageError(f"who-can takes no more than what is to be done; leave out {' '.join(rest)}")
    made: Command = kind(**given)
    return made


def _name(file: str) -> str:
    return "<stdin>" if file == "-" else file


def _read(file: str, names: tuple[str, ...], now: Settings) -> tuple[Directory | None, list[Diagnostic], str]:
    """The directory in a file, if any, what is wrong in it, and its text."""
    from procdef.diagnostics import Diagnostic
    from procdef.language import LARGEST
    from procdef.language.file_kinds import PEOPLE
    from procdef.language.file_or_text import file_or_text
    from procdef.language.people.check import check_people_source

    if file == "-":
        source: bytes | Diagnostic = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
    else:
        if not Path(file).exists():
            raise click.UsageError(f"there is no file {file}")
        read = file_or_text(Path(file))
        source = read if isinstance(read, Diagnostic) else read[0]
    if isinstance(source, Diagnostic):
        return None, [source], ""
    refuse_other_kind(source, _name(file), PEOPLE)
    directory, found = check_people_source(source, _name(file), _processes(names, now))
    return directory, found, source.decode("utf-8-sig", "replace")


def _processes(names: tuple[str, ...], now: Settings) -> tuple[ProcessDefinition, ...]:
    """The processes named, or, where none is, those that are published."""
    from procdef.cli.named_process import named_process
    from procdef.errors import ProcdefError

    if names:
        return tuple(named_process(name, now).definition() for name in names)
    if now.lacks_database:
        return ()
    try:
        return now.engine().definitions()
    except ProcdefError:
        return ()


def _people(directory: Directory) -> str:
    count = len(directory.people)
    return f"{count} {'person' if count == 1 else 'people'}"


def _show(found: list[Diagnostic], text: str, file: str, now: Settings) -> None:
    from procdef.render import findings

    match now.format:
        case "json":
            echo(findings.json_lines(found), newline=False)
        case "github":
            echo(findings.github(found), newline=False)
        case "sarif":
            from procdef.language.rules import RULES

            echo(findings.sarif(found, {rule.code: rule.explanation for rule in RULES}), newline=False)
        case _:
            width = now.width if sys.stdout.isatty() else None
            now.show(findings.text(found, {_name(file): text}, width), newline=False)
