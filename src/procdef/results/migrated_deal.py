"""What a migration comes to for one deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class AgainstMigration(Result):
    """One thing for which a deal stays where it is. ``what``: ``stage``, ``path``, ``field`` or ``action``, ``id`` is its id.

    ``why``: what ``procdef diff`` says of a deal that needs an answer, where the plan has none: ``gone``, ``type``, ``option``,
    ``column``, ``currency``, ``shown``, ``decision``, ``table``. Else, of the new version: ``win`` (the deal would be won, or
    not be won any more), ``unreachable`` or ``twice`` (the path would be none), ``value`` (the value does not fit),
    ``calendar`` (when it is due is not known), ``lost`` (the way back would lose it).
    """

    what: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class WorkAfterMigration(Result):
    """What a deal would need in the new version and did not before. ``what``: ``action`` or ``criterion``, ``id`` is its path;
    ``status``: ``open``, ``unmet`` or ``unknown``."""

    what: str
    id: str
    status: str


@dataclass(frozen=True, slots=True)
class OtherRow(Result):
    """An approval that comes along by the number of the row of its table, which says otherwise in the new version. ``action``
    is its path there, ``row`` the number, ``was`` and ``now`` who decides by it, and where; ``now`` is ``None`` where there is
    no such row, so that the approval counts no more."""

    action: str
    row: int
    was: str
    now: str | None


@dataclass(frozen=True, slots=True)
class MigratedDeal(Result):
    """A deal and what became of it: ``moves`` (it would go over), ``migrated``, ``refused`` (``against`` says why), ``error``
    (``message`` says which). ``version`` and ``stage`` are those before, ``stage_after`` is that in the new version.

    Of one that goes over: ``new_work`` is what it needs to go on from its stage, ``behind`` what of stages that it passed was
    never done, ``overdue`` when its stage was due, where that is past and was not before, ``late`` by their paths when the
    actions were due of which that is so, ``other_rows`` the approvals that were given under a row of a table by which others
    decide now, or in other cases: they count where the row of the same number holds.
    """

    deal: str
    version: int
    stage: str
    owner: str
    status: Literal["moves", "migrated", "refused", "error"]
    stage_after: str | None = None
    against: tuple[AgainstMigration, ...] = ()
    new_work: tuple[WorkAfterMigration, ...] = ()
    behind: tuple[WorkAfterMigration, ...] = ()
    overdue: str | None = None
    message: str = ""
    late: Mapping[str, str] = field(default_factory=dict)
    other_rows: tuple[OtherRow, ...] = ()
