"""Where people overruled the process: waivers, corrections, moves with work unfinished, and reopenings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.audit.export import Exported
from procdef.reports.exported import Tally
from procdef.reports.full_log import Person, person_of
from procdef.reports.histories import History, told
from procdef.reports.sheet import Period
from procdef.store.port import Tx

_KINDS = {"criterion.waived": "waiver", "deal.corrected": "correction", "deal.reopened": "reopening"}


@dataclass(frozen=True, slots=True)
class Override:
    """``kind`` is ``waiver``, ``correction``, ``unfinished`` or ``reopening``; ``about`` are the criterion, the fields, or
    what was passed over. ``used_by`` is the event that used the waiver; ``None`` of one that no move has used, and of
    everything else. ``time`` is when it happened, ``reason`` reads ``(erased)`` where it is gone."""

    kind: str
    stream: str
    process: str
    version: int
    stage: str
    time: str
    who: Person
    about: tuple[str, ...]
    reason: str | None
    used_by: int | None
    n: int
    id: str
    hash: str


def overrides(tx: Tx, period: Period, counts: Counter[str], tally: Tally | None = None) -> Iterator[Override]:
    """Those that happened in the period, deal by deal; ``counts`` counts the kinds along, waivers as used or not."""

    def tell(history: History) -> Iterator[Override]:
        used = {n: event.n for event in history for n in event.event["data"].get("waivers", ())}
        for event in history:
            kind = _kind(event)
            if kind is None or not period.holds(event.time):
                continue
            use = used.get(event.n) if kind == "waiver" else None
            counts[f"{kind}_{'used' if use else 'not_used'}" if kind == "waiver" else kind] += 1
            yield _override(kind, event, use)

    return told(tx, tell, personal=True, tally=tally)


def _kind(event: Exported) -> str | None:
    if event.type == "stage.advanced" and event.event["data"].get("unfinished"):
        return "unfinished"
    return _KINDS.get(event.type)


def _override(kind: str, event: Exported, used_by: int | None) -> Override:
    data = event.event["data"]
    return Override(
        kind, event.case, event.process, event.version, event.stage, event.time, person_of(event.event),
        _about(kind, data), data.get("reason"), used_by, event.n, event.id, event.hash,
    )  # fmt: skip


def _about(kind: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    if kind == "waiver":
        return (f"{data['criterion']['stage']}.{data['criterion']['id']}",)
    return tuple(data.get("changed" if kind == "correction" else "unfinished", ()))
