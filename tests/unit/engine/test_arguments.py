"""Whatever is handed to the API, what is not well-formed is an ``InvalidArgument``, and nothing is logged."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from procdef import Actor, Engine, InvalidArgument, ProcdefError, load, open_store
from procdef.store import Deals

if TYPE_CHECKING:
    from conftest import Desk

in_memory = pytest.mark.parametrize("desk", ["memory:"], indirect=True)
sqlite_only = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)

WRONG: list[Any] = [
    *(None, 5, 10**400, 10**5000, 1.5, float("nan"), True, Decimal(1), b"bytes", object(), "\ud800"),
    *([], ["a"], {}, {"a": 1}, {"a"}, (), datetime(2026, 3, 2), date(2026, 3, 2), Path("x"), str),
]
GOOD: dict[str, dict[str, Any]] = {
    "start": {"process": "small", "deal": "N", "stage": "lead", "values": {}, "origin": "D"},
    "record": {"deal": "D", "values": {"amount": "1"}, "correct": False, "reason": "r"},
    "do": {
        **{"deal": "D", "action": "research", "values": {}, "way": "mail", "evidence": "e", "note": "n"},
        **{"decision": "approve", "happened": "2026-03-02T08:00Z"},
    },
    "advance": {"deal": "D", "to": "offer", "reason": "r"},
    "back": {"deal": "D", "to": "lead", "reason": "r"},
    "waive": {"deal": "D", "criterion": "enough", "reason": "r"},
    "lose": {"deal": "D", "reason": "price", "note": "n"},
    "reopen": {"deal": "D", "reason": "r"},
    "finish": {"deal": "D"},
    "assign": {"deal": "D", "person": "p"},
    "note": {"deal": "D", "text": "t", "kind": "call", "objection": "o", "happened": "2026-03-02T08:00Z"},
}
SHARED = {"by": Actor("maija", frozenset({"seller"})), "request": "r-1", "dry_run": False}
OPTIONAL = {
    "stage",
    "origin",
    "reason",
    "way",
    "evidence",
    "note",
    "decision",
    "happened",
    "request",
    "kind",
    "objection",
}


def fits(verb: str, name: str, value: Any) -> bool:
    """Whether the value is well-formed there, be it refused by the rules or not."""
    if value is None:
        return name in OPTIONAL or (verb, name) in {
            ("advance", "to"),
            ("lose", "note"),
            ("start", "values"),
            ("do", "values"),
        }
    if isinstance(value, str):
        return name not in {"deal", "request", "by", "dry_run", "correct", "values", "happened", "person", "origin"}
    if isinstance(value, bool):
        return name in {"correct", "dry_run"}
    return name == "values" and isinstance(value, dict)


def cases() -> Iterator[Any]:
    for verb, good in GOOD.items():
        for name in (*good, *SHARED):
            yield pytest.param(verb, name, id=f"{verb}-{name}")


def test_the_table_knows_every_argument_of_every_step() -> None:
    steps = {
        name: set(inspect.signature(method).parameters) - {"self"}
        for name, method in inspect.getmembers(Engine, inspect.isfunction)
        if {"dry_run", "request"} <= set(inspect.signature(method).parameters) and not name.startswith("_")
    }
    assert steps == {verb: {*good, *SHARED} for verb, good in GOOD.items()}


@in_memory
@pytest.mark.parametrize(("verb", "name"), list(cases()))
def test_an_argument_of_a_wrong_type_is_told(desk: Desk, verb: str, name: str) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    for value in WRONG:
        before = len(list(desk.engine.feed()))
        given = {**GOOD[verb], **SHARED, "request": None, name: value}
        try:
            getattr(desk.engine, verb)(**given)
        except InvalidArgument:
            assert not fits(verb, name, value), value
            assert len(list(desk.engine.feed())) == before
        except ProcdefError:
            assert fits(verb, name, value), value
        else:
            assert fits(verb, name, value), value


def selves() -> Iterator[Any]:
    """Values without an end, or all but without one."""
    mapping: dict[str, Any] = {}
    mapping["a"] = mapping
    yield mapping
    listed: list[Any] = []
    listed.append(listed)
    yield listed
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    yield deep
    wide: list[Any] = []
    for _ in range(15):
        wide = [wide] * 1000
    yield wide


@in_memory
@pytest.mark.parametrize("request_key", [None, "r-1"])
@pytest.mark.parametrize("number", range(4))
def test_a_value_has_an_end(desk: Desk, number: int, request_key: str | None) -> None:
    endless = list(selves())[number]
    for name in ("company", "amount", "nothing"):
        with pytest.raises(InvalidArgument, match="nested"):
            desk.engine.start("small", "D", by=desk.seller, stage="lead", values={name: endless}, request=request_key)


class Odd:
    """A type whose values cannot be looked at."""

    def __repr__(self) -> str:
        raise RuntimeError("not to be shown")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not to be compared")

    __hash__ = object.__hash__


@in_memory
@pytest.mark.parametrize(
    "value", [10**5000, -(10**5000), Decimal("1E+999999999"), Decimal("sNaN"), Odd(), [[{10**5000: 1}]]], ids="abcdef"
)
@pytest.mark.parametrize("name", ["company", "amount", "small"])
def test_a_value_that_fits_nothing_is_refused_and_its_request_repeats_that(desk: Desk, name: str, value: Any) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    told = {desk.unmet("record", "D", {name: value}, by=desk.seller, request="r-1")[0] for _ in range(2)}
    assert told == {("bad-value", name)}
    assert [event["type"] for event in desk.engine.events("D")] == ["deal.started", "step.refused"]


QUESTIONS: dict[str, tuple[Callable[[Engine, Any], Any], tuple[type, ...]]] = {
    "publish": (lambda engine, x: engine.publish(x, by=SHARED["by"]), ()),
    "publish by": (lambda engine, x: engine.publish(load(engine.definition("small").source.decode()), by=x), ()),
    "definition": (lambda engine, x: engine.definition(x), (str,)),
    "version": (lambda engine, x: engine.definition("small", x), (type(None), int)),
    "definition_of": (lambda engine, x: engine.definition_of(x), ()),
    "record_refusal": (lambda engine, x: engine.record_refusal(x), ()),
    "deal": (lambda engine, x: engine.deal(x), (str,)),
    "deals": (lambda engine, x: engine.deals(x), (type(None),)),
    "deals stage": (lambda engine, x: engine.deals(Deals(stage=x)), (type(None),)),
    "deals outcome": (lambda engine, x: engine.deals(Deals(outcome=x)), (type(None),)),
    "deals owner": (lambda engine, x: engine.deals(Deals(owner=x)), (type(None), str)),
    "deals overdue": (lambda engine, x: engine.deals(Deals(overdue=x)), (type(None), datetime)),
    "deals after": (lambda engine, x: engine.deals(Deals(after=x)), (type(None), str)),
    "deals limit": (lambda engine, x: engine.deals(Deals(limit=x)), (type(None), int)),
    "events": (lambda engine, x: engine.events(x), (str,)),
    "options": (lambda engine, x: engine.options(x), (str,)),
    "options by": (lambda engine, x: engine.options("D", by=x), (type(None),)),
    "feed": (lambda engine, x: engine.feed(x), (int,)),
    "key_of": (lambda engine, x: engine.key_of(x), (str,)),
    "run": (lambda engine, x: engine.run(x, [], by=SHARED["by"]), (str,)),
    "run steps": (lambda engine, x: engine.run("small", x, by=SHARED["by"]), (list, set, tuple)),
    "run by": (lambda engine, x: engine.run("small", [], by=x), ()),
    "run batch": (lambda engine, x: engine.run("small", [], by=SHARED["by"], batch=x), (int,)),
    "run keep_going": (lambda engine, x: engine.run("small", [], by=SHARED["by"], keep_going=x), (bool,)),
    "in_language": (lambda engine, x: engine.in_language(x), (type(None), str)),
    "clock": (lambda engine, x: Engine(engine.store, clock=x), (type,)),
    "via": (lambda engine, x: Engine(engine.store, via=x), ()),
    "store": (lambda engine, x: Engine(x), ()),
}


@in_memory
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_a_wrong_type_is_told_at_once(desk: Desk, question: str) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    ask, right = QUESTIONS[question]
    for value in WRONG:
        if (
            isinstance(value, right)
            and not (isinstance(value, bool) and bool not in right)
            and value not in (10**400, 10**5000)
        ):
            continue
        with pytest.raises(InvalidArgument):
            ask(desk.engine, value)


@in_memory
@pytest.mark.parametrize(("name", "value"), [("batch", 0), ("batch", -1), ("after", -2)])
def test_a_number_that_counts_nothing_is_told(desk: Desk, name: str, value: int) -> None:
    with pytest.raises(InvalidArgument, match=name):
        desk.engine.feed(value) if name == "after" else desk.engine.run("small", [], by=desk.seller, batch=value)


@sqlite_only
@pytest.mark.parametrize("value", [None, 5, "x.db", object()])
def test_only_a_connection_is_joined(desk: Desk, value: Any) -> None:
    with pytest.raises(InvalidArgument):
        desk.engine.on(value).start("small", "D", by=desk.seller, stage="lead")


@pytest.mark.parametrize(
    "url",
    [
        *(None, 5, b"memory:", [], "", "\0", Path("\0"), ":memory:", "sqlite:///", "mysql://x"),
        *(f"sqlite:///{name}" for name in ("\0", "a" * 5000, "a" * 300, "\ud800", "a\0b", "x.db?mode=ro")),
    ],
)
def test_a_store_has_an_address(url: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidArgument):
        open_store(url)
    assert list(tmp_path.iterdir()) == []


def test_a_file_name_that_is_no_unicode_can_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "\udcff.db"
    open_store(f"sqlite:///{file}").close()
    assert file.exists()


EARLY, LATE = timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))
TIMES: list[Any] = [
    *(None, 5, 1.5, "2026-03-02T08:00Z", date(2026, 3, 2), datetime(2026, 3, 2)),
    *(datetime.min.replace(tzinfo=zone) for zone in (UTC, EARLY, LATE)),
    *(datetime.max.replace(tzinfo=zone) for zone in (UTC, EARLY, LATE)),
]


@in_memory
@pytest.mark.parametrize("time", TIMES, ids=repr)
def test_a_clock_tells_aware_times_of_the_calendar(desk: Desk, time: Any) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    definition = load(desk.engine.definition("small").source.decode().replace("version: 1", "version: 2"))
    desk.now = time
    for ask in (
        lambda: desk.engine.publish(definition, by=desk.seller),
        lambda: desk.engine.start("small", "E", by=desk.seller, stage="lead"),
        lambda: desk.engine.advance("D", by=desk.seller),
        lambda: desk.engine.options("D"),
    ):
        with pytest.raises(InvalidArgument):
            ask()


@in_memory
@pytest.mark.parametrize("time", [time for time in TIMES if time is not None and not isinstance(time, str)], ids=repr)
def test_so_does_who_says_when_it_happened(desk: Desk, time: Any) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    with pytest.raises(InvalidArgument):
        desk.engine.note("D", "Called", by=desk.seller, happened=time)
