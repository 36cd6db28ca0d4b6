"""What a timer told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class TimerTold(Result):
    """Something that ``Engine.tick`` told of a deal, now on record.

    ``of`` is the stage or the ``stage.action`` that is ``due`` then; ``before`` is how long before that a reminder came;
    ``lapses``: the action is done, and ``due`` is when that lapses and it is to be done or approved again. To be
    told are its ``owner`` and whoever has one of the ``roles``: those that do it, or that it was escalated to; where there are
    none, it is the owner's alone. Of a deal that ``failed`` something could not be told, and ``problem`` says why; it has
    nothing else.
    """

    deal: str
    kind: Literal["reminded", "overdue", "escalated", "failed"]
    of: str | None = None
    due: str | None = None
    before: str | None = None
    title: str | None = None
    process: str | None = None
    stage: str | None = None
    owner: str | None = None
    roles: tuple[str, ...] = ()
    problem: str | None = None
    lapses: bool = False
