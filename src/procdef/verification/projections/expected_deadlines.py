"""When something in a deal is due, and when it is looked at for that, within the bounds that no expression and no calendar
has to be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.deal import Deal
from procdef.log.envelope import is_time
from procdef.model import Action, ProcessDefinition, Sla
from procdef.store.rows import DealRow

Column = tuple[str, str]
"""A column, and what was expected there."""


def strange_deadlines(definition: ProcessDefinition, deal: Deal, stored: DealRow) -> Iterator[Column]:
    """What the columns ``deadline`` and ``wake`` cannot hold of this deal."""
    if deal.mode != "open":
        yield from ((name, "none") for name in ("deadline", "wake") if getattr(stored, name) is not None)
        return
    stage = definition.stages[deal.stage]
    surely: dict[str, tuple[Sla, str]] = {}
    perhaps = set[str]()
    if stage.sla is not None and deal.due is not None:
        surely[stage.id] = stage.sla, deal.due
    for action in definition.actions.values():
        due = deal.dues.get(action.path)
        if action.stage != stage.id or action.sla is None or due is None or _surely_done(deal, action):
            continue
        perhaps.add(due)
        if action.when is None and not deal.standing.get(action.path):
            surely[action.path] = action.sla, due
    times = {due for _, due in surely.values()}
    if stored.deadline is not None and stored.deadline not in times | perhaps:
        yield "deadline", "when something that is not done is due"
    elif times and (stored.deadline is None or stored.deadline > min(times)):
        yield "deadline", f"{min(times)} or earlier"
    if stored.wake is not None and not is_time(stored.wake):
        yield "wake", "a time"
        return
    untold = [due for of, (_, due) in surely.items() if (of, "overdue", due) not in deal.told]
    unescalated = any(
        sla.escalate_to and (of, "escalated", due) not in deal.told for of, (sla, due) in surely.items()
    )
    if (untold and (stored.wake is None or stored.wake > min(untold))) or (unescalated and stored.wake is None):
        yield "wake", f"{min(untold)} or earlier" if untold else "a time"


def _surely_done(deal: Deal, action: Action) -> bool:
    """Whether it is done whatever its conditions say, and stays so."""
    if action.path in deal.until or action.path in deal.rows:
        return False
    return len(deal.standing.get(action.path, ())) >= action.at_least and all(map(deal.was_filled, action.records))
