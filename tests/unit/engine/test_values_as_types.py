"""The values of a deal as Python has them, beside the form that the log has them in."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from procdef import Actor, Deal, Engine, InvalidArgument, load, open_store

PROCESS = """
procdef: 1
id: typed
version: 1
title: Typed
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields:
  name: {type: text}
  close_value: {type: money}
  seats: {type: integer}
  share: {type: percent}
  sure: {type: boolean}
  close: {type: date}
  meeting: {type: datetime}
  size: {type: choice, options: [small, big]}
  rivals: {type: choice, options: [acme, globex], many: true}
  lines: {type: list, items: {price: {type: money}, what: {type: text}}}
  other: {type: money}
deal: {value: close_value}
stages:
  lead: {title: Lead, start: true, owner: seller, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""
GIVEN: dict[str, tuple[Any, Any]] = {
    "name": ("Acme", "Acme"),
    "close_value": ("1250.50", Decimal("1250.5")),
    "seats": ("12", 12),
    "share": ("15 %", Decimal(15)),
    "sure": ("true", True),
    "close": ("2026-05-01", date(2026, 5, 1)),
    "meeting": ("2026-05-01T12:00+02:00", datetime(2026, 5, 1, 10, tzinfo=UTC)),
    "size": ("big", "big"),
    "rivals": (["globex", "acme"], ("acme", "globex")),
    "lines": ([{"price": "10.5", "what": "it"}], ({"price": Decimal("10.5"), "what": "it"},)),
}


@pytest.fixture(scope="module")
def deal() -> Deal:
    engine, seller = Engine(open_store("memory:")), Actor("maija", roles={"seller"})
    engine.publish(load(PROCESS), by=seller)
    return engine.start("typed", "D", by=seller, values={name: given for name, (given, _) in GIVEN.items()}).deal


@pytest.mark.parametrize("field", GIVEN)
def test_a_value_has_the_type_of_its_field(deal: Deal, field: str) -> None:
    value, expected = deal.value(field), GIVEN[field][1]
    assert (value, type(value)) == (expected, type(expected))


def test_what_is_not_filled_in_is_nothing(deal: Deal) -> None:
    assert deal.value("other") is None


def test_a_field_that_is_none_is_told_with_what_was_meant(deal: Deal) -> None:
    with pytest.raises(InvalidArgument, match=r'no field "close_vlaue" \(did you mean "close_value"\?\)'):
        deal.value("close_vlaue")


@pytest.mark.parametrize("sent", [copy.deepcopy, lambda deal: pickle.loads(pickle.dumps(deal))], ids=["copied", "pickled"])
def test_a_deal_that_travelled_tells_the_same(deal: Deal, sent: Any) -> None:
    assert sent(deal).value("close_value") == Decimal("1250.5")


def test_a_deal_that_somebody_made_has_no_types() -> None:
    with pytest.raises(InvalidArgument, match="the types of its values are not known"):
        Deal(*[None] * len(Deal.__dataclass_fields__)).value("name")  # type: ignore[arg-type]
