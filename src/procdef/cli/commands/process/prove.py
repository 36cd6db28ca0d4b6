"""``procdef prove``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from procdef.cli.global_options import settings, shared
from procdef.cli.output import echo

if TYPE_CHECKING:
    from procdef.cli.named_process import NamedProcess
    from procdef.model import ProcessDefinition
    from procdef.proof import Flaw
    from procdef.proof.account import Account


@click.command("prove")
@click.argument("process", metavar="FILE", type=click.Path())
@click.option("--scenarios", is_flag=True, help="Print only what was found, as scenarios for `procdef test`.")
@shared("text", "json")
def command(process: str, scenarios: bool) -> None:
    """What holds for all deals that there could be under the process in FILE, what does not, and what was not decided.

    FILE is a file, a published process (`id`, `id@version`) or a shipped one. Exit 1 where a warning was found; what is
    told as `info` may well be meant, and what was not decided is no fault. With --scenarios nothing is printed where no steps
    of a deal show a fault; what is printed belongs into a new file beside the process.
    """
    from procdef.cli.named_process import named_process
    from procdef.language.rules import BY_CODE
    from procdef.proof.account import account
    from procdef.render.proof import proof_text

    now = settings()
    named = named_process(process, now)
    definition = named.definition()
    found = account(definition)
    if scenarios:
        _show_scenarios(named, definition, found)
    elif now.json:
        for line in _lines(definition, found):
            echo(json.dumps(line, ensure_ascii=False))
    else:
        now.show(proof_text(definition, found, now.width))
    if any(BY_CODE[flaw.finding.code].severity != "info" for flaw in found.flaws):
        raise click.exceptions.Exit(1)


def _show_scenarios(named: NamedProcess, definition: ProcessDefinition, found: Account) -> None:
    """Print them for a file that lies beside the process, as that is where scenarios are looked for, and say so."""
    from procdef.scenarios.shown_flaws import flaw_file

    shown: dict[str, Flaw] = {}
    for flaw in found.flaws:
        if flaw.steps:
            shown[f"{flaw.finding.code}_{flaw.finding.subject}".replace("-", "_").replace(".", "_")[:64]] = flaw
    now = settings()
    if not shown:
        told = "what was found is shown by no steps of a deal; prove it without --scenarios to read of it"
        sound = "nothing was found that steps of a deal would show"
        now.show(f"{definition.name}: {told if found.flaws else sound}", err=True)
        return
    file = named.path if named.path is not None else Path(f"{definition.id}.yaml")
    echo(flaw_file(definition, file.name, shown), newline=False)
    if not now.quiet:
        count, them = (f"{len(shown)} scenarios", "them") if len(shown) > 1 else ("1 scenario", "it")
        now.show(
            f"{definition.name}: {count}; save {them} as {file.with_suffix('.test.yaml')}, beside {file}", err=True
        )


def _lines(definition: ProcessDefinition, found: Account) -> list[dict[str, Any]]:
    from procdef.results.proof import proof_of

    proof = proof_of(definition, found)
    counted = {name: len(value) if isinstance(value, list) else value for name, value in proof.as_dict().items()}
    answers = [each.as_dict() for each in (*proof.flaws, *proof.follows, *proof.proved, *proof.open)]
    return [*answers, {"kind": "summary", **counted}]
