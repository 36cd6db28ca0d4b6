"""``procdef check``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.settings import settings, shared

if TYPE_CHECKING:
    from procdef.diagnostics import Diagnostic


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@shared("text", "json")
def command(files: tuple[str, ...], strict: bool) -> None:
    """Find everything that is wrong in FILES; folders are walked for .yaml and .yml files."""
    from procdef.language import check

    now = settings()
    errors = warnings = seen = 0
    for file in _walked(files):
        seen += 1
        for found in check(file):
            errors += found.severity == "error"
            warnings += found.severity == "warning"
            click.echo(json.dumps(_as_json(found), ensure_ascii=False) if now.json else _as_text(found))
    if not now.json and not errors and not warnings:
        now.say(f"{seen} file{'s' * (seen != 1)} checked, nothing found")
    if errors or (strict and warnings):
        raise click.exceptions.Exit(1)


def _walked(files: tuple[str, ...]) -> Iterator[Path]:
    for name in files:
        path = Path(name)
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file())
        elif path.exists():
            yield path
        else:
            raise click.UsageError(f"there is no file {name}")


def _as_text(found: Diagnostic) -> str:
    span = found.span
    return f"{span.path}:{span.line}:{span.column}: {found.severity.value}: {found.message} [{found.code}]"


def _as_json(found: Diagnostic) -> dict[str, Any]:
    span = found.span
    shown: dict[str, Any] = {
        "code": found.code, "severity": found.severity.value, "path": span.path, "line": span.line,
        "column": span.column, "end_line": span.end_line, "end_column": span.end_column, "message": found.message,
    }  # fmt: skip
    if found.fix is not None:
        shown["fix"] = found.fix
    if found.related:
        shown["related"] = [
            {"path": r.span.path, "line": r.span.line, "column": r.span.column, "message": r.message}
            for r in found.related
        ]
    return shown
