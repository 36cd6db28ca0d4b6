"""``procdef check``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import Settings, settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.cli.named_process import NamedProcess
    from procdef.diagnostics import Diagnostic


STDIN = "-"


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--prove", is_flag=True, help="Also look for what can be proved of all deals; see `procdef prove`.")
@shared("text", "json", "sarif", "github")
def command(files: tuple[str, ...], strict: bool, prove: bool) -> None:
    """Find everything that is wrong in FILES; folders are walked for .yaml and .yml files, - is the standard input.

    Scenarios, directories of people, plans of migrations and assumptions of simulations are checked as processes are. Where
    there is no such file, it may be the id of a published process (`id`, `id@version`) or of a shipped one.
    """
    from procdef.language.file_kinds import PLAN, kind_of

    now = settings()
    passed_over: list[Path] = []
    named = list(_walked(files, passed_over, now))
    if passed_over and not now.quiet:
        now.show(_passed_over(passed_over), err=True)
    bad = ("error", "warning") if strict else ("error",)
    told = failed = False
    # File by file, so that many faulty files take no more memory than one; a SARIF log is one whole.
    batches = ([each] for each in named) if now.format != "sarif" else [named]
    for batch in batches:
        found = [finding for each in batch for finding in each.findings(prove)]
        shown = _shown(found, batch, now.format)
        if now.format == "text":
            now.show(shown, newline=False)
        else:
            echo(shown, newline=False)
        told = told or bool(found)
        failed = failed or any(finding.severity in bad for finding in found)
    if now.format == "text" and not told:
        now.say(f"{len(named)} file{'s' * (len(named) != 1)} checked, nothing found")
    for each in named if now.format == "text" else ():
        if kind_of(each.text().encode("utf-8", "replace")) is PLAN:
            now.say(f"{each.name}: {PLAN.use(each.name)}")
    if failed:
        raise click.exceptions.Exit(1)


def _passed_over(paths: Sequence[Path]) -> str:
    from procdef.diagnostics import listed

    count = f"{len(paths)} file{'s' * (len(paths) != 1)}"
    return f"passed over {count} without `procdef:`: {listed([str(path) for path in paths])}"


def _shown(found: Sequence[Diagnostic], named: Sequence[NamedProcess], format_: str) -> str:
    from procdef.render import findings

    if format_ == "json":
        return findings.json_lines(found)
    if format_ == "github":
        return findings.github(found)
    if format_ == "sarif":
        from procdef.language.rules import RULES

        return findings.sarif(found, {rule.code: rule.explanation for rule in RULES})
    faulty = {finding.span.path for finding in found}
    width = settings().width if sys.stdout.isatty() else None
    return findings.text(found, {each.name: each.text() for each in named if each.name in faulty}, width)


def _walked(files: tuple[str, ...], passed_over: list[Path], now: Settings) -> Iterator[NamedProcess]:
    """What is to be checked; the files of folders that are of no kind are added to ``passed_over``."""
    from procdef.cli.named_process import NamedProcess, named_process
    from procdef.language.yaml_files import yaml_files_below

    for name in files:
        path = Path(name)
        if name == STDIN:
            yield NamedProcess("<stdin>", None, _standard_input())
        elif path.is_dir():
            found = yaml_files_below(path)
            others = [one for one in found if not _is_of_any_kind(one)]
            if len(others) == len(found):
                files_seen = f" (passed over {len(others)} without `procdef:`)" if others else ""
                raise click.UsageError(
                    f"there is no process in the folder {name}{files_seen}: "
                    "the name of a process file ends in .yaml or .yml, and the file begins with procdef: 1"
                )
            passed_over += others
            yield from (NamedProcess(str(one), one) for one in found if one not in set(others))
        else:
            named = named_process(name, now)
            if named.path is not None and not named.path.exists():
                raise click.UsageError(f"there is no file {name}")
            yield named


def _standard_input() -> bytes:
    from procdef.language import LARGEST

    return sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""


def _is_of_any_kind(path: Path) -> bool:
    """Whether a file is of one of the kinds that are checked; what cannot be read is for the checker to tell."""
    from procdef.language.file_kinds import kind_of
    from procdef.language.yaml.file_bytes import file_bytes

    source = file_bytes(path)
    return not isinstance(source, bytes) or kind_of(source) is not None
