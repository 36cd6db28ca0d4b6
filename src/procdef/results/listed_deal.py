"""A deal in a list of deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ListedDeal:
    """A deal in a list. Times are UTC text, ``amount`` is decimal text: the field of the process's ``deal.value``.

    ``title`` is what people call it beside its id, in a process that says which field tells.
    ``mode`` is ``open``, ``lost`` or ``done``, ``outcome`` is ``open``, ``won`` or ``lost``. ``started``, ``entered`` (the
    stage), ``offered``, ``won``, ``lost`` and ``finished`` are when these things happened; ``due`` is by when the stage should
    be left, ``expected`` the day on which the deal is expected to close. ``n`` counts its events.
    """

    stream: str
    key: str
    process: str
    version: int
    stage: str
    mode: str
    outcome: str
    owner: str
    started: str
    entered: str
    due: str | None
    amount: str | None
    expected: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    n: int
    title: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it in ``deals``."""
        return {
            "deal": self.key, "title": self.title, "process": self.process, "version": self.version, "stage": self.stage,
            "outcome": self.outcome, "owner": self.owner, "entered": self.entered, "due": self.due, "value": self.amount,
        }  # fmt: skip


DealRow = ListedDeal
"""Its name in ``procdef``."""
