"""What a simulation cannot do without, told before it begins."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.errors import InvalidArgument
from procdef.model import ProcessDefinition
from procdef.simulation.assumptions.model import Assumptions

_MOST = 10


def refuse_impossible(definition: ProcessDefinition, assumptions: Assumptions) -> None:
    """Raise ``InvalidArgument`` where no deal comes in, or nobody has the role for something that every deal may need."""
    if not any(
        assumptions.arrivals[start].in_month(month) > 0
        for start in definition.starts
        if start in assumptions.arrivals
        for month in range(1, 13)
    ):
        names = ", ".join(f"arrivals.{start}" for start in definition.starts)
        raise InvalidArgument(f"no deal ever comes in: give {names} a number above 0")
    lacking = list(dict.fromkeys(_lacking(definition, assumptions)))
    if lacking:
        shown = lacking[:_MOST]
        more = f", and {len(lacking) - len(shown)} more" if len(lacking) > len(shown) else ""
        raise InvalidArgument(f"{'; '.join(shown)}{more}; in the assumptions, give one of these roles people")


def _lacking(definition: ProcessDefinition, assumptions: Assumptions) -> Iterator[str]:
    """Sentences that say where nobody can do something."""

    def nobody(roles: tuple[str, ...]) -> bool:
        return not any(assumptions.people[role].number > 0 for role in roles or tuple(definition.roles))

    for stage in definition.stages.values():
        if nobody(stage.owner):
            yield f"nobody is {_either(stage.owner)}, whose stage {stage.id} is"
        for action in stage.required_actions.values():
            for roles in [action.by] if not action.table else [row.roles for row in action.table]:
                if roles and nobody(roles):
                    yield f"nobody is {_either(roles)}, who does {action.path}"


def _either(roles: tuple[str, ...]) -> str:
    return " or ".join(roles) or "anything"
