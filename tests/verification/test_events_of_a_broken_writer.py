"""A writer that writes another event than was decided, in whatever part of it, is found out by the events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from broken_writer import Story, changed, events_of, other, told, whole
from small_story import findings, fresh, tell_all_but_the_end

from procdef.decide.context import Context
from procdef.engine import event_queue
from procdef.events.types import EVENT_TYPES
from procdef.log import event as event_module
from procdef.log.event import Data, Entry, Envelope, Written, write


def of_a_sound_writer() -> list[dict[str, Any]]:
    store, engine = fresh()
    whole(engine)
    assert findings(store) == []
    return events_of(store)


EVENTS = of_a_sound_writer()
KEYS = sorted({(event["type"], key) for event in EVENTS for key in event["data"]})
"""Every key that stands in the data of the story's events."""


def place(pointer: str) -> str:
    """A pointer without the number of a row."""
    return "/".join("*" if part.isdigit() else part for part in pointer.split("/"))


SEALED = sorted({(event["type"], place(pointer)) for event in EVENTS for pointer in event.get("private", ())})
"""Every place of a personal value in the story's events."""
UNTOLD = {
    ("left out", "log.created", "sealed"): "a log from before there was a tree does not say that it is in one",
    ("another", "deal.migrated", "plan"): "no event holds the plan, only who wrote it",
    ("another", "log.created", "software"): "nothing else names the software",
    ("another", "log.exported", "rows"): "what left the log is not in it",
    ("another", "log.exported", "sha256"): "what left the log is not in it",
    ("another", "log.exported", "what"): "another format could have left the log",
    ("another", "privacy.erased", "basis"): "any word can be a basis",
}
"""What nobody can tell of an event, and why."""


def test_the_story_has_every_type_of_event_that_is_written() -> None:
    of_other_logs = {
        "log.sealed": "which only a log from before there was a tree has",
        "log.moved": "after which nothing comes; where it is written is no key that could be told as wrong",
        "log.opened": "which only a log has that came from elsewhere",
    }
    assert {event["type"] for event in EVENTS} == {kind.name for kind in EVENT_TYPES if kind.written} - {*of_other_logs}


def rewritten(change: Callable[[Entry], Entry], story: Story = whole) -> set[str]:
    """What is found where entries are changed on their way into the log, after they were decided and folded."""
    times = 0

    def stand_in(entry: Entry, *more: Any) -> Written:
        nonlocal times
        changed_entry = change(entry)
        times += changed_entry != entry
        return write(changed_entry, *more)

    found = told(event_queue, "write", stand_in, story)
    assert times, "nothing was broken"
    return found


def story_with(kind: str) -> Story:
    """The story; its end only for the events that it is about, as it would stop at others that are broken."""
    return whole if kind.startswith("privacy.") else tell_all_but_the_end


def without(kind: str, key: str) -> Callable[[Entry], Entry]:
    def change(entry: Entry) -> Entry:
        if entry.type != kind:
            return entry
        data = {name: value for name, value in entry.data.items() if name != key}
        return Entry(kind, data, tuple(pointer for pointer in entry.private if pointer.split("/")[1] != key))

    return change


def with_another(kind: str, key: str) -> Callable[[Entry], Entry]:
    def change(entry: Entry) -> Entry:
        if entry.type != kind or key not in entry.data:
            return entry
        return entry._replace(data={**entry.data, key: other(entry.data[key])})

    return change


@pytest.mark.parametrize(("kind", "key"), KEYS)
def test_a_key_left_out_is_found(kind: str, key: str) -> None:
    assert bool(rewritten(without(kind, key), story_with(kind))) is (("left out", kind, key) not in UNTOLD)


@pytest.mark.parametrize(("kind", "key"), KEYS)
def test_another_value_of_a_key_is_found(kind: str, key: str) -> None:
    assert bool(rewritten(with_another(kind, key), story_with(kind))) is (("another", kind, key) not in UNTOLD)


@pytest.mark.parametrize(("kind", "where"), SEALED)
def test_a_personal_value_in_the_clear_is_found(kind: str, where: str) -> None:
    def change(entry: Entry) -> Entry:
        if entry.type != kind:
            return entry
        return entry._replace(private=tuple(pointer for pointer in entry.private if place(pointer) != where))

    assert "illegal" in rewritten(change, story_with(kind))


@pytest.mark.parametrize(
    ("kind", "pointer"),
    [
        ("deal.started", "/stage"), ("deal.started", "/values/small"), ("deal.started", "/values/contacts/0/seats"),
        ("deal.recorded", "/values/close"), ("action.completed", "/action"), ("action.completed", "/evidence/kind"),
        ("deal.lost", "/reason"), ("deal.noted", "/kind"), ("stage.advanced", "/to"), ("step.refused", "/do"),
        ("step.refused", "/arguments/to"), ("deal.assigned", "/to"), ("definition.published", "/id"),
        ("log.created", "/software"), ("log.exported", "/what"),
    ],
)  # fmt: skip
def test_a_value_set_apart_that_is_not_personal_is_found(kind: str, pointer: str) -> None:
    def change(entry: Entry) -> Entry:
        there = entry.type == kind and event_module.stands(entry.data, pointer)
        return entry._replace(private=(*entry.private, pointer)) if there else entry

    assert {"illegal", "unreadable"} & rewritten(change, story_with(kind))


def instead(**words: str) -> Callable[[dict[str, str]], dict[str, str]]:
    """Outcomes told as others."""
    return lambda outcomes: {path: words.get(outcome, outcome) for path, outcome in outcomes.items()}


FACTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "another moment": ("now", lambda now: "2026-03-01T00:00:00.000000Z"),
    "another day": ("today", lambda today: "2026-12-24"),
    "another time in the stage": ("stage_age", lambda age: age + 1),
    "no criteria": ("criteria", lambda outcomes: None),
    "met criteria as unmet": ("criteria", instead(met="unmet")),
    "waived criteria as met": ("criteria", instead(waived="met")),
    "criteria that are not declared": ("criteria", lambda outcomes: {**outcomes, "lead.nothing": "met"}),
    "criteria in another word": ("criteria", instead(met="fine")),
    "no actions": ("actions", lambda outcomes: None),
    "done actions as open": ("actions", instead(done="open")),
    "open actions as done": ("actions", instead(open="done")),
    "actions that are not declared": ("actions", lambda outcomes: {**outcomes, "lead.nothing": "done"}),
    "no ways on": ("branches", lambda outcomes: None),
    "open ways as closed": ("branches", instead(met="unmet")),
    "ways that are not declared": ("branches", lambda outcomes: {**outcomes, "nowhere": "met"}),
    "other values": ("values", lambda values: dict.fromkeys(values, "0")),
    "values that nobody recorded": ("values", lambda values: {**values, "close": "2030-01-01"}),
    "a personal value": ("values", lambda values: {**values, "email": "anna@a.example"}),
    "a field that is not declared": ("values", lambda values: {**values, "colour": "red"}),
}


@pytest.mark.parametrize("what", FACTS)
def test_facts_that_are_not_so_are_found(what: str) -> None:
    key, change = FACTS[what]
    real, times = Context.facts, 0

    def stand_in(context: Context) -> Data:
        nonlocal times
        facts = real(context)
        if key not in facts:
            return facts
        made = {**facts, key: change(facts[key])}
        times += made != facts
        return {name: fact for name, fact in made.items() if fact is not None}

    found = told(Context, "facts", stand_in, tell_all_but_the_end)
    assert times, "nothing was broken"
    assert "illegal" in found


ENVELOPES: dict[str, Callable[[Envelope, Entry], Envelope]] = {
    "another log": lambda given, entry: given._replace(log=("1" if given.log[0] == "0" else "0") + given.log[1:]),
    "an earlier time": lambda given, entry: given._replace(at="2026-03-01T00:00:00.000000Z"),
    "a time in another form": lambda given, entry: given._replace(at=given.at.replace("Z", "+00:00")),
    "a time for what was not reported later": lambda given, entry: given._replace(happened=given.happened or given.at),
    "no time for what was brought in": lambda given, entry: given._replace(happened=None),
    "another door": lambda given, entry: given._replace(via="window"),
    "nobody": lambda given, entry: given._replace(by="{}"),
    "somebody else": lambda given, entry: given._replace(by='{"auth":"os","id":"eve","roles":["guest"]}', behalf=None),
    "nobody on whose behalf": lambda given, entry: given._replace(behalf=None),
    "another command for each event": lambda given, entry: given._replace(command=f"{given.command}{entry.type}"),
    "fewer events in the command": lambda given, entry: given._replace(of=1),
    "no definition": lambda given, entry: given._replace(definition=None),
    "another version of the definition": lambda given, entry: given._replace(
        definition=given.definition and given.definition.replace('"version":3', '"version":4')
    ),
}


@pytest.mark.parametrize("what", ENVELOPES)
def test_an_envelope_with_something_else_in_it_is_found(what: str) -> None:
    times = 0

    def stand_in(entry: Entry, envelope: Envelope, *more: Any) -> Written:
        nonlocal times
        made = ENVELOPES[what](envelope, entry)
        times += made != envelope
        return write(entry, made, *more)

    found = told(event_queue, "write", stand_in, tell_all_but_the_end)
    assert times, "nothing was broken"
    assert found


PLACES: dict[str, tuple[Callable[[int, str, int, str], tuple[int, str, int, str]], str]] = {
    "another number": (lambda n, prev, i, name: (n + 1, prev, i, name), "projection"),
    "another event before": (lambda n, prev, i, name: (n, other(prev), i, name), "chain-broken"),
    "another place in the command": (lambda n, prev, i, name: (n, prev, i + 1, name), "command-torn"),
    "no UUID of version 7": (lambda n, prev, i, name: (n, prev, i, name[:14] + "4" + name[15:]), "unreadable"),
}


@pytest.mark.parametrize("what", PLACES)
def test_an_event_in_another_place_than_its_own_is_found(what: str) -> None:
    change, expected = PLACES[what]

    def stand_in(entry: Entry, envelope: Envelope, stream: str, *where: Any) -> Written:
        event = write(entry, envelope, stream, *change(*where[:4]), *where[4:])
        return event._replace(n=where[0])

    assert expected in told(event_queue, "write", stand_in, tell_all_but_the_end)


def test_a_hash_over_other_bytes_is_found() -> None:
    assert "hash" in changed(event_module, "event_hash", other, tell_all_but_the_end)


def test_a_commitment_to_another_value_is_found() -> None:
    assert "value-changed" in changed(event_module, "commitment_to", other)


def test_a_personal_value_set_apart_under_another_pointer_is_found() -> None:
    def change(concealed: tuple[Data, list[tuple[str, Any]]]) -> tuple[Data, list[tuple[str, Any]]]:
        data, taken = concealed
        return data, [(f"{pointer}x", value) for pointer, value in taken]

    assert "illegal" in changed(event_module, "conceal", change, tell_all_but_the_end)


def test_an_event_that_is_not_written_canonically_is_found() -> None:
    assert "not-canonical" in changed(event_module, "encoded", lambda text: text.replace(":", ": ", 1))
