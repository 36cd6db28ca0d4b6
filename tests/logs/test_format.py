"""What is really written is what the description of the format says, and nothing personal stands in it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from forgery import Event, events
from story import DOCUMENT, tell

from procdef import open_store
from procdef.events.known_keys import unknown
from procdef.log.canonical import canonical_bytes
from procdef.render.refusal import refusal_text

# Anna, Börje, Clara, Dora and Ida stand only in personal values of the story.
PERSONAL = re.compile(
    "anna|virtanen|börje|borje|öberg|clara|dora|ida |jo@|c@c|555 0199|5550199|quotes|tarjous öljy|a friend",
    re.IGNORECASE,
)
PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
RANDOM = {"salt", "fingerprint"}
"""Columns of random bytes, in which any three letters may stand by chance."""
ACTIONS_OR_COMMANDS = {"record", "do", "advance", "back", "waive", "lose", "reopen", "note"}
ABOUT_ITS_STEP = {"reason-missing", "note-missing", "way-missing", "evidence-missing", "decision-missing"}


@pytest.fixture
def story(log: sqlite3.Connection) -> list[Event]:
    return events(log)


def of_type(story: list[Event], kind: str) -> list[Event]:
    return [event for event in story if event["type"] == kind]


def commands(story: list[Event]) -> Iterator[list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in story:
        found.setdefault(event["cmd"]["id"], []).append(event)
    return iter(found.values())


def inside(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(inner)


def test_bodies_are_canonical_as_rfc_8785_has_it(log: sqlite3.Connection) -> None:
    for (body,) in log.execute("SELECT body FROM event"):
        assert rfc8785.dumps(json.loads(body)) == body


def test_the_format_knows_every_event(story: list[Event]) -> None:
    assert [event["type"] for event in story if unknown(event)] == []


def test_null_is_only_what_was_dropped(story: list[Event]) -> None:
    for event in story:
        dropped = event["data"] if event["type"] == "deal.migrated" else {}
        named = [value for key in ("fields", "actions") for value in dropped.get(key, {}).values()]
        assert sum(value is None for value in inside(event)) == sum(value is None for value in named)


def test_an_event_names_itself(story: list[Event]) -> None:
    assert all(UUID7.fullmatch(event["id"]) for event in story)
    assert len({event["id"] for event in story}) == len(story)
    assert all(re.fullmatch(f"deal:{UUID7.pattern}|definition:every-kind|system", event["stream"]) for event in story)


def test_times_have_six_digits_and_never_go_back_in_a_stream(story: list[Event]) -> None:
    assert all(TIME.fullmatch(event["at"]) for event in story)
    for stream in {event["stream"] for event in story}:
        times = [event["at"] for event in story if event["stream"] == stream]
        assert times == sorted(times)


def test_the_events_of_a_command_share_all_but_what_happened(story: list[Event]) -> None:
    for command in commands(story):
        shared = {name: value for name, value in command[0].items() if name in ("at", "by", "for", "via", "happened")}
        assert all(shared.items() <= event.items() for event in command)
        assert [event["cmd"]["i"] for event in command] == list(range(1, command[0]["cmd"]["of"] + 1))


def test_a_command_records_then_voids_then_completes_and_wins_after_its_advance(story: list[Event]) -> None:
    assert {tuple(event["type"] for event in command) for command in commands(story) if len(command) > 1} == {
        ("deal.recorded", "action.completed"),
        ("deal.recorded", "action.voided", "action.voided", "action.voided"),
        ("stage.advanced", "deal.won"),
    }


def test_every_event_of_a_deal_and_every_refused_start_names_the_definition(story: list[Event]) -> None:
    named = {tuple(event["definition"]) for event in story if event["type"].startswith(("deal.", "step.", "stage."))}
    assert named == {("id", "lang", "sha256", "version")}


def test_an_import_always_says_when_and_looks_at_that_moment(story: list[Event]) -> None:
    imported = [event for event in story if event["via"] == "import"]
    assert len(imported) == 7
    assert all("happened" in event for event in imported)
    assert all(event["data"]["facts"]["now"] == event["happened"] for event in imported if "facts" in event["data"])


def test_live_steps_say_when_on_do_and_note_only_and_now_is_still_at(story: list[Event]) -> None:
    live = [event for event in story if event["via"] == "api" and "happened" in event]
    assert [event["type"] for event in live] == ["action.completed", "deal.noted"]
    assert live[0]["data"]["facts"]["now"] == live[0]["at"]


def test_values_are_in_their_one_form(story: list[Event]) -> None:
    assert of_type(story, "deal.started")[0]["data"]["values"] == {
        "company": "Öljy & Sähkö Oy 😀",
        "contacts": [{"role": "decides", "seats": 3}, {}, {"role": "user"}],
        "expected": "2026-06-30",
        "meeting": "2026-03-05T10:00:00.500000Z",
        "seats": 12,
        "small": False,
        "source": "fair",
        "weight": "-0.5",
    }
    recorded = [event["data"]["values"] for event in of_type(story, "deal.recorded")]
    decimals = {values[name] for values in recorded for name in ("amount", "weight", "discount") if name in values}
    assert len(decimals) > 5
    assert all(PLAIN_DECIMAL.fullmatch(text) for text in decimals)


def test_a_value_changed_only_where_its_form_differs(story: list[Event]) -> None:
    recorded = [event["data"] for event in of_type(story, "deal.recorded")]
    assert recorded[1] == {"values": {"amount": "60000.5"}, "unset": ["phone"], "changed": ["phone"]}


def test_facts_tell_what_a_decision_saw(story: list[Event]) -> None:
    advanced = [event["data"] for event in of_type(story, "stage.advanced")]
    assert {"criteria", "actions", "now", "today", "stage_age"} <= advanced[0]["facts"].keys()
    outcomes = {outcome for event in story for outcome in event["data"].get("facts", {}).get("criteria", {}).values()}
    assert outcomes == {"met", "unmet", "unknown", "waived"}
    statuses = {status for event in story for status in event["data"].get("facts", {}).get("actions", {}).values()}
    assert statuses == {"done", "not_applicable", "open", "unknown"}
    branches = {outcome for event in story for outcome in event["data"].get("facts", {}).get("branches", {}).values()}
    assert branches == {"met", "unmet", "unknown"}
    decisions = ("deal.started", "stage.advanced", "deal.finished", "action.completed", "step.refused")
    assert {event["type"] for event in story if "facts" in event["data"]} == set(decisions)


def test_waivers_and_what_is_passed_over_are_named_or_absent(story: list[Event]) -> None:
    by_target = {event["data"]["to"]: event["data"] for event in reversed(of_type(story, "stage.advanced"))}
    won, parked = by_target["delivery"], by_target["parked"]
    assert won["waivers"] == [22, 23]
    assert "unfinished" not in won
    assert parked["unfinished"] == ["offer.price", "offer.send", "offer.enough", "offer.someone"]
    assert "waivers" not in parked


def test_a_milestone_is_reached_once(story: list[Event]) -> None:
    sent = [event["data"] for event in of_type(story, "action.completed") if event["data"]["action"] == "offer.send"]
    assert [data.get("milestone") for data in sent] == ["offer", None]


def test_evidence_says_its_kind_and_keeps_a_documents_hash(story: list[Event]) -> None:
    evidence = [event["data"]["evidence"] for event in story if "evidence" in event["data"]]
    assert {"kind": "document", "sha256": DOCUMENT[-64:]} in evidence
    assert {item["kind"] for item in evidence} == {"note", "link", "document"}


def test_each_unmet_item_is_about_its_ids_and_tells_who_could(story: list[Event]) -> None:
    items = [item for event in of_type(story, "step.refused") for item in event["data"]["unmet"]]
    assert all(item["about"] and item.keys() <= {"code", "about", "roles"} for item in items)
    for item in items:
        if item["code"] in ABOUT_ITS_STEP:
            assert item["about"][0] in ACTIONS_OR_COMMANDS or "." in item["about"][0]
    by_code = {item["code"]: item for item in items}
    assert by_code["gate-shut"]["about"] == ["amount", "offer.price"]
    assert by_code["several-criteria"]["about"] == ["offer.known", "delivery.known"]
    assert by_code["needs-open"]["about"] == ["offer.approve"]
    assert by_code["four-eyes"]["roles"] == ["manager"]


def test_refused_arguments_are_told_by_the_same_privacy(story: list[Event]) -> None:
    told = [(event["data"]["arguments"], sorted(event.get("private", ()))) for event in of_type(story, "step.refused")]
    arguments = {"action": "price", "unset": ["discount"], "values": {"contacts": [{}]}}
    assert (arguments, ["/arguments/values/contacts/0/name", "/arguments/values/story"]) in told


def test_personal_values_are_leaves_of_their_own(story: list[Event]) -> None:
    started = of_type(story, "deal.started")[0]
    assert sorted(started["private"]) == [
        *("/key", "/values/contacts/0/name", "/values/contacts/1/name"),
        *("/values/email", "/values/health", "/values/phone", "/values/site", "/values/story"),
    ]


def test_nothing_personal_stands_outside_its_table_and_the_rows_of_deals(log: sqlite3.Connection) -> None:
    found = []
    for (table,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = [row[1] for row in log.execute(f"PRAGMA table_info({table})")]
        for row in log.execute(f"SELECT * FROM {table}"):
            for column, cell in zip(columns, row, strict=True):
                if column in RANDOM:
                    continue
                text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                if PERSONAL.search(text):
                    found.append(f"{table}.{column}")
    assert set(found) == {"private.value", "deal.key", "deal.state"}


def test_a_fingerprint_is_that_of_the_command_as_given(log: sqlite3.Connection) -> None:
    command = {
        "do": "do",
        "person": "maija",
        "arguments": {"action": "send", "way": "mail", "evidence": DOCUMENT},
    }
    salt, fingerprint = log.execute("SELECT salt, fingerprint FROM request WHERE key = 'send-it'").fetchone()
    assert fingerprint == sha256(salt + canonical_bytes(command)).digest()


def test_nothing_personal_stands_in_what_a_refusal_says_but_the_deals_name() -> None:
    refusals = tell(open_store("memory:"))
    assert len(refusals) == 49
    texts = [refusal_text(refused).replace(refused.record.name, "") for refused in refusals]
    assert [text for text in texts if PERSONAL.search(text)] == []
