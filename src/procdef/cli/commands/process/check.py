"""``procdef check``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.diagnostics import Diagnostic


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@shared("text", "json", "sarif", "github")
def command(files: tuple[str, ...], strict: bool) -> None:
    """Find everything that is wrong in FILES; folders are walked for .yaml and .yml files."""
    from procdef.language import check

    now = settings()
    paths = list(_walked(files))
    bad = ("error", "warning") if strict else ("error",)
    told = failed = False
    # File by file, so that many faulty files take no more memory than one; a SARIF log is one whole.
    batches = ([path] for path in paths) if now.format != "sarif" else [paths]
    for batch in batches:
        found = [finding for path in batch for finding in check(path)]
        shown = _shown(found, batch, now.format)
        if now.format == "text":
            now.show(shown, newline=False)
        else:
            echo(shown, newline=False)
        told = told or bool(found)
        failed = failed or any(finding.severity in bad for finding in found)
    if now.format == "text" and not told:
        now.say(f"{len(paths)} file{'s' * (len(paths) != 1)} checked, nothing found")
    if failed:
        raise click.exceptions.Exit(1)


def _shown(found: Sequence[Diagnostic], paths: Sequence[Path], format_: str) -> str:
    from procdef.cli.error_output import source
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
    return findings.text(found, {str(path): source(path) for path in paths if str(path) in faulty}, width)


def _walked(files: tuple[str, ...]) -> Iterator[Path]:
    for name in files:
        path = Path(name)
        if path.is_dir():
            yield from sorted(_inside(path))
        elif path.exists():
            yield path
        else:
            raise click.UsageError(f"there is no file {name}")


def _inside(folder: Path) -> Iterator[Path]:
    """The process files below a folder; links to folders are not followed, so that a walk ends."""
    for place, _, names in os.walk(folder, onerror=_raised):
        paths = (Path(place, name) for name in names)
        yield from (path for path in paths if path.suffix in (".yaml", ".yml") and path.is_file())


def _raised(error: OSError) -> NoReturn:
    raise error
