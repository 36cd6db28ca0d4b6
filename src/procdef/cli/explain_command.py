"""``procdef explain``."""

from __future__ import annotations

import json

import click

from procdef.cli.settings import settings, shared


def _complete(_context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    from procdef.language.rules import BY_CODE

    return [code for code in BY_CODE if code.startswith(start)]


@click.command("explain")
@click.argument("code", shell_complete=_complete)
@shared()
def command(code: str) -> None:
    """Why the rule CODE matters, and how to mend what it finds."""
    from difflib import get_close_matches

    from procdef.language.rules import BY_CODE

    rule = BY_CODE.get(code)
    if rule is None:
        near = get_close_matches(code, BY_CODE, 1)
        raise click.UsageError(f'there is no rule "{code}"' + (f' (did you mean "{near[0]}"?)' if near else ""))
    shown = {"code": rule.code, "severity": rule.severity.value, "family": rule.family, "explanation": rule.explanation}
    if settings().json:
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        click.echo(f"{rule.code} ({rule.severity.value}, {rule.family})\n\n{rule.explanation.strip()}")
