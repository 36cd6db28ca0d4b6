"""What a change of a process means for the deals that are under way in it: each one told, and all of them counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from procdef.changes.comparison import Comparison
from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.migration import Mapped, Migration, Stay
from procdef.decide.under_new_version import NewVersion, Outlook
from procdef.engine.queries import UNREADABLE, awake
from procdef.engine.trial_migration import as_if, brought_rows, judged, other_rows
from procdef.errors import LogBroken
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.results.migrated_deal import OtherRow
from procdef.store.port import Tx
from procdef.store.queries import Deals, Definitions
from procdef.store.rows import DealRow

GROUPS = ("answers", "new_work", "behind", "overdue", "other_rows")
"""What can come to a deal, the hardest first; the same names as in ``Outlook``, and as a migration tells."""
_UNREADABLE = (*UNREADABLE, LookupError, AttributeError)
MOST_NAMED = 20
"""So many deals of a reason are named to people."""
_NOBODY = Actor("nobody")
"""Who would set what a plan sets: nothing that is told depends on that."""
_Rows = Mapping[tuple[str, int], tuple[str, str | None]]
_UNDER_WAY = ("open", "won")
"""The outcomes of deals that may still be under way; those that are finished are told by their mode."""


@dataclass(frozen=True, slots=True)
class ChangedDeal:
    """A deal of the old version, and what the new one would mean for it; ``other_rows`` as in ``MigratedDeal``."""

    deal: str
    version: int
    stage: str
    outcome: str
    owner: str
    outlook: Outlook
    other_rows: tuple[OtherRow, ...] = ()

    @property
    def as_it_is(self) -> bool:
        """Whether the deal could go on under the new version without anybody noticing."""
        return self.outlook.as_it_is and not self.other_rows

    def reasons(self) -> Iterator[Reason]:
        """Why it stands in its groups."""
        outlook = self.outlook
        yield from (Reason("answers", *clash) for clash in outlook.answers)
        yield from (Reason("new_work", *item) for item in outlook.new_work)
        yield from (Reason("behind", *item) for item in outlook.behind)
        if outlook.overdue is not None:
            yield Reason("overdue", "stage", self.stage, "due")
        yield from (Reason("overdue", "action", each.action, "due") for each in outlook.late)
        yield from map(reason_of, self.other_rows)


class Reason(NamedTuple):
    """Why a deal stands in a group: an item with its status, or a clash with its cause; what is overdue is a ``stage``
    or an ``action``, and ``due`` how; of an approval what its row said and says."""

    group: str
    what: str
    id: str
    how: str


def reason_of(row: OtherRow) -> Reason:
    """Why a deal is told of that brings an approval under a row that says otherwise."""
    said = "and the new version has no such row" if row.now is None else f'which is now "{row.now}"'
    return Reason("other_rows", "action", row.action, f'row {row.row} of its table: "{row.was}", {said}')


@dataclass(slots=True)
class Counted:
    """How many deals have a reason, and the first of them by name."""

    deals: int = 0
    first: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """How many deals there are, by what comes to them; a deal may stand in several groups, and have several reasons.

    ``elsewhere`` counts the deals under way in other versions that are older than the new one, by version.
    """

    deals: int = 0
    as_it_is: int = 0
    groups: Counter[str] = field(default_factory=Counter)
    reasons: defaultdict[Reason, Counted] = field(default_factory=lambda: defaultdict(Counted))
    elsewhere: Counter[int] = field(default_factory=Counter)

    def count(self, deal: ChangedDeal) -> None:
        """Add a deal; of those that have a reason only the first are remembered."""
        self.deals += 1
        if deal.as_it_is:
            self.as_it_is += 1
            return
        reasons = list(deal.reasons())
        self.groups.update({reason.group for reason in reasons})
        for reason in reasons:
            counted = self.reasons[reason]
            counted.deals += 1
            if len(counted.first) < MOST_NAMED:
                counted.first.append(deal.deal)


def is_published(tx: Tx, definition: ProcessDefinition) -> bool:
    """Whether this very version is published here, so that there can be deals of it."""
    row = next(iter(tx.scan(Definitions(sha256=definition.sha256))), None)
    return row is not None and (row.id, row.version) == (definition.id, definition.version)


def changed_deals(
    tx: Tx, old: ProcessDefinition, new: ProcessDefinition, found: Comparison, now: datetime, tally: Tally,
    plan: Mapped | None = None,
) -> Iterator[ChangedDeal]:  # fmt: skip
    """The deals of ``old`` that are not lost or finished, open ones before those that are won, each by its key.

    With a ``plan`` it is told what would come to each that goes over by it, as a migration would tell; what the plan leaves
    open, or what keeps the deal where it is, needs an answer. ``found`` is the comparison of the two without new names.

    They are counted in ``tally`` as they pass, and none is kept. Raises ``LogBroken`` or ``NewerLog`` for one that cannot
    be read, ``CalendarUnknown`` where a due time cannot be worked out.
    """
    migration = None if plan is None else Migration(old, new, plan, found)
    change = NewVersion(old, new, found, migration)
    rows = {} if migration is None else dict(other_rows(old, new, migration))
    touched = {stage: migration is not None or change.touches(stage) for stage in old.stages}
    for outcome in _UNDER_WAY:
        for row in tx.scan(Deals(old.id, outcome=outcome)):
            if row.mode != "open":
                continue
            try:
                if row.version == old.version:
                    deal = _told(tx, row, change if touched.get(row.stage, True) else None, now, migration, rows)
                else:
                    if row.version < new.version:
                        tally.elsewhere[row.version] += 1
                    continue
            except _UNREADABLE as error:
                raise LogBroken(f"{row.stream}: what is stored of the deal was changed or damaged") from error
            tally.count(deal)
            yield deal


def _told(
    tx: Tx, row: DealRow, change: NewVersion | None, now: datetime, migration: Migration | None, rows: _Rows
) -> ChangedDeal:
    """The deal of a row; without a ``change`` nothing comes to it. ``rows`` are those that say otherwise."""
    if not isinstance(row.key, str):
        raise TypeError("a deal without a name")
    outlook, brought = Outlook(), tuple[OtherRow, ...]()
    if change is not None:
        deal = awake(tx, row)
        if migration is None:
            outlook = change.outlook(deal, now)
        else:
            outlook, brought = _gone_over(tx, deal, change, now, migration, rows)
    return ChangedDeal(row.key, row.version, row.stage, row.outcome, row.owner, outlook, brought)


def _gone_over(
    tx: Tx, deal: Deal, change: NewVersion, now: datetime, migration: Migration, rows: _Rows
) -> tuple[Outlook, tuple[OtherRow, ...]]:
    verdict = judged(tx, deal, migration)
    if isinstance(verdict, Stay):
        return Outlook(answers=(*verdict.answers, *verdict.against)), ()
    after = as_if(deal, migration.new, verdict, timestamp(now), _NOBODY)
    return change.after(deal, after, now), brought_rows(after, rows)
