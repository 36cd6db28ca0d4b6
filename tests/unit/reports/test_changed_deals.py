"""What a change means for a deal as it stands: each of the five groups, each cause in them, and what is no cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from procdef import Actor, Engine
from procdef.changes.comparison import compared
from procdef.decide.under_new_version import Outlook
from procdef.language import load_source
from procdef.model import ProcessDefinition
from procdef.reports.changed_deals import MOST_NAMED, Tally, changed_deals, is_published
from procdef.store import MemoryStore

ASK = "      ask: {title: Ask, when: score > 5}\n      call: {"
GATE = "    outcome: won\n    entry_criteria: {ready: {require: [fax]}}\n"
LATER = "    next: paid\n  paid:\n    title: Paid\n    owner: seller\n    outcome: won\n"
OLD = """\
procdef: 1
id: sales
version: 1
title: Sales
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields:
  price: {type: money}
  size: {type: choice, options: [small, big]}
  fax: {type: text, personal: false}
  lines: {type: list, items: {name: {type: text, personal: false}, pieces: {type: integer}}}
  score: {type: integer}
deal: {value: price}
lost: {reasons: {no_need: No need}, reopen: {by: seller, within: always}}
scores: {fit: {title: Fit, points: {big: {when: price >= 100, points: 50}}}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 30 days}
    required_actions:
      call: {title: Call}
    optional_actions:
      visit: {title: Visit}
    next: offer
    back: []
  offer:
    title: Offer
    owner: seller
    required_actions:
      send: {title: Send, records: [price]}
    exit_criteria:
      worth_it: {check: fit >= 0, waivable_by: seller}
    next: {delivery: {}, parked: {unfinished: allowed}}
  parked: {title: Parked, owner: seller, required_actions: {wait: {title: Wait}}, next: offer}
  delivery:
    title: Delivery
    owner: seller
    outcome: won
    required_actions: {deliver: {title: Deliver}}
