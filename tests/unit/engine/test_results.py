"""What the engine hands out: frozen, public, and the same for programs in Python as for those that read JSON."""

from __future__ import annotations

import copy
import json
import pickle
import re
from dataclasses import FrozenInstanceError, asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import procdef
from procdef import Actor, Engine, Event, StepRefused, load, open_store
from procdef.cli import run
from procdef.deal import Deal
from procdef.results.deal_view import DealView
from procdef.results.listed_deal import ListedDeal
from procdef.results.options import Options
from procdef.results.result import Modelled
from procdef.results.schema import RESULTS
from procdef.store import DealRow

if TYPE_CHECKING:
    from conftest import Desk

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "embedding.md").read_text("utf-8")
NAMES = (
    "Done", "Deal", "DealRow", "StandingWaiver", "Options", "Todo", "Completion", "Way", "ScoreSum", "Unmet",
    "Suggestion", "Blank", "StepResult", "FeedItem", "Erased", "Held", "HeldRequest", "HeldCopy", "AheadOfClock", "Candidate",
    "MigratedDeal", "AgainstMigration", "WorkAfterMigration", "OtherRow", "TimerTold", "AgendaItem",
)  # fmt: skip
DOCUMENTED = pytest.mark.parametrize("name", NAMES)
on_sqlite = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
in_memory = pytest.mark.parametrize("desk", ["memory:"], indirect=True)


def refused(desk: Desk, **more: Any) -> StepRefused:
    with pytest.raises(StepRefused) as told:
        desk.engine.advance("D", by=desk.seller, **more)
    return told.value


def results(desk: Desk) -> dict[str, Any]:
    """One of each, of a deal at which something is open, blocked, waived and suggested."""
    desk.offered(discount="20", amount="50")
    desk.engine.waive("D", "enough", by=desk.manager, reason="a first order")
    options = desk.engine.options("D", by=desk.seller)
    unmet = refused(desk).unmet
    suggestion = next(item.suggestion for item in unmet if item.suggestion)
    step = {"by": "maija", "roles": ["seller"], "deal": "D", "do": "advance"}
    desk.engine.note("D", "Anna called", by=desk.seller, request="anna-1")
    against, work = procdef.AgainstMigration("field", "fax", "gone"), procdef.WorkAfterMigration("action", "offer.call", "open")
    return {
        "Done": desk.engine.note("D", "Called", by=desk.seller, kind="call"),
        "Deal": desk.engine.deal("D"),
        "DealRow": next(desk.engine.deals()),
        "StandingWaiver": desk.engine.deal("D").waivers[0],
        "Candidate": procdef.Candidate("pekka", ("manager",), ("jaana",), "pekka owns the deal"),
        "ScoreSum": procdef.ScoreSum(None, 0, 5, {"size": 3}, {"need": 2}, {}),
        "Options": options,
        "Todo": options.todo[0],
        "Completion": next(each for todo in options.todo for each in todo.completions),
        "Way": options.ways[0],
        "Unmet": unmet[0],
        "Suggestion": suggestion,
        "Blank": next(blank for way in options.ways if way.suggestion for blank in way.suggestion.blanks),
        "StepResult": next(desk.engine.run("small", [step], by=desk.manager)),
        "FeedItem": next(desk.engine.feed()),
        "Erased": desk.engine.erase("D", ["email"], basis="request", by=desk.manager, dry_run=True),
        "Held": desk.engine.held_on("anna")[0],
        "HeldRequest": desk.engine.requests_on("anna")[0],
        "HeldCopy": procdef.HeldCopy("search_index", ("body",)),
        "AheadOfClock": desk.engine.ahead_of_clock(),
        "MigratedDeal": procdef.MigratedDeal("D", 1, "offer", "maija", "refused", None, (against,), (work,)),
        "AgainstMigration": against,
        "WorkAfterMigration": work,
        "OtherRow": procdef.OtherRow("offer.call", 1, "boss, where price > 5", None),
        "TimerTold": procdef.TimerTold("D", "reminded", "offer", "2026-03-09T08:00:00.000000Z", "1 day", roles=("manager",)),
        "AgendaItem": procdef.AgendaItem("due", "D", None, "deal:1", "small", 1, "offer", "maija", "offer", "Offer"),
    }


@in_memory
@DOCUMENTED
def test_it_is_frozen_and_travels(desk: Desk, name: str) -> None:
    result = results(desk)[name]
    assert isinstance(result, getattr(procdef, name))
    assert not hasattr(result, "__dict__")
    assert repr(result).startswith(f"{name}(")
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(result, fields(result)[0].name, None)
    for other in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
        assert (type(other), other, other.as_dict()) == (type(result), result, result.as_dict())
    assert set(asdict(result)) == {field.name for field in fields(result)}
    assert json.loads(json.dumps(result.as_dict())) == result.as_dict()


def test_an_actor_is_taken_apart_and_travels() -> None:
    actor = Actor("crm", roles={"clerk"}, behalf=Actor("maija", roles={"seller"}))
    assert asdict(actor)["behalf"]["id"] == "maija"
    there = pickle.loads(pickle.dumps(actor))
    assert (there, there.person, there.person.shown) == (actor, actor.person, actor.person.shown)


