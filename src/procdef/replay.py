"""The log's meaning: what its events come to equals what is stored, and every move was one that its definition allows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.audit.events import Data
from procdef.audit.verify import Irregularity, Opening, StoredEvent, verify_stream
from procdef.deal import Deal, Happening, fold, happening
from procdef.decide import Obstacle
from procdef.engine.outcome import opened
from procdef.engine.rows import deal_row, gate_rows, stay_rows
from procdef.errors import NewerLog, ProcdefError
from procdef.language import load_source
from procdef.model import Criterion, ProcessDefinition, Stage
from procdef.store.port import (
    Deals,
    Definitions,
    Events,
    GateRow,
    Gates,
    LogOrder,
    Private,
    Requests,
    StayRow,
    Stays,
    Streams,
    Tx,
)


@dataclass(slots=True)
class Tally:
    """What a verification looked at."""

    streams: int = 0
    events: int = 0
    deals: int = 0
    definitions: int = 0


def verify(tx: Tx, tally: Tally) -> Iterator[Irregularity]:
    """Everything wrong with a log, its bytes first and then its meaning, stream by stream; counts into ``tally``."""
    leaves: Counter[str] = Counter()
    yield from _order(tx, leaves)
    library: dict[str, ProcessDefinition] = {}
    for row in list(tx.scan(Definitions())):
        tally.definitions += 1
        yield from _definition(row.sha256, row.source, row.id, row.version, library)
        if row.sha256 in library and row.lang != library[row.sha256].lang:
            yield Irregularity(
                "definition-changed", f"definition:{row.id}", 0, "the language of its source", str(row.lang)
            )
    streams = [stream for stream, _ in tx.scan(Streams())]
    for stream in streams:
        tally.streams += 1
        tally.deals += stream.startswith("deal:")
        before = tally.events
        yield from _stream(tx, stream, library, tally)
        if leaves[stream] != tally.events - before:
            yield Irregularity("leaf-missing", stream, 0, f"{tally.events - before} leaves", str(leaves[stream]))
    yield from _strays(tx, set(streams))
    yield from _published(tx, streams)


def _order(tx: Tx, leaves: Counter[str]) -> Iterator[Irregularity]:
    """Faults in the order of the whole log; counts each stream's leaves."""
    for place, leaf in enumerate(tx.scan(LogOrder())):
        event = leaf.event
        leaves[event.stream] += 1
        if leaf.idx != place:
            yield Irregularity("leaf-gap", event.stream, event.n, f"leaf {place}", f"leaf {leaf.idx}")
            leaves.clear()
            leaves.update(leaf.event.stream for leaf in tx.scan(LogOrder()))
            return
        if event.n != leaves[event.stream]:
            yield Irregularity("leaf-order", event.stream, event.n, f"event {leaves[event.stream]}", f"event {event.n}")
        if leaf.hash != event.hash:
            yield Irregularity("leaf-hash", event.stream, event.n, event.hash, leaf.hash)


def _strays(tx: Tx, streams: set[str]) -> Iterator[Irregularity]:
    """Rows of streams that have no event."""
    rows: Iterable[Any]
    for table, rows in (
        ("deal", tx.scan(Deals())),
        ("private", tx.scan(Private())),
        ("stay", tx.scan(Stays())),
        ("gate", tx.scan(Gates())),
    ):
        for stream in sorted({row.stream for row in rows} - streams):
            yield Irregularity("events-missing", stream, 0, f"events for its rows in {table}", "none")


def _published(tx: Tx, streams: Iterable[str]) -> Iterator[Irregularity]:
    """Definitions without the event that published them, and the other way round."""
    stored = {(f"definition:{row.id}", row.sha256) for row in tx.scan(Definitions())}
    told = set()
    for stream in streams:
        if stream.startswith("definition:"):
            for row in tx.scan(Events(stream)):
                told.add((stream, _told(row.body)))
    for stream, sha in sorted(stored - told):
        yield Irregularity("definition-unpublished", stream, 0, f"an event that published {sha}", "none")
    for stream, sha in sorted(told - stored):
        yield Irregularity("definition-missing", stream, 0, f"the definition {sha}", "none")


