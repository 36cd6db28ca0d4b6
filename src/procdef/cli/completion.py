"""What the shell offers when a line is completed. A failure offers nothing: a prompt is no place for messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

import click

from procdef.cli.global_options import settings_of
from procdef.commands import ArgumentKind
from procdef.errors import ProcdefError

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.model import ProcessDefinition
    from procdef.results.deal_view import DealView

Complete = Callable[[click.Context, click.Parameter, str], list[str]]
_MOST = 200


def _offering(find: Callable[[click.Context, Engine], Iterable[str]]) -> Complete:
    """What ``find`` says that begins with what was typed; nothing where the database or the deal cannot be read."""

    def complete(context: click.Context, _parameter: click.Parameter, start: str) -> list[str]:
        try:
            names = find(context, settings_of(context).engine())
            return list(islice((name for name in names if name.startswith(start)), _MOST))
        except (ProcdefError, OSError, click.UsageError):
            return []

    return complete


def _at(context: click.Context, engine: Engine) -> tuple[ProcessDefinition, DealView]:
    """The deal that the line names, and its process. Raises ``UnknownDeal``, also while none is named."""
    deal = engine.deal(context.params.get("deal") or "?")
    return engine.definition_of(deal), deal


def _deals(_context: click.Context, engine: Engine) -> Iterable[str]:
    return (row.name for row in engine.deals())


def _processes(_context: click.Context, engine: Engine) -> Iterable[str]:
    return sorted({definition.id for definition in engine.definitions()})


def _all_stages(_context: click.Context, engine: Engine) -> Iterable[str]:
    return dict.fromkeys(stage for definition in engine.definitions() for stage in definition.stages)


def _starts(context: click.Context, engine: Engine) -> Iterable[str]:
    return engine.definition(context.params.get("process") or "?").starts


def _forward(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, deal = _at(context, engine)
    return definition.stages[deal.stage].next


def _backward(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, deal = _at(context, engine)
    return (stage for stage in definition.stages[deal.stage].back if stage in deal.passed)


def _actions(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, deal = _at(context, engine)
    stage = definition.stages[deal.stage]
    return (*stage.required_actions, *stage.optional_actions)


def _ways(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, deal = _at(context, engine)
    action = definition.stages[deal.stage].action(context.params.get("action") or "")
    return action.ways if action else ()


def _fields(context: click.Context, engine: Engine) -> Iterable[str]:
    process = context.params.get("process")
    definition = engine.definition(process) if process else _at(context, engine)[0]
    return (f"{name}=" for name in definition.fields)


def _criteria(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, deal = _at(context, engine)
    stage = definition.stages[deal.stage]
    ahead = (c for target in stage.next for c in definition.stages[target].entry_criteria.values())
    return (criterion.path for criterion in (*stage.exit_criteria.values(), *ahead) if criterion.waivable_by)


def _reasons(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, _ = _at(context, engine)
    return definition.lost.reasons if definition.lost else ()


def _objections(context: click.Context, engine: Engine) -> Iterable[str]:
    definition, deal = _at(context, engine)
    playbook = definition.stages[deal.stage].playbook
    return playbook.objections if playbook else ()


complete_deal = _offering(_deals)
complete_process = _offering(_processes)
complete_any_stage = _offering(_all_stages)

COMPLETIONS: Mapping[ArgumentKind, Complete] = {
    ArgumentKind.PROCESS: complete_process,
    ArgumentKind.START_STAGE: _offering(_starts),
    ArgumentKind.NEXT_STAGE: _offering(_forward),
    ArgumentKind.EARLIER_STAGE: _offering(_backward),
    ArgumentKind.ACTION: _offering(_actions),
    ArgumentKind.WAY: _offering(_ways),
    ArgumentKind.CRITERION: _offering(_criteria),
    ArgumentKind.LOSS_REASON: _offering(_reasons),
    ArgumentKind.OBJECTION: _offering(_objections),
    ArgumentKind.DEAL: complete_deal,
    ArgumentKind.FIELD_VALUES: _offering(_fields),
}
"""What is offered for an argument of a command, by what the argument names."""
