"""``procdef explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from procdef.cli.settings import settings, shared

if TYPE_CHECKING:
    from procdef.language.rules.rule import Rule


def _complete(_context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    from procdef.language.rules import BY_CODE

    return [code for code in BY_CODE if code.startswith(start)]


@click.command("explain")
@click.argument("code", shell_complete=_complete)
@shared()
def command(code: str) -> None:
    """Why the rule CODE matters and how to mend what it finds, with a wrong and a right example."""
    from difflib import get_close_matches

    from procdef.language.rules import BY_CODE

    rule = BY_CODE.get(code)
    if rule is None:
        near = get_close_matches(code, BY_CODE, 1)
        raise click.UsageError(f'there is no rule "{code}"' + (f' (did you mean "{near[0]}"?)' if near else ""))
    example = _examples().get(code)
    if settings().json:
        shown = {"code": code, "severity": rule.severity.value, "family": rule.family, "explanation": rule.explanation}
        click.echo(json.dumps(shown | {"example": example}, ensure_ascii=False))
    else:
        click.echo(_as_text(rule, example))


def _examples() -> dict[str, dict[str, str]]:
    """By code ``wrong``, ``finding`` and ``right``; ``tools/make_diagnostics.py`` makes the file from the golden files."""
    import procdef.language

    file = Path(procdef.language.__file__).with_name("examples.json")
    examples: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return examples


def _as_text(rule: Rule, example: dict[str, str] | None) -> str:
    parts = [f"{rule.code} ({rule.severity.value}, {rule.family})", rule.explanation.strip()]
    if example:
        parts += ["Wrong:", _indented(example["wrong"]), _indented(example["finding"])]
        parts += ["Right:", _indented(example["right"])]
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
