"""The log's meaning: what its events come to equals what is stored, and every move was one that its definition allows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.audit.events import Data
from procdef.audit.verify import Irregularity, Opening, StoredEvent, verify_stream
from procdef.deal import Deal, Happening, fold
from procdef.engine.outcome import opened
from procdef.engine.rows import deal_row, stay_rows
from procdef.engine.unit import happening
from procdef.errors import NewerLog, ProcdefError
from procdef.language import load_source
from procdef.model import Criterion, ProcessDefinition, Stage
from procdef.store.port import Definitions, Events, LogOrder, Private, StayRow, Stays, Streams, Tx


@dataclass(slots=True)
class Tally:
    """What a verification looked at."""

    streams: int = 0
    events: int = 0
    deals: int = 0
    definitions: int = 0


def verify(tx: Tx, tally: Tally) -> Iterator[Irregularity]:
    """Everything wrong with a log, its bytes first and then its meaning, stream by stream; counts into ``tally``."""
    yield from _order(tx)
    library: dict[str, ProcessDefinition] = {}
    for row in list(tx.scan(Definitions())):
        tally.definitions += 1
        yield from _definition(row.sha256, row.source, row.id, row.version, library)
    for stream, _ in list(tx.scan(Streams())):
        tally.streams += 1
        tally.deals += stream.startswith("deal:")
        yield from _stream(tx, stream, library, tally)


def _order(tx: Tx) -> Iterator[Irregularity]:
    for place, leaf in enumerate(tx.scan(LogOrder())):
        if leaf.idx != place:
            yield Irregularity("leaf-gap", leaf.event.stream, leaf.event.n, f"leaf {place}", f"leaf {leaf.idx}")
            return


def _definition(
    sha: str, source: bytes, name: str, version: int, library: dict[str, ProcessDefinition]
) -> Iterator[Irregularity]:
    stream = f"definition:{name}"
    try:
        loaded = load_source(source, f"{name} v{version}")
    except ProcdefError as error:
        yield Irregularity("definition-changed", stream, 0, f"the definition {sha}", str(error))
        return
    if (loaded.sha256, loaded.id, loaded.version) != (sha, name, version):
        yield Irregularity("definition-changed", stream, 0, sha, loaded.sha256)
    else:
        library[sha] = loaded


def _stream(tx: Tx, stream: str, library: Mapping[str, ProcessDefinition], tally: Tally) -> Iterator[Irregularity]:
    openings: dict[int, list[Opening]] = {}
    for private in tx.scan(Private(stream)):
        openings.setdefault(private.n, []).append((private.path, private.salt, private.value))
    rows = [StoredEvent(*row) for row in tx.scan(Events(stream))]
    tally.events += len(rows)
    broken = list(verify_stream(tx.log, stream, rows, openings))
    yield from broken
    if broken or not stream.startswith("deal:"):
        return
    deal: Deal | None = None
    stays: dict[int, StayRow] = {}
    for row in rows:
        values = {path: json.loads(value) for path, _, value in openings.get(row.n, [])}
        event = opened(row.body, values)
        definition = library.get((event.get("definition") or {}).get("sha256", ""))
        try:
            step = happening(event, row.hash)
            if definition is not None:
                yield from _legal(definition, deal, step, event)
            else:
                yield Irregularity("definition-missing", stream, row.n, "a published definition", "none")
            before, deal = deal, fold(deal, step)
        except (NewerLog, KeyError, ValueError) as error:
            yield Irregularity("unreadable", stream, row.n, "an event that this procdef reads", str(error))
            return
        for stay in stay_rows(before, deal, step.type, step.occurred):
            stays[stay.k] = stay
    if deal is not None:
        yield from _stored(tx, deal, library.get(deal.definition), stays)


def _stored(
    tx: Tx, deal: Deal, definition: ProcessDefinition | None, stays: Mapping[int, StayRow]
) -> Iterator[Irregularity]:
    row = tx.load([deal.stream]).deals.get(deal.stream)
    if row is None:
        yield Irregularity("deal-missing", deal.stream, 0, "a row of the deal", "none")
    elif definition is not None:
        expected = deal_row(deal, definition)
        for name, said, stored in zip(row._fields, expected, row, strict=True):
            if said != (bytes(stored) if isinstance(stored, memoryview) else stored):
                yield Irregularity("deal-differs", deal.stream, deal.n, f"{name} as its events say", "another")
    if list(tx.scan(Stays(deal.stream))) != [stays[k] for k in sorted(stays)]:
        yield Irregularity("stay-differs", deal.stream, deal.n, "visits as its events say", "others")


def _legal(
    definition: ProcessDefinition, deal: Deal | None, step: Happening, event: Mapping[str, Any]
) -> Iterator[Irregularity]:
    """What the definition does not allow of this event, on the deal as it was."""
    for expected, found in _objections(definition, deal, step, event):
        yield Irregularity("illegal", step.stream, step.n, expected, found)


def _objections(
    definition: ProcessDefinition, deal: Deal | None, step: Happening, event: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    data = step.data
    if deal is None:
        if step.type != "deal.started" or data["stage"] not in definition.starts:
            yield "a start in a start stage", f"{step.type} {data.get('stage')}"
        else:
            yield from _criteria(definition.stages[data["stage"]].entry_criteria.values(), data, {})
        return
    if event["definition"]["sha256"] != deal.definition:
        yield "the definition that the deal is pinned to", event["definition"]["sha256"]
    stage = definition.stages[deal.stage]
    if step.type in ("stage.advanced", "deal.finished"):
        yield from _left(definition, deal, stage, step)
    elif step.type == "stage.returned":
        if data["from"] != stage.id or data["to"] not in stage.back or data["to"] not in deal.passed:
            yield f"a way back from {stage.id}", f"{data['from']} to {data['to']}"
    elif step.type == "deal.won" and not (stage.wins and data["stage"] == stage.id):
        yield "a win on entering the won stage", data["stage"]
    elif step.type == "deal.lost":
        if definition.lost is None or data["reason"] not in definition.lost.reasons or deal.mode != "open":
            yield "a loss of an open deal for a declared reason", data["reason"]
    elif step.type == "deal.reopened" and (deal.mode != "lost" or not definition.lost or not definition.lost.reopen):
        yield "a lost deal that may be reopened", deal.mode
    elif step.type == "action.completed":
        if data["action"] not in definition.actions or definition.actions[data["action"]].stage != stage.id:
            yield f"an action of {stage.id}", data["action"]
    elif step.type == "criterion.waived":
        yield from _waived(definition, data, event)
    if deal.mode != "open" and step.type not in ("deal.noted", "deal.assigned", "deal.reopened", "step.refused"):
        yield "an open deal", deal.mode


def _left(definition: ProcessDefinition, deal: Deal, stage: Stage, step: Happening) -> Iterator[tuple[str, str]]:
    data = step.data
    unfinished = data.get("unfinished", [])
    criteria = list(stage.exit_criteria.values())
    if step.type == "stage.advanced":
        if data["from"] != stage.id or data["to"] not in stage.next:
            yield f"a way forward from {stage.id}", f"{data['from']} to {data['to']}"
            return
        if unfinished and not stage.next[data["to"]].unfinished_allowed:
            yield "everything finished", ", ".join(unfinished)
        criteria += definition.stages[data["to"]].entry_criteria.values()
    elif stage.next or not deal.won:
        yield "a won deal where the process ends", stage.id
    for action in stage.required_actions.values():
        done = len(deal.standing.get(action.path, ())) >= action.at_least
        told = data["facts"].get("actions", {}).get(action.path)
        if not done and told != "not_applicable" and action.path not in unfinished:
            yield f"{action.path} done", str(told)
    used = {waiver.criterion: waiver.n for waiver in deal.waivers if waiver.n in data.get("waivers", [])}
    if len(used) != len(data.get("waivers", [])):
        yield "waivers that stand", str(data.get("waivers"))
    yield from _criteria([criterion for criterion in criteria if criterion.path not in unfinished], data, used)


def _criteria(criteria: Iterable[Criterion], data: Data, used: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    told = data["facts"].get("criteria", {})
    for criterion in criteria:
        outcome = told.get(criterion.path)
        if outcome != "met" and not (outcome == "waived" and criterion.path in used):
            yield f"{criterion.path} met or waived", str(outcome)


def _waived(definition: ProcessDefinition, data: Data, event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    named = data["criterion"]
    stage = definition.stages.get(named["stage"])
    criterion = stage.criterion(named["id"]) if stage else None
    roles = (event.get("for") or event["by"]).get("roles", [])
    if criterion is None or not set(roles) & set(criterion.waivable_by):
        yield "a waiver by a role that may", ", ".join(roles) or "no role"
