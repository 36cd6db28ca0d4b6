"""Values of deals as the engine takes them: within their bounds, counted from when they are recorded, and drawn together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from procdef.expression import coerce
from procdef.expression.types import FieldType, Kind
from procdef.language import load
from procdef.simulation.assumptions.default_values import usual
from procdef.simulation.assumptions.defaults import defaults
from procdef.simulation.assumptions.distributions import Pert
from procdef.simulation.assumptions.met_values import MetValues
from procdef.simulation.assumptions.model import Span
from procdef.simulation.assumptions.reading import read_assumptions
from procdef.simulation.assumptions.values import ValueSource
from procdef.simulation.assumptions.working_clock import WorkingClock

PROCESSES = Path(__file__).parents[3] / "processes"
SAAS = load(PROCESSES / "saas-inbound.yaml")
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["b2b-sales", "saas-inbound", "crm-opportunities"])
def test_every_field_takes_what_is_drawn_by_default(name: str) -> None:
    process = load(PROCESSES / f"{name}.yaml")
    source, random = ValueSource(process, defaults(process).assumptions, WorkingClock(process.calendar)), Random(7)
    for number in range(1, 60):
        values = source.recorded(source.deal(random, number), NOW)
        assert set(values) == set(process.fields)
        assert all(coerce(process.fields[field].type, value) is not None for field, value in values.items())


def test_what_belongs_together_is_drawn_together() -> None:
    file = read_assumptions(PROCESSES / "saas-inbound.assume.yaml")
    assert file.assumptions is not None
    source, random = ValueSource(SAAS, file.assumptions, WorkingClock(SAAS.calendar)), Random(3)
    for number in range(40):
        deal = source.deal(random, number)
        assert sum(row["yearly"] for row in deal["order_lines"] if not row["optional"]) == deal["arr"]
        assert deal["rivals"]
        assert isinstance(deal["trial_to"], Span)
        assert deal["account"] == f"Account {number} Inc."
        assert source.recorded({"renewal_date": deal["renewal_date"]}, NOW) == {"renewal_date": "2027-03-02"}


def test_where_chance_meets_no_criterion_one_deal_that_does_is_found() -> None:
    found = defaults(SAAS)
    met = MetValues(SAAS, found.assumptions.values, frozenset(SAAS.fields))
    met.seek()
    assert met.unmet == ()
    assert found.notes["values", "order_lines"].startswith(
        "one of the few values with which deals can meet closing.adds_up"
    )


@pytest.mark.parametrize(("least", "most"), [("0.2", "0.6"), ("0.001", "0.004"), ("0", "1"), ("10", "40")])
def test_a_number_between_narrow_bounds_is_drawn_between_them(least: str, most: str) -> None:
    kind = FieldType(Kind.NUMBER, minimum=Decimal(least), maximum=Decimal(most))
    low, likely, high = usual(kind)
    assert float(least) == low <= likely <= high == float(most)
    assert low <= Pert(low, likely, high).draw(Random(0)) <= high


def test_chances_to_win_are_found_however_many_ways_there_are() -> None:
    ways = "\n".join(
        f"  s{n}: {{title: S{n}, owner: seller, next: [s{n + 1}, s{min(n + 2, 60)}]}}" for n in range(2, 59)
    )
    definition = load(f"""\
procdef: 1
id: wide
version: 1
title: Wide
languages: [en]
roles: {{seller: {{title: Seller}}}}
fields: {{size: {{type: integer}}}}
lost: {{reasons: {{no_need: No need}}}}
stages:
  s1: {{title: S1, start: true, owner: seller, next: [s2, s3]}}
{ways}
  s59: {{title: S59, owner: seller, probability: 40, next: s60}}
  s60: {{title: S60, owner: seller, outcome: won}}
""")
    assumed = defaults(definition).assumptions
    assert assumed.stages["s59"].lost == 0.6
    assert assumed.stages["s58"].lost == assumed.stages["s1"].lost == 0.2
