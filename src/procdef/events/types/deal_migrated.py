"""A deal went over to another version of its process, and what it has in use went with it under the names of that version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from procdef.deal import Changes, Deal
from procdef.events.declaration import DeclaredOverride, EventType, Visit
from procdef.events.opened_event import OpenedEvent
from procdef.events.types.deal_started import DUE
from procdef.events.value_kinds import (
    DIGEST,
    EVENT_NUMBERS,
    FIELD_VALUES,
    ID,
    IDS_BY_ID,
    IDS_OR_NULL_BY_ID,
    NUMBER,
    SOME_IDS,
    TEXT,
    UNSET_FIELDS,
    needed,
    optional,
)

T = TypeVar("T")
Names = Mapping[str, str | None]
"""Old ids with the new ones; ``None`` for what is dropped. An id that is not among them stays as it is."""


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """All that the deal has bears its new names; what was set and what was dropped count from here on."""
    data, definition = event.data, event.definition or {}
    fields, actions = data.get("fields", {}), data.get("actions", {})
    given = {*data["values"], *event.sealed}
    put = sorted(given - carried(data))
    ended, standing_waivers = frozenset(data.get("voided", ())), frozenset(data.get("waived", ()))
    values = {name: value for name, value in deal.values.items() if name not in fields} | data["values"]
    gone = {name for name in event.sealed if name not in values}
    return {
        "version": definition["version"],
        "definition": definition["sha256"],
        "stage": data["stage"],
        "path": tuple(data["path"]),
        "values": values,
        "standing": {name: told for name, told in renamed(deal.standing, actions).items() if name not in ended},
        "rejected": renamed(deal.rejected, actions),
        "changed_by": renamed(deal.changed_by, fields) | dict.fromkeys(put, event.person),
        "former": {
            person: tuple(sorted({*names_after(since, fields), *put})) for person, since in deal.former.items()
        },
        "waivers": tuple(waiver for waiver in deal.waivers if waiver.n in standing_waivers),
        "erased": tuple(sorted({*names_after(deal.erased, fields), *gone} - values.keys())),
        "due": data.get("due"),
        "dues": data.get("dues", {}),
        "told": tuple(_told_after(deal.told, data.get("stages", {}), actions)),
        "until": {name: ends for name, ends in renamed(deal.until, actions).items() if name not in ended},
        "given": {name: times for name, times in renamed(deal.given, actions).items() if name not in ended},
        "rows": {name: rows for name, rows in renamed(deal.rows, actions).items() if name not in ended},
    }


def _told_after(told: Iterable[tuple[str, ...]], stages: Names, actions: Names) -> Iterator[tuple[str, ...]]:
    """What timers told, of the stage and the actions by their new ids."""
    for of, *more in told:
        now = actions.get(of, of) if "." in of else stages.get(of, of)
        if now is not None:
            yield now, *more


def carried(data: Mapping[str, Any]) -> frozenset[str]:
    """The new ids of the fields whose values were carried over from another id, or set apart anew."""
    return frozenset(name for name in data.get("fields", {}).values() if name is not None)


def set_by_plan(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What the plan set, each as ``field=value`` in the log's form. No plan sets personal values."""
    given = {name: value for name, value in data["values"].items() if name not in carried(data)}
    return tuple(f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in sorted(given.items()))


def renamed(told: Mapping[str, T], names: Names) -> dict[str, T]:
    """What is told by id, by the new ids."""
    return {new: each for name, each in told.items() if (new := names.get(name, name)) is not None}


def names_after(told: Iterable[str], names: Names) -> Iterator[str]:
    """The new ids of these."""
    return (new for name in told if (new := names.get(name, name)) is not None)


EVENT = EventType(
    name="deal.migrated",
    about=__doc__,
    keys=(
        needed("plan", DIGEST, "of the plan's canonical JSON"),
        needed("from", NUMBER, "the version before"),
        needed("to", NUMBER, "the version from here on, which is that of `definition`"),
        needed("stage", ID, "where the deal is, by its new id"),
        needed("path", SOME_IDS, "the whole path, by its new ids"),
        optional("stages", IDS_BY_ID, "stages that the deal came through, the old id with the new one"),
        optional("fields", IDS_OR_NULL_BY_ID, "the old id with the new one, `null` where it was dropped"),
        optional("actions", IDS_OR_NULL_BY_ID, "the same of actions, `stage.id`"),
        needed("values", FIELD_VALUES, "what stands under a new id, and what was set"),
        needed("unset", UNSET_FIELDS, "the old ids under which nothing stands any more"),
        optional("voided", SOME_IDS, "actions by their new ids whose completions ended"),
        optional("waived", EVENT_NUMBERS, "the waivers that still stand"),
        *DUE,
        optional("reason", TEXT, private=True),
    ),
    visit=Visit(stage="stage"),
    fold=fold,
    beside=True,
    activity="migrate to version {to}",
    sentence="migrated from version {from} to {to}, in {stage}[; {stages; fields; actions}][; set {values}]"
    "[; to do again: {voided}][: {reason}]",
    override=DeclaredOverride("migration"),
)
