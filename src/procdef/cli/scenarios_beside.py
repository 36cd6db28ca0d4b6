"""What the scenarios beside a process try of it, for pictures of that."""

from __future__ import annotations

import click

from procdef.cli.named_process import NamedProcess
from procdef.model import ProcessDefinition
from procdef.scenarios.coverage import Coverage
from procdef.scenarios.discovery import beside
from procdef.scenarios.suite import coverage_of


def coverage_beside(process: NamedProcess, definition: ProcessDefinition) -> Coverage:
    """What they try, those that fail up to where they do. Raises ``click.UsageError`` where there are none."""
    if process.path is None:
        raise click.UsageError(f"{process.name} is in the database, and scenarios lie beside files; name a file")
    files = beside(process.path)
    if not files:
        raise click.UsageError(
            f"there are no scenarios beside {process.path}: their file begins with procdef-test: 1 and names it as its process"
        )
    return coverage_of(definition, files)