@pytest.mark.parametrize("process", ["b2b-sales", "saas-inbound", "crm-opportunities"])
def test_a_process_travels_and_judges_there_as_here(process: str) -> None:
    definition = load(ROOT / "processes" / f"{process}.yaml")
    there = pickle.loads(pickle.dumps(definition))
    assert there == definition
    seller = Actor("maija", frozenset(definition.roles))
    answers = []
    for each in (definition, there):
        engine = Engine(open_store("memory:"))
        engine.publish(each, by=seller)
        stage = next(stage for stage in definition.starts if not definition.stages[stage].entry_criteria)
        engine.start(process, "D", by=seller, stage=stage)
        shown = json.loads(json.dumps(engine.options("D", by=seller).as_dict()).replace(engine.deal("D").stream, "D"))
        answers.append({key: shown[key] for key in ("scores", "actions", "ways")})
    assert answers[0] == answers[1]
    whens = [(way.when, there.stages[stage.id].next[to].when) for stage in definition.stages.values()
             for to, way in stage.next.items() if way.when]  # fmt: skip
    assert [here.text for here, _ in whens] == [other.text for _, other in whens]


def test_a_deal_for_callers_has_every_field_of_a_deal() -> None:
    own = {"name", "title", "outcome", "passed", "waived", "amount", "currency", "expected"}
    assert {*Deal._fields, *own} == {field.name for field in fields(DealView)}


def test_a_listed_deal_has_the_columns_of_a_row_but_for_what_only_the_engine_needs() -> None:
    of_engine = {"wake", "head", "fold", "state"}
    assert {field.name for field in fields(ListedDeal)} == {*DealRow._fields, "name", "title", "currency"} - of_engine


@in_memory
def test_a_listed_deal_says_what_the_whole_one_says(desk: Desk) -> None:
    desk.offered()
    row, deal = next(desk.engine.deals()), desk.engine.deal("D")
    told = {name for name in ListedDeal.__dataclass_fields__ if name != "deadline"}
    assert {name: getattr(deal, name) for name in told} == {name: each for name, each in asdict(row).items() if name in told}
    assert row.deadline == deal.due
    assert (row.name, row.amount, row.currency) == ("D", "500", "EUR")


@in_memory
def test_an_outcome_is_read_when_it_is_looked_at_and_only_once(desk: Desk) -> None:
    desk.offered()
    done = desk.engine.note("D", "Called", by=desk.seller)
    later = desk.engine.note("D", "Again", by=desk.seller)
    assert (done.deal.n + 1, done.events[0]["data"]["text"]) == (later.deal.n, "Called")
    assert done.deal is done.deal
    assert procdef.Done(done.deal, done.events) == done
    with pytest.raises(AttributeError, match="colour"):
        done.colour  # noqa: B018


@in_memory
def test_an_outcome_says_that_it_was_only_tried(desk: Desk) -> None:
    desk.offered()
    tried = desk.engine.note("D", "Called", by=desk.seller, dry_run=True)
    assert (tried.dry_run, tried.as_dict()["dry_run"], tried.events[0]["type"]) == (True, True, "deal.noted")


def printed(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path, *arguments: str, code: int = 0) -> Any:
    """What the command line prints as JSON on the same database."""
    capsys.readouterr()
    url = f"sqlite:///{tmp_path / 'deals.db'}"
    assert run([*arguments, "--db", url, "--as", "maija:seller", "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


@on_sqlite
def test_the_command_line_prints_the_same(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    desk.offered(discount="20", amount="50")
    desk.engine.waive("D", "enough", by=desk.manager, reason="a first order")
    assert desk.engine.options("D", by=desk.seller).as_dict() == printed(desk, capsys, tmp_path, "status", "D")
    assert next(desk.engine.deals()).as_dict() == printed(desk, capsys, tmp_path, "deals")
    expected = refused(desk, to="delivery", dry_run=True).as_dict()
    assert expected == printed(desk, capsys, tmp_path, "advance", "D", "delivery", "--dry-run", code=1)
    shown = printed(desk, capsys, tmp_path, "note", "D", "Called", "--dry-run")
    tried = desk.engine.note("D", "Called", by=desk.seller, dry_run=True).as_dict()
    assert list(tried) == list(shown)
    moments = ("events", "at", "active", "latest", "head")
    assert [{**each, **dict.fromkeys(moments)} for each in (tried, shown)] == [{**shown, **dict.fromkeys(moments)}] * 2
    assert len(shown["events"]) == 1


def told(name: str) -> set[str]:
    """The names in the first column of the table below the heading of a class."""
    section = PAGE.partition(f"\n### `{name}`\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"(?<!\()`(\w+)`", cell)}


@pytest.mark.parametrize("name", [*NAMES, "Actor", "Deals", "Diagnostic", "Span"])
def test_every_public_field_is_documented(name: str) -> None:
    kind = getattr(procdef, name)
    properties = {each for each in dir(kind) if isinstance(getattr(kind, each), property)}
    assert {field.name for field in fields(kind)} | properties == told(name)


def test_every_property_of_an_event_is_documented() -> None:
    assert {each for each in dir(Event) if isinstance(getattr(Event, each), property)} == told("Event")


def test_what_an_answer_was_worked_out_for_is_no_part_of_it() -> None:
    assert "inquiry" not in {field.name for field in fields(Options)}


def test_each_result_is_called_as_it_is_named() -> None:
    assert {name: kind.api_name() for name, kind in RESULTS.items() if issubclass(kind, Modelled)} == {
        name: name for name, kind in RESULTS.items() if issubclass(kind, Modelled)
    }
