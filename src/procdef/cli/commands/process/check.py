"""``procdef check``."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.diagnostics import Diagnostic


STDIN = Path("-")
_NAME = "<stdin>"
_ENDINGS = (".yaml", ".yml")
_DECLARES = re.compile(rb"""(?:^|\A[\s{]*)["']?procdef["']?\s*(?::|\xef\xbc\x9a|\d)""", re.MULTILINE)
_PARTS = re.compile(rb"^(roles|fields|stages)[ ]*:", re.MULTILINE)


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@shared("text", "json", "sarif", "github")
def command(files: tuple[str, ...], strict: bool) -> None:
    """Find everything that is wrong in FILES; folders are walked for .yaml and .yml files, - is the standard input."""
    from procdef.language import LARGEST, check, check_source

    now = settings()
    passed_over: list[Path] = []
    paths = list(_walked(files, passed_over))
    if passed_over and not now.quiet:
        now.show(_passed_over(passed_over), err=True)
    given = sys.stdin.buffer.read(LARGEST + 1) if STDIN in paths and sys.stdin else b""
    bad = ("error", "warning") if strict else ("error",)
    told = failed = False
    # File by file, so that many faulty files take no more memory than one; a SARIF log is one whole.
    batches = ([path] for path in paths) if now.format != "sarif" else [paths]
    for batch in batches:
        found = [finding for path in batch for finding in (check_source(given, _NAME) if path == STDIN else check(path))]
        shown = _shown(found, batch, given, now.format)
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


def _passed_over(paths: Sequence[Path]) -> str:
    from procdef.diagnostics import listed

    count = f"{len(paths)} file{'s' * (len(paths) != 1)}"
    return f"passed over {count} without `procdef:`: {listed([str(path) for path in paths])}"


def _shown(found: Sequence[Diagnostic], paths: Sequence[Path], given: bytes, format_: str) -> str:
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
    sources = {str(path): source(path) for path in paths if str(path) in faulty and path != STDIN}
    if STDIN in paths:
        sources[_NAME] = given.decode("utf-8-sig", errors="replace")
    return findings.text(found, sources, width)


def _walked(files: tuple[str, ...], passed_over: list[Path]) -> Iterator[Path]:
    """The files to check; those of folders that are no processes are added to ``passed_over``."""
    for name in files:
        path = Path(name)
        if path == STDIN:
            yield path
        elif path.is_dir():
            found = sorted(_inside(path))
            others = [one for one in found if not _may_be_process(one)]
            if len(others) == len(found):
                files_seen = f" (passed over {len(others)} without `procdef:`)" if others else ""
                raise click.UsageError(
                    f"there is no process in the folder {name}{files_seen}: "
                    "the name of a process file ends in .yaml or .yml, and the file begins with procdef: 1"
                )
            passed_over += others
            yield from (one for one in found if one not in set(others))
        elif path.exists():
            yield path
        else:
            raise click.UsageError(f"there is no file {name}")


def _inside(folder: Path) -> Iterator[Path]:
    """The process files below a folder; links to folders are not followed, so that a walk ends."""
    for place, _, names in os.walk(folder, onerror=_raised):
        paths = (Path(place, name) for name in names)
        yield from (path for path in paths if path.suffix.lower() in _ENDINGS and path.is_file())


def _may_be_process(path: Path) -> bool:
    """Whether a file declares a process, or has the parts of one; what cannot be read is for the checker to tell."""
    from procdef.language import LARGEST
    from procdef.open_databases import is_held

    if is_held(path):
        return True
    try:
        with path.open("rb") as file:
            begin = file.read(LARGEST + 1).replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
    except OSError:
        return True
    return _DECLARES.search(begin) is not None or len(set(_PARTS.findall(begin))) > 1


def _raised(error: OSError) -> NoReturn:
    raise error
