"""What the shell offers when a line is completed. A failure offers nothing: a prompt is no place for messages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import click

from procdef.cli.settings import settings_of
from procdef.errors import ProcdefError

if TYPE_CHECKING:
    from procdef.model import ProcessDefinition

_MOST = 200


def complete_deal(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Names of deals."""
    from procdef.store.port import Deals

    try:
        names = (row.key for row in settings_of(context).engine().deals(Deals()))
        return list(islice((name for name in names if name.startswith(start)), _MOST))
    except (ProcdefError, OSError):
        return []


def complete_stage(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Stages of the deal's process."""
    definition = _definition(context)
    return _fitting(definition.stages, start) if definition else []


def complete_action(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Actions of the deal's present stage."""
    definition = _definition(context)
    if definition is None:
        return []
    deal = settings_of(context).engine().deal(context.params["deal"])
    stage = definition.stages[deal.stage]
    return _fitting((*stage.required_actions, *stage.optional_actions), start)


def complete_criterion(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Criteria of the deal's process, as STAGE.CRITERION."""
    definition = _definition(context)
    if definition is None:
        return []
    stages = definition.stages.values()
    return _fitting((c.path for s in stages for c in (*s.entry_criteria.values(), *s.exit_criteria.values())), start)


def complete_reason(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Reasons to lose a deal."""
    definition = _definition(context)
    return _fitting(definition.lost.reasons, start) if definition and definition.lost else []


def complete_process(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
    """Published processes."""
    try:
        return _fitting(sorted({each.id for each in settings_of(context).engine().definitions()}), start)
    except (ProcdefError, OSError):
        return []


def _definition(context: click.Context) -> ProcessDefinition | None:
    name = context.params.get("deal")
    if not name:
        return None
    try:
        engine = settings_of(context).engine()
        return engine.definition_of(engine.deal(name))
    except (ProcdefError, OSError):
        return None


def _fitting(names: Iterable[str], start: str) -> list[str]:
    return [name for name in names if name.startswith(start)]
