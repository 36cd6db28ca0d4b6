"""Values that a process does not take: placeholders, and rows that lack what each row has."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from procdef import Actor, Engine, StepRefused, load

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
placeholders: [TBD, "-"]
roles: {seller: {title: Seller}}
fields:
  company: {type: text, personal: false}
  contact: {type: text}
  telephone: {type: phone}
  page: {type: url, personal: false}
  mail: {type: email}
  source: {type: choice, options: [fair, tbd]}
  seats: {type: integer, min: 1, max: 200}
  places: {type: integer, personal: true}
  price: {type: money, max: 500000}
  discount: {type: percent, min: -5, max: 30}
  cranes:
    type: list
    items:
      model: {type: text, required: true, personal: false}
      capacity: {type: number, required: true}
      rate: {type: money}
      share: {type: percent, max: 50}
      code: {type: integer, personal: true}
  people: {type: list, items: {name: {type: text, required: true}, telephone: {type: phone}, seats: {type: integer}}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {research: {title: Research, records: [company]}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""


_EXACT = "must be exact, which a number with decimals in JSON is not: send it as text, "


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    empty_engine.publish(load(PROCESS), by=SELLER)
    empty_engine.start("small", "D", by=SELLER)
    return empty_engine


@pytest.mark.parametrize(
    ("about", "why", "values"),
    [
        ("company", "TBD is a placeholder; leave the field empty until you know", {"company": " tbd. "}),
        ("contact", "TBD is a placeholder; leave the field empty until you know", {"contact": "TBD"}),
        ("telephone", "- is a placeholder; leave the field empty until you know", {"telephone": "---"}),
        ("page", "TBD is a placeholder; leave the field empty until you know", {"page": "tbd"}),
        ("mail", "must be an e-mail address, as name@example.com", {"mail": "tbd"}),
        (
            "people",
            "row 2, telephone: - is a placeholder; leave the field empty until you know",
            {"people": [{"name": "Anna"}, {"name": "Olli", "telephone": "-"}]},
        ),
        ("people", "row 2, name: must be filled in", {"people": [{"name": "Anna"}, {"seats": 3}]}),
        ("people", "row 1, name: must be filled in", {"people": [{"name": "", "seats": 3}]}),
    ],
)
def test_a_value_that_says_nothing_is_refused_with_its_place(engine: Engine, about: str, why: str, values: dict) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.record("D", values, by=SELLER)
    assert [("bad-value", about, why)] == [(item.code, item.id, item.why) for item in refused.value.unmet]
    logged = json.dumps(engine.events("D")[-1]["data"])
    assert "tbd" not in logged.lower()


@pytest.mark.parametrize(
    ("why", "fix", "values"),
    [
        ("must be at least 1", None, {"seats": "0"}),
        ("must be at most 200", None, {"seats": 201}),
        ("must be a whole number", None, {"seats": "2.5"}),
        ("must be a whole number, as 1054", None, {"seats": "2,5"}),
        ("must be a whole number, as 1054", "write 12", {"seats": "12 EUR"}),
        ("must be a whole number, as 1054", None, {"seats": "1 200"}),
        ("must be a whole number, as 1054", None, {"places": "1 200"}),
        ("150.000 can be read in two ways: write 150 if you mean that", None, {"seats": "150.000"}),
        ("must be a whole number", None, {"seats": "1.255"}),
        ("150.000 can be read in two ways: write 150 or 150000", None, {"price": "150.000"}),
        ("600.000 can be read in two ways: write 600 if you mean that", None, {"price": "600.000"}),
        ("must be at most 500000", None, {"price": "600000.000"}),
        ("must be a number, as 1054 or -3.5", "write 600", {"price": "600,000"}),
        ("must be a number, as 1054 or -3.5", "write 150000 or 150", {"price": "150,000"}),
        ("must be at most 30 %", None, {"discount": "45%"}),
        ("must be at least -5 %", None, {"discount": "-6 %"}),
        ("must be a number, as 1054 or -3.5", None, {"discount": "45,5 %"}),
        ("must be a number, as 1054 or -3.5", "write 12.5 %", {"discount": "12,5 %"}),
        (_EXACT + '"1250.5"', None, {"price": 1250.5}),
        (_EXACT + '"12.5"', None, {"discount": 12.5}),
        (_EXACT + '"1250.5"', None, {"price": 1e300}),
        (_EXACT + '"1250.5"', None, {"price": float("nan")}),
        (_EXACT + '"1250.5"', None, {"places": 2.5}),
        ("must be a number, as text or as a whole number or Decimal", None, {"price": True}),
    ],
)
def test_a_number_is_offered_only_where_it_would_be_taken(engine: Engine, why: str, fix: str | None, values: dict) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.record("D", values, by=SELLER)
    assert [(why, fix)] == [(item.why, item.fix) for item in refused.value.unmet]


@pytest.mark.parametrize(
    ("why", "fix", "rows"),
    [
        (
            "row 1, capacity: must be a number, as 1054 or -3.5; row 2, rate: must be a number, as 1054 or -3.5; "
            "row 2, model: must be filled in",
            "row 1, capacity: write 1.5; row 2, rate: write 1200",
            [{"model": "A", "capacity": "1,5"}, {"capacity": 1, "rate": "1 200"}],
        ),
        (
            "row 2, share: must be at most 50 %; row 2, code: must be a whole number, as 1054",
            None,
            [{"model": "A", "capacity": 1}, {"model": "B", "capacity": 1, "share": "60 %", "code": "1 200"}],
        ),
        (
            'row 1 has an unknown column (did you mean "model"?); row 1, capacity: must be filled in',
            None,
            [{"modle": "A", "rate": 1}],
        ),
        (
            "row 1, model: TBD is a placeholder; find out the model; a row without it is refused; "
            "row 1, capacity: must be filled in",
            None,
            [{"model": "tbd"}],
        ),
        (
            "; ".join(f"row {n}, capacity: must be a number, as 1054 or -3.5" for n in range(1, 6)) + "; and 3 more",
            "; ".join(f"row {n}, capacity: write {n}.5" for n in range(1, 6)),
            [{"model": "A", "capacity": f"{n},5"} for n in range(1, 9)],
        ),
    ],
)
def test_all_that_is_wrong_in_a_list_is_told(engine: Engine, why: str, fix: str | None, rows: list) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.record("D", {"cranes": rows}, by=SELLER)
    assert [(why, fix)] == [(item.why, item.fix) for item in refused.value.unmet]


def test_what_an_action_needs_is_to_be_found_out_and_not_left_empty(engine: Engine) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.do("D", "research", by=SELLER, values={"company": "TBD", "contact": "TBD"})
    told = [(item.id, item.why) for item in refused.value.unmet]
    assert told == [
        ("company", "TBD is a placeholder; find out the company; the action is not done without it"),
        ("contact", "TBD is a placeholder; leave the field empty until you know"),
    ]


def test_an_action_is_not_done_with_a_placeholder(engine: Engine) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.do("D", "research", by=SELLER, values={"company": "TBD"})
    assert [(item.code, item.id) for item in refused.value.unmet] == [("bad-value", "company")]


def test_a_start_is_refused_with_a_placeholder(engine: Engine) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.start("small", "E", by=SELLER, values={"company": "tbd"})
    assert [(item.code, item.id) for item in refused.value.unmet] == [("bad-value", "company")]


def test_what_is_no_text_knows_no_placeholders(engine: Engine) -> None:
    deal = engine.record("D", {"source": "tbd", "people": [{}, {"name": "Anna"}]}, by=SELLER).deal
    assert dict(deal.values) == {"source": "tbd", "people": [{"name": "Anna"}]}


def test_a_note_may_say_what_a_field_may_not(engine: Engine) -> None:
    assert engine.note("D", "TBD", by=SELLER).events[-1]["data"]["text"] == "TBD"


LONG, LONGEST = "x" * 20_001, "x" * 20_000
TOO_LONG = "must have at most 20,000 characters, and has 20,001"


@pytest.mark.parametrize(
    ("about", "step"),
    [
        ("company", lambda engine, text: engine.record("D", {"company": text}, by=SELLER)),
        ("contact", lambda engine, text: engine.record("D", {"contact": text}, by=SELLER)),
        ("page", lambda engine, text: engine.record("D", {"page": "https://" + text[8:]}, by=SELLER)),
        ("note", lambda engine, text: engine.note("D", text, by=SELLER)),
        ("evidence", lambda engine, text: engine.do("D", "research", by=SELLER, values={"company": "A"}, evidence=text)),
        ("note", lambda engine, text: engine.do("D", "research", by=SELLER, values={"company": "A"}, note=text)),
    ],
)
def test_a_text_has_an_end(engine: Engine, about: str, step: Callable[[Engine, str], object]) -> None:
    with pytest.raises(StepRefused) as refused:
        step(engine, LONG)
    assert [("bad-value", about, TOO_LONG)] == [(item.code, item.id, item.why) for item in refused.value.unmet]
    assert len(json.dumps(engine.events("D")[-1])) < 5_000, "what was too long is not logged either"
    step(engine, LONGEST)


def test_what_a_text_is_padded_with_does_not_count(engine: Engine) -> None:
    assert engine.record("D", {"company": " " * 30_000 + "Acme"}, by=SELLER).deal.values["company"] == "Acme"


def test_the_texts_of_a_list_have_an_end_together(engine: Engine) -> None:
    engine.record("D", {"people": [{"name": LONGEST}] * 10}, by=SELLER)
    with pytest.raises(StepRefused) as refused:
        engine.record("D", {"people": [{"name": LONGEST}] * 11}, by=SELLER)
    (item,) = refused.value.unmet
    assert item.why == "must have at most 200,000 characters in all its rows together"
    with pytest.raises(StepRefused) as refused:
        engine.record("D", {"people": [{"name": "A"}, {"name": LONG}]}, by=SELLER)
    assert refused.value.unmet[0].why == f"row 2, name: {TOO_LONG}"
