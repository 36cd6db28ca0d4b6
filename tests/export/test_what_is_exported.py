"""Which events leave the log, under which names, and what is kept back."""

from __future__ import annotations

import json

import pytest
from awkward import ACTIVITIES, AWKWARD, Exporter

from procdef import UnknownDeal
from procdef.audit.export.exported_events import ExportTally, Selection, exported, streams_of
from procdef.store.port import Store

ALL = Selection()
NOON = "2026-03-02T09:00:00.000000Z"


def events(store: Store, selection: Selection = ALL, tally: ExportTally | None = None, **more: bool):
    with store.transaction(write=False) as tx:
        yield from exported(tx, selection, tally or ExportTally(), **more)


def test_every_event_of_a_deal_has_a_name(store: Store) -> None:
    tally = ExportTally()
    found = list(events(store, tally=tally))
    assert {event.activity for event in found} == ACTIVITIES
    assert (tally.rows, tally.deals) == (len(found), len(AWKWARD))
    assert {event.case.partition(":")[0] for event in found} == {"deal"}


def test_an_event_tells_the_stage_in_which_it_was_done(store: Store) -> None:
    found = [(e.activity, e.stage) for e in events(store) if e.activity.startswith(("start", "advance", "back", "won"))]
    long = found[: found.index(("won", "delivery")) + 1]
    assert [pair for pair in long if pair[0] != "start"] == [
        ("advance to offer", "lead"), ("back to lead", "offer"), ("advance to offer", "lead"),
        ("advance to delivery", "offer"), ("won", "delivery"),
    ]  # fmt: skip


def test_a_period_has_what_happened_in_it_and_still_knows_the_stage(store: Store) -> None:
    everything = list(events(store))
    later = list(events(store, Selection(since=NOON)))
    earlier = list(events(store, Selection(until=NOON)))
    assert [e.id for e in later] == [e.id for e in everything if e.time >= NOON]
    assert [e[:11] for e in later] == [e[:11] for e in everything if e.time >= NOON]
    assert len(earlier) + len(later) == len(everything)
    assert earlier


def test_personal_values_stay_out_unless_they_are_asked_for(store: Store) -> None:
    closed, opened = list(events(store)), list(events(store, Selection(personal=True)))
    assert {event.name for event in closed} == {None}
    assert "anna@a.example" not in "".join(event.data for event in closed)
    assert {event.name for event in opened} == {*AWKWARD, "(erased)"} - {AWKWARD[4]}
    assert "anna@a.example" in "".join(event.data for event in opened)


def test_what_was_erased_reads_so(store: Store) -> None:
    opened = [event for event in events(store, Selection(personal=True)) if event.name == "(erased)"]
    assert {event.event["data"]["text"] for event in opened if event.type == "deal.noted"} == {"(erased)"}
    assert opened[0].event["data"]["values"]["email"] == "anna@a.example"
    assert opened[0].case.startswith("deal:")


def test_deals_are_asked_for_by_name_or_stream(store: Store) -> None:
    with store.transaction(write=False) as tx:
        (stream,) = streams_of(tx, [AWKWARD[1]])
        assert streams_of(tx, [stream, AWKWARD[1]]) == (stream,)
        with pytest.raises(UnknownDeal, match="there is no deal 'nobody'"):
            streams_of(tx, ["nobody"])
    assert {event.case for event in events(store, Selection(deals=(stream,)))} == {stream}


def test_only_what_belongs_to_a_deal_is_told_of_unless_all_is_asked_for(store: Store) -> None:
    with store.transaction(write=False) as tx:
        assert len(list(events(store, asides=True))) == tx.size
    streams = {event.case for event in events(store, asides=True)}
    assert {"system", "definition:small"} < streams


def test_json_lines_without_personal_values_are_the_bytes_of_the_log(exporting: Exporter, store: Store) -> None:
    path, about = exporting("jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    with store.transaction(write=False) as tx:
        bodies = [event.body + b"\n" for event in exported(tx, Selection(), ExportTally(), asides=True)]
    assert lines == [line for line in bodies if b'"log.exported"' not in line]
    assert about["rows"] == len(lines)


def test_json_lines_with_personal_values_are_events_with_them_in_their_places(exporting: Exporter) -> None:
    path, _ = exporting("jsonl", personal=True)
    found = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    refused = [event["data"]["arguments"] for event in found if event["stream"] == "system" and "private" in event]
    assert refused == [{"key": "Clara", "process": "small", "stage": "offer"}]
    assert {event["data"]["key"] for event in found if event["type"] == "deal.started"} > {"=1+1", "(erased)"}
