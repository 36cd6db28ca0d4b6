"""What a plan comes to for one deal, worked out without writing anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from procdef.changes.aspects import said_by_row as said
from procdef.changes.new_names import NewNames, under_new_names
from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.migration import Mapped, Migration, Move, Stay
from procdef.engine.definition_cache import reference
from procdef.events.fold import fold
from procdef.events.opened_event import OpenedEvent
from procdef.events.types import deal_migrated
from procdef.language.plans import Plan, values_to_set
from procdef.model import ProcessDefinition
from procdef.results.migrated_deal import OtherRow
from procdef.store.port import Tx
from procdef.store.queries import Events, Stays


def mapped(plan: Plan, new: ProcessDefinition) -> Mapped:
    """What a plan says in which nothing is wrong, with the values that it sets as the log holds them."""
    values = values_to_set(plan, new)
    return Mapped(plan.sha256, plan.stages, plan.fields, plan.actions, values, frozenset(plan.void))


def judged(tx: Tx, deal: Deal, migration: Migration, reason: str | None = None) -> Move | Stay:
    """Whether a deal goes over, and by which event; or what keeps it where it is."""
    visited = [stay.stage for stay in tx.scan(Stays(deal.stream))] if migration.renames_stages else ()
    put = _put_by_migration(tx, deal) if migration.back else None
    return migration.decide(deal, visited, reason, put)


def as_if(deal: Deal, new: ProcessDefinition, verdict: Move, now: str, by: Actor) -> Deal:
    """The deal as it would be."""
    entry, at = verdict.entry, max(now, deal.at)
    event = OpenedEvent(entry.type, entry.data, deal.stream, deal.n + 1, deal.head, at, None, by.person.id, reference(new))
    return fold(deal, event)


def other_rows(
    old: ProcessDefinition, new: ProcessDefinition, migration: Migration
) -> Iterator[tuple[tuple[str, int], tuple[str, str | None]]]:
    """By action of the new version and number of row what a row of its approval table said and says, where these differ.

    Fields and actions that have other names by the plan, and nothing else, are no difference.
    """
    names = NewNames.of(old, new, migration.plan.stages, migration.plan.fields, migration.actions)
    before = under_new_names(old, names).actions
    for path, now in migration.actions.items():
        was = before.get(names.action(path)) or old.actions[path]
        if now is None or not was.table:
            continue
        for number, row in enumerate(was.table, 1):
            told = [said(each) for each in (row, *new.actions[now].table[number - 1 : number])]
            if len({*told}) > 1 or len(told) == 1:
                yield (now, number), (told[0], told[1] if len(told) > 1 else None)


def brought_rows(deal: Deal, rows: Mapping[tuple[str, int], tuple[str, str | None]]) -> tuple[OtherRow, ...]:
    """The approvals of a deal that has gone over which were given under one of these ``rows`` (see ``other_rows``)."""
    given = ((path, row) for path in sorted(deal.rows) for row in dict.fromkeys(deal.rows[path]))
    return tuple(OtherRow(*each, *rows[each]) for each in given if each in rows)


def _put_by_migration(tx: Tx, deal: Deal) -> Mapping[str, Any]:
    """The values that the deal's last migration set: to lose these again loses nothing. None of them is personal."""
    last: dict[str, Any] | None = None
    for row in tx.scan(Events(deal.stream, type=deal_migrated.EVENT.name)):
        last = json.loads(row.body)
    if last is None or last["definition"]["sha256"] != deal.definition:
        return {}
    renamed = last["data"].get("fields", {}).values()
    return {name: value for name, value in last["data"]["values"].items() if name not in renamed}
