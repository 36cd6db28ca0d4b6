"""Values that a process does not take: placeholders, and rows that lack what each row has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.verification import Tally, verify

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
placeholders: [TBD, "-"]
roles: {seller: {title: Seller}}
fields:
  company: {type: text, personal: false}
  contact: {type: text}
  telephone: {type: phone}
  page: {type: url, personal: false}
  mail: {type: email}
  source: {type: choice, options: [fair, tbd]}
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


@pytest.fixture(params=["memory:", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(open_store(request.param if request.param == "memory:" else f"sqlite:///{tmp_path / 'deals.db'}"))
    engine.publish(load(PROCESS), by=SELLER)
    engine.start("small", "D", by=SELLER)
    yield engine
    with engine.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    engine.store.close()


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
