"""Deals as the log stood at an earlier time: rows in, rows as of then out, one deal after the other.

A step counts from when it was recorded, an imported one from when it happened in the system that it came from. Nearly all of
that follows from the rows as they are now, as a step that was entered in time was recorded when it happened. Where one was
entered late, and the time lies between its two moments, the deal is folded from its events up to then; so is one where rows
do not tell the values of fields, or whether it was idle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from procdef.deal import Deal
from procdef.engine.queries import as_recorded
from procdef.log.canonical import encoded
from procdef.reports.history import History
from procdef.store.port import Tx
from procdef.store.rows import ActivityFactsRow

Replay = Callable[[str, str], Deal | None]
"""The deal of a stream by what was recorded before a time; ``None`` where nothing was."""


class AsOf:
    """What was known of deals before ``moment``. ``fields`` are those whose values stand in the rows of deals, ``idle_before``
    is when a deal that is idle was last worked on at the latest; ``replay`` folds a deal from its events."""

    def __init__(self, moment: str, replay: Replay, fields: Sequence[str] = (), idle_before: str = "") -> None:
        self.moment, self._replay, self._fields, self._idle_before = moment, replay, fields, idle_before

    def before(self, now: History) -> History | None:
        """The history of a deal as it stood; ``None`` where it had not begun."""
        deal, stays, gates, activities = now
        moment = self.moment
        if deal.started >= moment:
            return None
        for each in activities:
            if each.kind == "late" and each.occurred < moment <= each.item:
                return self._replayed(now)
        if gates and gates[-1].occurred >= moment:
            gates = [gate for gate in gates if gate.occurred < moment]
        if deal.active < moment and not (activities and activities[-1].occurred >= moment):
            return now if gates is now.gates else History(deal, stays, gates, activities)
        if self._fields:
            return self._replayed(now)
        known = [each for each in activities if each.occurred < moment]
        visits = [stay for stay in stays if stay.entered < moment]
        last = visits[-1]
        if last.left_at is not None and last.left_at >= moment:
            last = visits[-1] = last._replace(left_at=None, how=None)
        # At least since then: rows do not tell of every step, and one that was late may have been refused.
        active = max(last.entered, last.left_at or "", *(each.occurred for each in known if each.kind != "late"))
        if last.how is None and active < self._idle_before:
            return self._replayed(now)
        won = deal.won if deal.won is not None and deal.won < moment else None
        finished = last.left_at if last.how == "finished" else None
        before = deal._replace(
            stage=last.stage,
            mode="open" if last.how is None else "lost" if last.how == "lost" else "done",
            outcome="lost" if last.how == "lost" else "open" if won is None else "won",
            owner=_owner(deal.owner, activities, len(known)),
            entered=last.entered,
            due=last.due if last.how is None else None,
            amount=_value("value", deal.amount, activities, known),
            expected=_value("close", deal.expected, activities, known),
            offered=deal.offered if deal.offered is not None and deal.offered < moment else None,
            won=won,
            lost=last.left_at if last.how == "lost" else None,
            finished=finished,
            reason=next((each.item for each in reversed(known) if each.kind == "lost"), None) if last.how == "lost" else None,
            active=active,
        )
        return History(before, visits, gates, known)

    def _replayed(self, now: History) -> History | None:
        """The same from the deal's events."""
        deal = self._replay(now.deal.stream, self.moment)
        if deal is None:
            return None
        known = [each for each in now.activities if each.n <= deal.n]
        visits = [*now.stays[: deal.visit]]
        ends = {"open": (None, None), "lost": (deal.lost, "lost"), "done": (deal.finished, "finished")}
        left, how = ends[deal.mode]
        visits[-1] = visits[-1]._replace(left_at=left, how=how)
        before = now.deal._replace(
            stage=visits[-1].stage,  # by the id of the version that the deal is pinned to now
            mode=deal.mode,
            outcome=deal.outcome,
            owner=deal.owner,
            entered=deal.entered,
            due=deal.due,
            amount=_value("value", now.deal.amount, now.activities, known),
            expected=_value("close", now.deal.expected, now.activities, known),
            offered=deal.offered,
            won=deal.won,
            lost=deal.lost,
            finished=deal.finished,
            reason=deal.reason,
            active=deal.active,
            values=tuple(encoded(deal.values[name]) if name in deal.values else None for name in self._fields),
        )
        return History(before, visits, [gate for gate in now.gates if gate.n <= deal.n], known)


def as_of(tx: Tx, moment: str, fields: Sequence[str] = (), idle_before: str = "") -> AsOf:
    """The same of a log, in a transaction that is open."""
    return AsOf(moment, partial(as_recorded, tx), fields, idle_before)


def _value(
    kind: str, now: str | None, activities: Sequence[ActivityFactsRow], known: Sequence[ActivityFactsRow]
) -> str | None:
    """What the field held. One of personal values has no rows: of that only what it holds now is known."""
    for each in reversed(known):
        if each.kind == kind:
            return each.detail
    return None if any(each.kind == kind for each in activities) else now


def _owner(now: str, activities: Sequence[ActivityFactsRow], known: int) -> str:
    """Whose the deal was: who owned it before it was handed over next."""
    later = (each.detail for each in activities[known:] if each.kind == "assigned")
    return next(later, now) or now