""".replace("    back: []\n", "")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SELLER = Actor("maija", {"seller"})
CALL, SEND = ("call", {}), ("send", {"price": "50"})
Steps = tuple[Any, ...]
LEAD: Steps = ()
OFFER: Steps = (("do", *CALL), ("advance", "offer"))
DELIVERY: Steps = (*OFFER, ("do", *SEND), ("advance", "delivery"))


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def engine_with(*deals: Steps, text: str = OLD) -> tuple[Engine, ProcessDefinition]:
    engine = Engine(MemoryStore(), clock=Clock())
    definition = load_source(text.encode(), "old")
    engine.publish(definition, by=SELLER)
    for number, steps in enumerate(deals, 1):
        play(engine, f"D-{number}", steps)
    return engine, definition


def play(engine: Engine, key: str, steps: Steps, process: str = "sales") -> None:
    engine.start(process, key, by=SELLER)
    for verb, *arguments in steps:
        if verb == "do":
            engine.do(key, arguments[0], by=SELLER, values=arguments[1], decision="approve" if arguments[2:] else None)
        elif verb == "advance":
            engine.advance(key, arguments[0], by=SELLER, reason="later" if arguments[0] == "parked" else None)
        elif verb == "record":
            engine.record(key, arguments[0], by=SELLER)
        else:
            getattr(engine, verb)(key, *arguments, by=SELLER)


def outlooks(engine: Engine, old: ProcessDefinition, new: str, days: int = 0) -> tuple[dict[str, Outlook], Tally]:
    after, tally = load_source(new.replace("version: 1\n", "version: 2\n").encode(), "new"), Tally()
    with engine.store.transaction(write=False) as tx:
        assert is_published(tx, old)
        now = START + timedelta(days=days)
        found = {each.deal: each.outlook for each in changed_deals(tx, old, after, compared(old, after), now, tally)}
    return found, tally


def told(outlook: Outlook) -> set[str]:
    def words() -> Iterator[str]:
        yield from (f"answer {' '.join(each)}" for each in outlook.answers)
        yield from (f"new {' '.join(each)}" for each in outlook.new_work)
        yield from (f"behind {' '.join(each)}" for each in outlook.behind)
        if outlook.overdue:
            yield f"overdue {outlook.overdue[:10]}"
        yield from (f"late {each.action} {each.due[:10]}" for each in outlook.late)

    return set(words())


RECORDED: Steps = (("record", {"size": "big", "fax": "1", "lines": [{"name": "a", "pieces": 2}], "price": "50", "score": 1}),)
CASES: tuple[tuple[str, str, str, Steps, set[str]], ...] = (
    # what is tried, the text that changes, what it becomes, the deal's steps, what is told of the deal
    ("another title means nothing", "title: Call", "title: Phone", LEAD, set()),
    ("work of a stage to come means nothing yet", "{deliver: {", "{pack: {title: Pack}, deliver: {", OFFER, set()),
    ("a new action here", "      call: {", "      ask: {title: Ask}\n      call: {", LEAD, {"new action lead.ask open"}),
    ("a new action here, whether it is due is not known", "      call: {", ASK, LEAD, {"new action lead.ask unknown"}),
    ("a new action here, not due", "      call: {", ASK, RECORDED, set()),
    ("an optional action that is required now", "    optional_actions:\n", "", LEAD, {"new action lead.visit open"}),
    ("the same, done already", "    optional_actions:\n", "", (("do", "visit", {}),), set()),
    ("what was open before is nothing new", "{title: Call}", "{title: Call, at_least: 2}", LEAD, set()),
    ("twice where once was enough", "{title: Call}", "{title: Call, at_least: 2}", (("do", *CALL),),
     {"new action lead.call open"}),
    ("a field more to fill in", "records: [price]", "records: [price, score]", (*OFFER, ("do", *SEND)),
     {"new action offer.send open"}),
    ("a new exit criterion", "      worth_it:", "      known: {require: [fax]}\n      worth_it:", OFFER,
     {"new criterion offer.known unmet"}),
    ("a criterion that asks for more", "fit >= 0", "fit > 50", (*OFFER, ("record", {"price": "500"})),
     {"new criterion offer.worth_it unmet"}),
    ("a score that counts otherwise", "points: 50", "points: -50", (*OFFER, ("record", {"price": "500"})),
     {"new criterion offer.worth_it unmet"}),
    ("a criterion that asks for less", "fit >= 0", "fit >= -5", OFFER, set()),
    ("a new gate to the next stage", "    outcome: won\n", GATE,
     OFFER, {"new criterion delivery.ready unmet"}),
    ("a new gate far ahead", "    outcome: won\n", GATE, LEAD, set()),
    ("a new action behind", "      call: {", "      ask: {title: Ask}\n      call: {", OFFER, {"behind action lead.ask open"}),
    ("a new action two stages behind", "      call: {", "      ask: {title: Ask}\n      call: {", DELIVERY,
     {"behind action lead.ask open"}),
    ("an action behind that is not due", "      call: {", "      ask: {title: Ask, when: price > 500}\n      call: {", DELIVERY,
     set()),
    ("what was passed over unfinished before is nothing new", "{title: Send, records: [price]}",
     "{title: Send, records: [price, score]}", (*OFFER, ("advance", "parked")), set()),
    ("a stage that is gone", "  parked: {title: Parked", "  waiting: {title: Parked", (*OFFER, ("advance", "parked")),
     {"answer stage parked gone"}),
    ("a stage on the path that is gone", "  lead:\n", "  early:\n", OFFER,
     {"answer path lead gone", "answer action lead.call gone"}),
    ("a win that comes later", "    outcome: won\n", LATER, DELIVERY, {"answer stage delivery win"}),
    ("a field with a value that is gone", "  fax: {type: text, personal: false}\n", "", RECORDED, {"answer field fax gone"}),
    ("a field without one that is gone", "  fax: {type: text, personal: false}\n", "", LEAD, set()),
    ("a field of another type", "score: {type: integer}", "score: {type: date}", RECORDED, {"answer field score type"}),
    ("a choice of several", "size: {type: choice,", "size: {type: choice, many: true,", RECORDED, {"answer field size type"}),
    ("an option that is gone", "[small, big]", "[small]", RECORDED, {"answer field size option"}),
    ("an option that the deal does not have", "[small, big]", "[big]", RECORDED, set()),
    ("a new option", "[small, big]", "[small, big, huge]", RECORDED, set()),
    ("a column that is gone", ", pieces: {type: integer}", "", RECORDED, {"answer field lines column"}),
    ("a column of another type", "pieces: {type: integer}", "pieces: {type: date}", RECORDED, {"answer field lines column"}),
    ("another currency", "currency: EUR", "currency: SEK", RECORDED, {"answer field price currency"}),
    ("a done action that is gone", "    optional_actions:\n      visit: {title: Visit}\n", "", (("do", "visit", {}),),
     {"answer action lead.visit gone"}),
    ("an action that is gone and was not done", "    optional_actions:\n      visit: {title: Visit}\n", "", LEAD, set()),
    ("a done action that is a decision now", "{title: Call}", "{title: Call, decision: true}", (("do", *CALL),),
     {"answer action lead.call decision"}),
    ("less time", "30 days", "5 days", LEAD, {"overdue 2026-03-07"}),
    ("less time, but enough", "30 days", "25 days", LEAD, set()),
    ("more time", "30 days", "40 days", LEAD, set()),
    ("time where there was none", "    title: Offer\n", "    title: Offer\n    sla: {within: 5 days}\n", OFFER,
     {"overdue 2026-03-07"}),
    ("an action that is due now", "{title: Call}", "{title: Call, sla: {within: 5 days}}", LEAD, {"late lead.call 2026-03-07"}),
    ("an action that is due now, but done", "{title: Call}", "{title: Call, sla: {within: 5 days}}", (("do", *CALL),), set()),
    ("an action that is due later", "{title: Call}", "{title: Call, sla: {within: 25 days}}", LEAD, set()),
    ("an optional action that is due now", "{title: Visit}", "{title: Visit, sla: {within: 5 days}}", LEAD,
     {"late lead.visit 2026-03-07"}),
    ("a new action that is due", "      call: {", "      ask: {title: Ask, sla: {within: 5 days}}\n      call: {", LEAD,
     {"new action lead.ask open", "late lead.ask 2026-03-07"}),
    ("an action of a stage to come that is due", "{deliver: {", "{pack: {title: Pack, sla: {within: 0 days}}, deliver: {",
     OFFER, set()),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "steps", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_told_of_a_deal(old: str, new: str, steps: Steps, expected: set[str]) -> None:
    assert OLD.count(old) == 1
    text = OLD.replace(old, new)
    if "waiting" in new:
        text = text.replace("{delivery: {}, parked: {", "{delivery: {}, waiting: {")
    engine, definition = engine_with(steps)
    with engine.store.transaction(write=False) as tx:
        before = tx.size
    found, tally = outlooks(engine, definition, text, days=10)
    assert told(found["D-1"]) == expected
    assert (tally.deals, tally.as_it_is) == (1, 0 if expected else 1)
    with engine.store.transaction(write=False) as tx:
        assert tx.size == before


ENTRY, EXIT = "    entry_criteria: {small: {check: score <= 1}}\n", "    exit_criteria:\n      small: {check: score <= 1}\n"
UTC_DAYS, THERE = "currency: EUR\n", "currency: EUR\ncalendar: {timezone: Pacific/Honolulu}\n"
DATED = ("  score: {type: integer}\n", "  score: {type: integer}\n  until: {type: date}\n")
PLAIN = ("{title: Call}", "{title: Call, decision: true, by: seller}")


def table(*rows: str) -> tuple[str, str]:
    return "{title: Call}", f"{{title: Call, decision: true, by: [{', '.join(rows)}]}}"


SMALL, LARGE, TWICE = "{when: score <= 5, roles: seller}", "{roles: seller}", "{roles: seller, at_least: 2}"
APPROVED: Steps = (("record", {"score": 3}), ("do", "call", {}, "approve"))
PAIRS: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], Steps, set[str]], ...] = (
    # what is tried, the old version's difference from the process above, the new one's, the deal's steps, what is told
    ("a gate that is asked for when deals leave",
     (("    title: Offer\n", f"    title: Offer\n{ENTRY}"),), (("    exit_criteria:\n", EXIT),),
     (("record", {"score": 1}), *OFFER, ("record", {"score": 2})), {"new criterion offer.small unmet"}),
    ("a day that begins later", (DATED, ("fit >= 0", "until <= today")),
     (DATED, ("fit >= 0", "until <= today"), (UTC_DAYS, THERE)),
     (*OFFER, ("record", {"until": "2026-03-12"})), {"new criterion offer.worth_it unmet"}),
    ("a gate behind a way of which nobody knows whether it is open", (("{delivery: {},", "{delivery: {when: score > 5},"),),
     (("{delivery: {},", "{delivery: {when: score > 5},"), ("    outcome: won\n", GATE)), OFFER,
     {"new criterion delivery.ready unmet"}),
    ("a gate behind a way that is closed", (("{delivery: {},", "{delivery: {when: score > 5},"),),
     (("{delivery: {},", "{delivery: {when: score > 5},"), ("    outcome: won\n", GATE)), (*OFFER, ("record", {"score": 1})),
     set()),
    ("a table where roles alone stood", (PLAIN,), (table(SMALL, LARGE),), APPROVED,
     {"new action lead.call open", "answer action lead.call table"}),
    ("roles alone where a table stood", (table(SMALL, LARGE),), (PLAIN,), APPROVED, {"answer action lead.call table"}),
    ("a row before the one that it was approved under", (table(SMALL, LARGE),),
     (table("{when: score < 0, roles: seller}", SMALL, LARGE),), APPROVED,
     {"new action lead.call open", "answer action lead.call table"}),
    ("another row than the one that it was approved under", (table(SMALL, LARGE),), (table(SMALL, TWICE),), APPROVED,
     {"answer action lead.call table"}),
    ("a row that asks for more, and nothing approved", (table(SMALL, LARGE),), (table(SMALL, TWICE),), LEAD, set()),
    ("a row that asks for more", (table(SMALL, LARGE),), (table("{when: score <= 2, roles: seller}", LARGE),), APPROVED,
     {"new action lead.call open", "answer action lead.call table"}),
    ("the row that it was approved under says something else", (table(SMALL, LARGE),),
     (table("{when: score <= 5, roles: seller, at_least: 2}", LARGE),), APPROVED,
     {"new action lead.call open", "answer action lead.call table"}),
    ("a row of which nobody knows whether it holds", (table(SMALL, LARGE),),
     (table("{when: price > 5, roles: seller}", SMALL, LARGE),), APPROVED,
     {"new action lead.call unknown", "answer action lead.call table"}),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "steps", "expected"), [each[1:] for each in PAIRS], ids=[each[0] for each in PAIRS])
def test_what_is_told_of_a_deal_of_another_process(
    old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...], steps: Steps, expected: set[str]
) -> None:
    def with_changes(changes: tuple[tuple[str, str], ...]) -> str:
        text = OLD
        for was, now in changes:
            assert text.count(was) == 1, was
            text = text.replace(was, now)
        return text

    engine, definition = engine_with(steps, text=with_changes(old))
    found, _ = outlooks(engine, definition, with_changes(new), days=10)
    assert told(found["D-1"]) == expected


def test_what_was_waived_is_new_where_the_criterion_says_something_else() -> None:
    engine, definition = engine_with((*OFFER, ("record", {"price": "500"})), text=OLD.replace("fit >= 0", "fit > 60"))
    found, _ = outlooks(engine, definition, OLD.replace("fit >= 0", "fit > 90"))
    assert told(found["D-1"]) == set()
    engine.waive("D-1", "worth_it", by=SELLER, reason="they grow")
    found, _ = outlooks(engine, definition, OLD.replace("fit >= 0", "fit > 90"))
    assert told(found["D-1"]) == {"new criterion offer.worth_it unmet"}
    found, _ = outlooks(engine, definition, OLD.replace("fit >= 0", "fit > 60").replace("title: Offer", "title: The offer"))
    assert told(found["D-1"]) == set()


def test_what_is_overdue_already_is_not_overdue_at_once() -> None:
    engine, definition = engine_with(LEAD)
    assert told(outlooks(engine, definition, OLD.replace("30 days", "5 days"), days=31)[0]["D-1"]) == set()


def test_an_action_that_is_overdue_already_is_not_overdue_at_once() -> None:
    old = OLD.replace("{title: Call}", "{title: Call, sla: {within: 8 days}}")
    engine, definition = engine_with(LEAD, text=old)
    new = old.replace("8 days", "5 days")
    assert told(outlooks(engine, definition, new, days=7)[0]["D-1"]) == {"late lead.call 2026-03-07"}
    assert told(outlooks(engine, definition, new, days=9)[0]["D-1"]) == set()


def test_a_deal_that_was_lost_or_finished_is_not_told_of() -> None:
    engine, definition = engine_with((("lose", "no_need"),), (*DELIVERY, ("do", "deliver", {}), ("finish",)), DELIVERY, LEAD)
    found, tally = outlooks(engine, definition, OLD.replace("      call: {", "      ask: {title: Ask}\n      call: {"))
    assert {name: told(outlook) for name, outlook in found.items()} == {
        "D-3": {"behind action lead.ask open"}, "D-4": {"new action lead.ask open"}
    }  # fmt: skip
    assert (tally.deals, tally.as_it_is, dict(tally.groups)) == (2, 0, {"behind": 1, "new_work": 1})


def test_deals_of_other_versions_are_only_counted() -> None:
    engine, definition = engine_with(LEAD)
    second = OLD.replace("version: 1\n", "version: 2\n").replace("title: Call", "title: Phone")
    engine.publish(load_source(second.encode(), "second"), by=SELLER)
    play(engine, "E-1", LEAD)
    after, tally = load_source(second.replace("version: 2\n", "version: 3\n").encode(), "new"), Tally()
    with engine.store.transaction(write=False) as tx:
        found = [*changed_deals(tx, definition, after, compared(definition, after), START, tally)]
    assert [each.deal for each in found] == ["D-1"]
    assert dict(tally.elsewhere) == {2: 1}


def test_another_text_under_the_same_number_has_no_deals() -> None:
    engine, definition = engine_with(LEAD)
    draft = load_source(OLD.replace("title: Call", "title: Phone").encode(), "draft")
    with engine.store.transaction(write=False) as tx:
        assert is_published(tx, definition)
        assert not is_published(tx, draft)


def test_of_many_deals_only_the_first_are_named() -> None:
    engine, definition = engine_with(*[LEAD] * (MOST_NAMED + 5))
    _, tally = outlooks(engine, definition, OLD.replace("      call: {", "      ask: {title: Ask}\n      call: {"))
    (counted,) = tally.reasons.values()
    assert (counted.deals, len(counted.first)) == (MOST_NAMED + 5, MOST_NAMED)


def test_deals_are_told_one_by_one_as_they_are_read() -> None:
    engine, definition = engine_with(*[LEAD] * 3)
    after, tally = load_source(OLD.replace("version: 1\n", "version: 2\n").encode(), "new"), Tally()
    with engine.store.transaction(write=False) as tx:
        found = changed_deals(tx, definition, after, compared(definition, after), START, tally)
        assert (next(found).deal, tally.deals) == ("D-1", 1)
