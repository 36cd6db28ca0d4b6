"""Where people overruled the process (waivers, corrections, moves with work unfinished, reopenings, starts under a version
that was superseded), and where it held against them (refused steps)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.audit.deal_histories import History, folded, told
from procdef.audit.export import Exported
from procdef.audit.export.exported_events import ExportTally
from procdef.audit.full_log import Person, person_of
from procdef.audit.superseded import Superseded
from procdef.deal import Deal
from procdef.events.declaration import DeclaredOverride
from procdef.events.types import BY_NAME, EVENT_TYPES, action_completed, deal_migrated, deal_started
from procdef.provenance import Period
from procdef.store.port import Tx

_OVERRIDES = {kind.name: kind.override for kind in EVENT_TYPES if kind.override is not None}
REFUSED = "refused"
SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Override:
    """``kind`` is ``waiver``, ``correction``, ``unfinished``, ``reopening``, ``superseded``, ``migration`` or ``refused``;
    ``about`` are the criterion, the fields, what was passed over, the version that was published when the deal began under an
    earlier one, what a migration set, as ``field=value``, or what stood in the way of the command ``do``, each as its code
    and what it is about.
    ``used_by`` is the event that used the waiver; ``None`` of one that no move has used, and of everything else. ``time`` is
    when it happened, ``reason`` reads ``(erased)`` where it is gone. Of what was passed over, or stood in the way, ``lapsed``
    are the actions that had been done and had lapsed by then, ``rows`` the rows of decisions' tables that held."""

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
    do: str | None = None
    lapsed: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """How many of each kind there were, waivers as used or not; by whom, in which roles; and refused steps by person."""

    kinds: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> dict[str, object]:
        """As the sheet tells it."""
        roles = {"overruled_by_role": dict(sorted(self.roles.items()))} if self.roles else {}
        refused = {"refused_by_person": dict(self.refused.most_common())} if self.refused else {}
        return {**dict(sorted(self.kinds.items())), **roles, **refused}

    def add(self, found: Override) -> None:
        """Count it."""
        use = "" if found.kind != "waiver" else "_used" if found.used_by else "_not_used"
        self.kinds[f"{found.kind}{use}"] += 1
        if found.kind == REFUSED:
            self.refused[found.who.id] += 1
        else:
            self.roles[", ".join(found.who.roles) or "no role"] += 1


def overrides(
    tx: Tx, period: Period, counts: Counts, tally: ExportTally | None = None, *, refused: bool = False
) -> Iterator[Override]:
    """Those that happened in the period, deal by deal, refused steps only where they are asked for; ``counts`` counts
    along."""

    superseded = Superseded(tx)

    def tell(history: History) -> Iterator[Override]:
        used = {n: event.n for event in history for n in event.event["data"].get("waivers", ())}
        lapsing = any("until" in event.event["data"] for event in history if event.type == action_completed.EVENT.name)
        deals = {event.n: before for before, event, _ in folded(history)} if lapsing else {}
        for event in history:
            yield from told_of(event, used, deals.get(event.n))

    def told_of(event: Exported, used: Mapping[int, int], before: Deal | None = None) -> Iterator[Override]:
        if event.type == deal_started.EVENT.name and period.holds(event.time):
            newer = superseded.by(event.process, event.version, event.case, event.recorded)
            if newer is not None:
                found = _superseded(event, newer)
                counts.add(found)
                yield found
        declared = _OVERRIDES.get(event.type)
        if declared is None or (declared.kind == REFUSED and not refused):
            return
        if (declared.only_with is None or event.event["data"].get(declared.only_with)) and period.holds(event.time):
            found = _override(declared, event, used.get(event.n) if declared.kind == "waiver" else None, before)
            counts.add(found)
            yield found

    return told(tx, tell, personal=True, aside=(lambda event: told_of(event, {})) if refused else None, tally=tally)


def _override(declared: DeclaredOverride, event: Exported, used_by: int | None, before: Deal | None) -> Override:
    data, definition, kind = event.event["data"], event.event["definition"], declared.kind
    facts = data.get("facts", {})
    missing = _missing(data)
    return Override(
        kind, event.case, definition["id"], definition["version"], event.stage, event.time, person_of(event.event),
        _about(event.event, declared), None if kind == REFUSED else data.get("reason"), used_by, event.n, event.id,
        event.hash, data["do"] if kind == REFUSED else None,
        tuple(path for path in missing if before is not None and _has_lapsed(before, path, facts["now"])),
        {path: row for path, row in facts.get("rows", {}).items() if path in missing},
    )  # fmt: skip


def _missing(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What was passed over, or stood in the way."""
    unmet = [each for item in data.get("unmet", ()) for each in item["about"]]
    return tuple(dict.fromkeys((*data.get("unfinished", ()), *unmet)))


def _has_lapsed(deal: Deal, action: str, moment: str) -> bool:
    return any(end and end <= moment for end in deal.until.get(action, ()))


def _superseded(event: Exported, newer: int) -> Override:
    return Override(
        SUPERSEDED, event.case, event.process, event.version, event.stage, event.time, person_of(event.event),
        (f"{event.process} v{newer}",), None, None, event.n, event.id, event.hash,
    )  # fmt: skip


def _about(event: Mapping[str, Any], declared: DeclaredOverride) -> tuple[str, ...]:
    kind, data = event["type"], event["data"]
    if kind == deal_migrated.EVENT.name:
        return deal_migrated.set_by_plan(data)
    if declared.about is None:
        return ()
    value = data[declared.about]
    if declared.kind == REFUSED:
        return tuple(" ".join((item["code"], *item["about"])) for item in value)
    return tuple(value) if value.__class__ is list else (BY_NAME[kind].kind_of(declared.about).word(value),)
