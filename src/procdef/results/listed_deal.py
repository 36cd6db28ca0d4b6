"""A deal in a list of deals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from procdef.results.result import Result, json_key

Mode = Literal["open", "lost", "done"]
Outcome = Literal["open", "won", "lost"]


@dataclass(frozen=True, slots=True)
class DealFacts(Result):
    """What is told of a deal wherever one is told. Times are UTC text.

    ``name`` is its id for people (``key``), or its ``stream`` once that was erased; ``title`` is what people call it beside
    its id, in a process that says which field tells. ``started``, ``entered`` (the stage), ``offered``, ``won``, ``lost`` and
    ``finished`` are when these things happened, ``due`` is by when the stage should be left; ``reason`` is why it was lost.
    ``amount`` is decimal text in ``currency``: the field of the process's ``deal.value``; ``expected`` is that of
    ``deal.close``, the day on which the deal is expected to close. ``active`` is when somebody last took a step that was
    applied, ``None`` in an older log that may not be written to. ``n`` is the number of its last event.
    """

    name: str = field(metadata=json_key("deal"))
    title: str | None
    stream: str
    key: str | None
    process: str
    version: int
    stage: str
    mode: Mode
    outcome: Outcome
    owner: str
    started: str
    entered: str
    due: str | None
    amount: str | None = field(metadata=json_key("value"))
    currency: str | None
    expected: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    active: str | None
    n: int


@dataclass(frozen=True, slots=True)
class ListedDeal(DealFacts):
    """A deal in a list. ``deadline`` is by when the first of what is still to be done in it is due, leaving the stage with it,
    as it was known at its last event or tick; ``None`` in an older log that may not be written to."""

    __qualname__ = "DealRow"
    deadline: str | None


DealRow = ListedDeal
"""Its name in ``procdef``, which stands where Python shows one."""
