"""Where a deal stands, in a copy of the caller's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procdef import deal as folded
from procdef.log.event import copied


@dataclass(frozen=True, slots=True)
class StandingWaiver:
    """A criterion that somebody let pass, with event ``n``, and that has not been used up. ``reads`` are the fields and
    actions whose change ends it."""

    criterion: str
    n: int
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DealView:
    """A deal as it stands after its ``n``-th event. Times are UTC text; ``values`` are in the log's canonical form.

    ``title`` is what people call it beside its id, in a process that says which field tells.

    ``mode`` is ``open``, ``lost`` or ``done``. ``path`` are the stages by which it came, the present one last, and ``visit``
    counts its stays, from 1. ``standing`` holds for each action the people whose completions (of a decision: approvals)
    stand, ``rejected`` who rejected last, ``changed_by`` who last changed each field. ``erased`` are the fields whose
    present value was erased: they are unset. ``started``, ``entered`` (the stage), ``offered``, ``won``, ``lost`` and
    ``finished`` are when these things happened, ``due`` is by when the stage should be left; ``latest`` is when the last
    step happened, ``active`` the last that was applied, ``contacted`` when a contact was last noted, ``at`` when the last
    event was recorded. ``reason`` is why it was lost, ``origin`` the stream of the deal that it grew from. ``definition`` is
    the SHA-256 of the definition that it is pinned to, ``head`` the hash of its last event.
    """

    stream: str
    key: str | None
    title: str | None
    process: str
    version: int
    definition: str
    stage: str
    mode: str
    owner: str
    path: tuple[str, ...]
    visit: int
    started: str
    entered: str
    due: str | None
    latest: str
    active: str
    contacted: str | None
    offered: str | None
    won: str | None
    lost: str | None
    finished: str | None
    reason: str | None
    origin: str | None
    values: Mapping[str, Any]
    erased: tuple[str, ...]
    standing: Mapping[str, tuple[str, ...]]
    rejected: Mapping[str, str]
    changed_by: Mapping[str, str]
    waivers: tuple[StandingWaiver, ...]
    n: int
    head: str
    at: str

    @property
    def name(self) -> str:
        """The deal's id for people, or its stream where that was erased."""
        return self.key or self.stream

    @property
    def outcome(self) -> str:
        """``open``, ``won`` or ``lost``."""
        return "lost" if self.mode == "lost" else "won" if self.won else "open"

    @property
    def passed(self) -> tuple[str, ...]:
        """The stages on the path that the deal has left behind."""
        return self.path[:-1]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it in ``status``."""
        return {
            "deal": self.name, "title": self.title, "process": self.process, "version": self.version, "stage": self.stage,
            "mode": self.mode, "outcome": self.outcome, "owner": self.owner, "entered": self.entered, "due": self.due,
            "values": dict(self.values), "erased": list(self.erased),
            "waived": [waiver.criterion for waiver in self.waivers],
        }  # fmt: skip


Deal = DealView
"""Its name in ``procdef``."""


def view_of(deal: folded.Deal, title: str | None) -> DealView:
    """The deal for a caller, with values that nobody else holds: the engine's own pass the gates, and go into the log."""
    own: dict[str, Any] = {
        **deal._asdict(),
        "title": title,
        "values": copied(deal.values),
        "standing": dict(deal.standing),
        "rejected": dict(deal.rejected),
        "changed_by": dict(deal.changed_by),
        "waivers": tuple(StandingWaiver(*waiver) for waiver in deal.waivers),
    }
    return DealView(**own)