def _told(body: bytes) -> str:
    try:
        return str(json.loads(body)["data"]["sha256"])
    except (ValueError, KeyError, TypeError):
        return "that its event names"


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
    if broken:
        return
    if not stream.startswith("deal:"):
        yield from _refused_starts(tx, stream, rows)
        return
    deal: Deal | None = None
    stays: dict[int, StayRow] = {}
    gates: list[GateRow] = []
    for row in rows:
        try:
            values = {path: json.loads(value) for path, _, value in openings.get(row.n, [])}
            event = opened(row.body, values)
            definition = library.get((event.get("definition") or {}).get("sha256", ""))
            step = happening(event, row.hash)
            if definition is not None:
                yield from _legal(definition, deal, step, event)
            else:
                yield Irregularity("definition-missing", stream, row.n, "a published definition", "none")
            gates += _gates(deal, step)
            before, deal = deal, fold(deal, step)
        except (NewerLog, LookupError, ValueError, TypeError, AttributeError) as error:
            yield Irregularity("unreadable", stream, row.n, "an event that this procdef reads", str(error))
            return
        for stay in stay_rows(before, deal, step.type, step.occurred):
            stays[stay.k] = stay
    if deal is not None:
        yield from _stored(tx, deal, library.get(deal.definition), stays)
        yield from _stood_in_the_way(tx, deal.stream, gates)
        yield from _requests(tx, rows)


def _gates(deal: Deal | None, step: Happening) -> list[GateRow]:
    """The rows of ``gate`` that come of an event on the deal as it was."""
    data = step.data
    if deal is None:
        return []
    place = (step.stream, step.n, deal.process, deal.version, deal.stage, step.occurred)
    if step.type == "step.refused":
        return gate_rows((*place, data["do"]), _obstacles(data))
    waived = [waiver.criterion for waiver in deal.waivers if waiver.n in data.get("waivers", ())]
    return gate_rows((*place, "finish" if step.type == "deal.finished" else "advance"), waived=waived)


def _obstacles(data: Data) -> list[Obstacle]:
    return [Obstacle(item["code"], tuple(item["about"])) for item in data["unmet"]]


def _stood_in_the_way(tx: Tx, stream: str, gates: Iterable[GateRow]) -> Iterator[Irregularity]:
    # The order among a step's waivers is that of the definition, which the event need not tell: k is not compared.
    expected = Counter(row._replace(k=0) for row in gates)
    stored = Counter(row._replace(k=0) for row in tx.scan(Gates(stream)))
    for n in sorted({row.n for row in (expected - stored) + (stored - expected)}):
        yield Irregularity("gate-differs", stream, n, "what stood in the way as the event says", "other rows")


def _refused_starts(tx: Tx, stream: str, rows: Iterable[StoredEvent]) -> Iterator[Irregularity]:
    """Refused starts belong to no deal: their event does not tell the version and the stage that the row names."""
    expected: Counter[tuple[int, str, str, str, str]] = Counter()
    for row in rows:
        event = json.loads(row.body)
        if event["type"] == "step.refused":
            when = event.get("happened", event["at"])
            expected.update(
                (row.n, when, "start", o.about[0] if o.about else "", o.code) for o in _obstacles(event["data"])
            )
    stored = Counter((row.n, row.occurred, row.step, row.item, row.code) for row in tx.scan(Gates(stream)))
    for n in sorted({key[0] for key in (expected - stored) + (stored - expected)}):
        yield Irregularity("gate-differs", stream, n, "what stood in the way as the event says", "other rows")


def _requests(tx: Tx, rows: list[StoredEvent]) -> Iterator[Irregularity]:
    """Request keys that name anything but the events of one command."""
    for request in tx.scan(Requests(rows[0].stream)):
        named = rows[request.first - 1 : request.last] if request.first > 0 else []
        commands = [json.loads(row.body)["cmd"] for row in named]
        if (
            not commands
            or commands[0]["i"] != 1
            or not commands[0]["of"] == len(commands) == request.last + 1 - request.first
        ):
            yield Irregularity("request-differs", request.stream, request.first, "the events of one command", "others")


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
    elif stage.wins and deal.won is None and deal.visit > 1 and step.type != "deal.won":
        yield "the win, on entering the won stage", step.type
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
        if stage.next[data["to"]].when is not None and data["facts"].get("branches", {}).get(data["to"]) != "met":
            yield f"the way to {data['to']} open", str(data["facts"].get("branches", {}).get(data["to"]))
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
