"""``procdef start``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from procdef.cli.deal_command import by_its_method, deal_command
from procdef.commands import Command, Start
from procdef.results.refusal import StepRefused

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.results.done import Done


def _start(engine: Engine, command: type[Command], given: dict[str, Any]) -> Done:
    try:
        return by_its_method(engine, command, given)
    except StepRefused as refused:
        raise _by_its_name(refused, given["origin"]) from None


def _by_its_name(refused: StepRefused, origin: str | None) -> StepRefused:
    """The refusal with commands that call the deal it grows from what the person called it."""
    if origin is None:
        return refused
    unmet = []
    for item in refused.unmet:
        again = item.suggestion
        if again is not None and "from" in again.arguments:
            again = replace(again, arguments={**again.arguments, "from": origin})
        unmet.append(replace(item, suggestion=again))
    return StepRefused(refused.headline, tuple(unmet), refused.replayed, refused.record, refused.title, refused.subject)


command = deal_command(Start, _start)
