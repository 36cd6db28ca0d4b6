"""``procdef schema``."""

from __future__ import annotations

from typing import Any

import click

from procdef.cli.global_options import shared
from procdef.cli.output import echo


@click.command("schema")
@click.option("--log", is_flag=True, help="Of the events of a log, as they are stored.")
@click.option("--people", is_flag=True, help="Of directories of people, for editors.")
@click.option("--api", is_flag=True, help="Of what commands print as JSON, and the engine hands out.")
@click.option("--scenarios", is_flag=True, help="Of files of scenarios, for editors.")
@click.option("--assumptions", is_flag=True, help="Of files of assumptions, for editors.")
@click.option("--plan", is_flag=True, help="Of plans of migrations, for editors.")
@shared()
def command(log: bool, people: bool, api: bool, scenarios: bool, assumptions: bool, plan: bool) -> None:
    """Print the JSON Schema of process files, for editors, of what stands beside them, of events, or of results."""
    asked = {"log": log, "people": people, "api": api, "scenarios": scenarios, "assumptions": assumptions, "plan": plan}
    if sum(asked.values()) > 1:
        *names, last = (f"--{name}" for name in asked)
        raise click.UsageError(f"{', '.join(names)} and {last} are schemas of their own; ask for one of them")
    if log:
        from procdef.events.json_schema import log_schema

        _print(log_schema())
        return
    if api:
        from procdef.results.schema import api_schema

        _print(api_schema())
        return
    from procdef.resources import shipped

    name = next((name for name, wanted in asked.items() if wanted), "process")
    echo((shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"), newline=False)


def _print(schema: dict[str, Any]) -> None:
    import json

    echo(json.dumps(schema, indent=2, ensure_ascii=False))
