"""What files of assumptions say, what they leave to the process, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from procdef.language import load
from procdef.simulation.assumptions.defaults import defaults
from procdef.simulation.assumptions.distributions import Choice, Constant, LogNormal, Pert, Sample, Triangular, Uniform
from procdef.simulation.assumptions.model import Absence, Arrivals, FieldValues, Times
from procdef.simulation.assumptions.reading import AssumptionsFile, read_assumptions
from procdef.simulation.assumptions.writing import written_assumptions

ROOT = Path(__file__).parents[3]
SHOP = load("""\
procdef: 1
id: shop
version: 1
title: Shop
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  name: {type: text, personal: false}
  size: {type: integer, min: 1, max: 500}
  price: {type: money, min: 0}
  keen: {type: boolean}
  source: {type: choice, options: [fair, web]}
  needs: {type: choice, many: true, options: [speed, cost]}
  valid: {type: date}
  people: {type: list, items: {name: {type: text}, part: {type: choice, options: [user, buyer]}}}
lost: {reasons: {no_need: No need, silent: Silent}}
stages:
  talk:
    title: First
    start: true
    owner: seller
    required_actions:
      call: {title: Call, ways: {phone: Phone, mail: Mail}, records: [name, size, keen, source, needs, people]}
    optional_actions:
      visit: {title: Visit}
    next: second
  second:
    title: Second
    owner: seller
    exit_criteria:
      keen_enough: {check: keen, waivable_by: manager}
    required_actions:
      offer: {title: Offer, records: [price, valid]}
      approve: {title: Approve, decision: true, by: manager}
    next: sold
    back: [talk]
  sold: {title: Done, owner: seller, outcome: won}
""")
HEAD = "procdef-assumptions: 1\nprocess: shop.yaml\n"
HOUR, DAY = 3600.0, 8 * 3600.0


def read(text: str) -> AssumptionsFile:
    return read_assumptions((HEAD + text).encode(), "shop.assume.yaml", process=SHOP)


def sound(text: str) -> Any:
    found = read(text)
    assert [one.message for one in found.findings] == []
    assert found.assumptions is not None
    return found.assumptions


VALUES = {
    "price: 100": FieldValues(Constant(100.0)),
    "price: {low: 10, high: 20}": FieldValues(Uniform(10.0, 20.0)),
    "price: {low: 10, likely: 12, high: 20}": FieldValues(Pert(10.0, 12.0, 20.0)),
    "price: {low: 10, likely: 12, high: 20, shape: triangular}": FieldValues(Triangular(10.0, 12.0, 20.0)),
    "price: {median: 900, factor: 2.5}": FieldValues(LogNormal(900.0, 2.5)),
    "size: {sample: [1, 5, 5]}": FieldValues(Sample((1.0, 5.0, 5.0))),
    "size: {low: 1, high: 9, empty: 20 %}": FieldValues(Uniform(1.0, 9.0), empty=0.2),
    "keen: 70 %": FieldValues(Choice({True: 70.0, False: 30.0})),
    "keen: {chance: 70 %}": FieldValues(Choice({True: 70.0, False: 30.0})),
    "keen: true": FieldValues(Choice({True: 100.0, False: 0.0})),
    "source: web": FieldValues(Choice({"web": 1.0})),
    "source: {choice: {fair: 3, web: 1}}": FieldValues(Choice({"fair": 3.0, "web": 1.0})),
    "source: {choice: {fair: 75 %, web: 25 %}}": FieldValues(Choice({"fair": 75.0, "web": 25.0})),
    "needs: {each: {speed: 80 %}}": FieldValues(each={"speed": 0.8}),
    "needs: {always: [speed, cost]}": FieldValues(each={"cost": 1.0, "speed": 1.0}),
    "valid: 14 days": FieldValues(times=Times(Constant(14 * 86_400.0))),
    "valid: {low: 1 business day, high: 5 business days}": FieldValues(times=Times(Uniform(DAY, 5 * DAY), True)),
    'name: "Customer {number}"': FieldValues(Choice({"Customer {number}": 1.0})),
    "people: {rows: {low: 1, high: 3}, columns: {part: buyer}}": FieldValues(
        rows=Uniform(1.0, 3.0), columns={"part": FieldValues(Choice({"buyer": 1.0}))}
    ),
}


@pytest.mark.parametrize(("text", "expected"), VALUES.items(), ids=VALUES)
def test_what_fields_hold(text: str, expected: FieldValues) -> None:
    assert sound(f"values:\n  {text}\n").values[text.partition(":")[0]] == expected


def test_everything_else_that_a_file_says() -> None:
    found = sound("""\
arrivals: {talk: {per_month: 12, months: {jul: 3}, weekdays: {mon: 75 %, tue: 25 %}, knows: [name]}}
people:
  seller: 3
  manager:
    {number: 2, hours_a_day: 4.5, hours: {mon-thu: "09:00-15:00"}, away: [{from: 12-20, until: 01-06, number: 1}]}
stages:
  talk: {wait: 2 hours, lost: 25 %, records: [price]}
  second:
    lost: {chance: 10 %, reasons: {silent: 1}, after: {low: 1 day, high: 3 days}}
    back: {talk: 5 %}
    waived: {keen_enough: 50 %}
actions:
  talk.call: {wait: {sample: [1 business hour, 2 business days]}, work: 90 minutes, ways: {phone: 3, mail: 1}}
  talk.visit: {done: 10 %}
  second.approve: {approved: 80 %}
together: {fields: [size, price], rows: [[10, 250.5], [3, null]]}
""")
    assert found.arrivals == {"talk": Arrivals(12.0, {7: 3.0}, {0: 0.75, 1: 0.25}, ("name",))}
    assert found.arrivals["talk"].in_month(7) == 3
    assert found.people["seller"].number == 3
    manager = found.people["manager"]
    assert (manager.number, manager.hours_a_day, manager.away) == (2, 4.5, (Absence((12, 20), (1, 6), 1),))
    assert sorted(manager.hours) == [0, 1, 2, 3]
    assert [manager.there(*day) for day in ((12, 24), (1, 6), (1, 7), (7, 1))] == [1, 1, 2, 2]
    first, second = found.stages["talk"], found.stages["second"]
    assert (first.wait, first.lost, first.records) == (Times(Constant(7200.0)), 0.25, ("price",))
    assert second.lost_after == Times(Uniform(86_400.0, 3 * 86_400.0))
    assert (second.reasons, second.back, second.waived) == (
        Choice({"silent": 1.0}),
        {"talk": 0.05},
        {"keen_enough": 0.5},
    )
    call = found.actions["talk.call"]
    assert call.wait == Times(Sample((HOUR, 2 * DAY)), True)
    assert (call.work, call.ways) == (Times(Constant(5400.0), True), Choice({"phone": 3.0, "mail": 1.0}))
    assert (found.actions["talk.visit"].done, found.actions["second.approve"].approved) == (0.1, 0.8)
    assert found.together.rows[1][1] is None


@pytest.mark.parametrize(("first", "last", "away"), [("12-20", "02-29", (2, 29)), ("02-29", "02-29", (2, 29))])
def test_an_absence_may_begin_or_end_on_a_leap_day(first: str, last: str, away: tuple[int, int]) -> None:
    people = sound(f"people: {{seller: {{number: 2, away: [{{from: {first}, until: {last}}}]}}}}\n").people["seller"]
    assert (people.there(*away), people.there(3, 1)) == (0, 2)


def test_a_file_that_says_nothing_leaves_all_to_the_process() -> None:
    assert sound("") == defaults(SHOP).assumptions


FAULTS = {
    "stages: {tlak: {lost: 10 %}}": ("not-in-process", 'the process has no stage tlak (did you mean "talk"?)'),
    "values: {prise: 1}": ("not-in-process", 'the process has no field prise (did you mean "price"?)'),
    "people: {saler: 1}": ("not-in-process", 'the process has no role saler (did you mean "seller"?)'),
    "actions: {talk.call: {ways: {fone: 1}}}": ("not-in-process", 'the action has no way fone; it has phone, mail'),
    "actions: {second.sign: {work: 1 hour}}": (
        "not-in-process",
        "the process has no action second.sign; it has talk.call, talk.visit, second.offer, second.approve",
    ),
    "arrivals: {second: 5}": ("assumed-in-vain", "no deal starts in second; they start in talk"),
    "actions: {talk.call: {ways: {phone: -1, mail: 2}}}": ("out-of-range", "must be at least 0, not -1"),
    "actions: {talk.call: {ways: {phone: 0, mail: 0}}}": ("bad-weights", "all of these weigh 0"),
    "actions: {talk.call: {ways: {phone: 60 %, mail: 60 %}}}": ("bad-weights", "add up to 120 %"),
    "actions: {talk.call: {ways: {phone: 60 %, mail: 1}}}": ("bad-weights", "some of these are shares and others counts"),
    "values: {price: {low: 10, likely: 5, high: 20}}": ("reversed-estimate", "`low` is 10, and `likely` only 5"),
    "values: {price: {low: 10, high: 5}}": ("reversed-estimate", "`low` is 10, and `high` only 5"),
    "stages: {talk: {lost: 120 %}}": ("bad-share", "120 % is more than all; a share is at most 100 %"),
    "stages: {talk: {lost: {chance: often}}}": ("bad-share", 'is not a share; write it of 100, such as "25 %"'),
    "stages: {second: {back: {talk: 70 %, second: 5 %}}}": ("assumed-in-vain", "no way back leads from second to second"),
    "stages: {sold: {lost: 5 %}}": ("assumed-in-vain", "lost is assumed of a stage in which deals are won"),
    "actions: {talk.call: {work: 2 days}}": ("wrong-unit", "work is somebody's own time, and 2 days are no minutes or hours"),
    "actions: {talk.call: {wait: 2 months}}": ("wrong-unit", "2 months have no fixed length; write days or weeks"),
    "actions: {talk.call: {wait: 3 fortnights}}": ("bad-duration", "is not a duration"),
    "actions: {talk.call: {wait: {low: 1 day, high: 9 business days}}}": (
        "wrong-unit",
        'this is working time, and "1 day" is not',
    ),
    "actions: {talk.call: {approved: 5 %}}": ("assumed-in-vain", "talk.call decides nothing; remove `approved`"),
    "actions: {talk.call: {done: 5 %}}": ("assumed-in-vain", "talk.call is required, so it is always done"),
    "values: {size: 1000}": ("unfit-value", "this must be at most 500"),
    "values: {source: {choice: {wep: 1}}}": ("not-in-process", 'the field has no option wep (did you mean "web"?)'),
    "values: {valid: {low: 2026-01-01, high: 2026-02-01}}": ("unfit-value", "2026-01-01 is none; write it as 14 days"),
    "values: {price: {low: 10}}": ("which-spread", "`low` needs `high` beside it"),
    "values: {price: {low: 1, high: 2, sample: [1]}}": ("which-spread", "say in several ways how this is spread; keep one"),
    "values: {keen: {low: 1, high: 2}}": ("which-spread", "a field of the type boolean takes no `low`; write `chance: 70 %`"),
    "values: {price: {median: 0, factor: 2}}": ("which-spread", "a median with a factor is above 0"),
    "people: {seller: {number: 2, away: [{from: 02-30, until: 03-01}]}}": ("bad-calendar", "there is no such day in any year"),
    "people: {seller: {number: 2, away: [{from: 02-30, until: 01-05}]}}": ("bad-calendar", "there is no such day in any year"),
    "together: {fields: [size, price], rows: [[1]]}": ("unfit-value", "a row has a value for each of the 2 fields, this has 1"),
    "together: {fields: [size], rows: [[0]]}": ("unfit-value", "this must be at least 1"),
    "stages: {second: {waived: {keen_enogh: 5 %}}}": ("not-in-process", 'did you mean "keen_enough"?'),
    "stages: {second: {lost: {chance: 5 %, reasons: {silence: 1}}}}": ("not-in-process", 'did you mean "silent"?'),
    "arrivals: {talk: {per_month: 4, months: {july: 2}}}": ("unknown-key", 'did you mean "jul"?'),
    "arrivals: {talk: {per_month: 4, weekdays: {monday: 2}}}": ("unknown-key", "known are mon, tue"),
    'people: {seller: {number: 2, hours: {monday: "09:00-12:00"}}}': ("bad-calendar", "write mon"),
    "people: {seller: {number: 2, hours_a_day: 0}}": ("out-of-range", "at least 0.01"),
    "people: {seller: {number: 2, away: [{from: 07-31, until: 07-06}]}}": ("bad-calendar", "is most of a year"),
    "people: {seller: {number: 2, away: [{from: 07-01, until: 07-06, number: 5}]}}": ("out-of-range", "5 are away of 2"),
    "values: {keen: 70}": ("bad-share", "70 %"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAULTS.items(), ids=FAULTS)
def test_what_is_wrong_is_told_at_its_place(text: str, expected: tuple[str, str]) -> None:
    found = read(text + "\n")
    assert found.assumptions is None
    assert [one.code for one in found.findings] == [expected[0]]
    assert expected[1] in found.findings[0].message
    assert found.findings[0].span.line == 3


def test_all_faults_are_told_in_one_go() -> None:
    found = read("stages: {tlak: {lost: 1 %}}\nvalues: {prise: 1}\npeople: {seller: many}\n")
    assert [(one.span.line, one.code) for one in found.findings] == [
        (3, "not-in-process"), (4, "not-in-process"), (5, "wrong-type"),
    ]  # fmt: skip


def test_a_file_for_another_process_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_bytes((ROOT / "processes" / "crm-opportunities.yaml").read_bytes())
    file = tmp_path / "other.assume.yaml"
    file.write_text("procdef-assumptions: 1\nprocess: other.yaml\nstages: {engaging: {lost: 5 %}}\n", "utf-8")
    found = read_assumptions(file, process=SHOP)
    assert [one.code for one in found.findings] == ["other-process"]
    assert 'assumptions of the process "crm-opportunities", and "shop" is simulated' in found.findings[0].message
    assert read_assumptions(file).assumptions is not None
    file.write_text("procdef-assumptions: 1\nprocess: othr.yaml\n", "utf-8")
    assert [(one.code, one.fix) for one in read_assumptions(file).findings] == [("unreadable-process", "other.yaml")]


@pytest.mark.parametrize("name", ["b2b-sales", "saas-inbound", "crm-opportunities"])
def test_what_is_written_is_read_back_the_same(name: str) -> None:
    process = load(ROOT / "processes" / f"{name}.yaml")
    found = defaults(process)
    file = read_assumptions(
        written_assumptions(process, f"{name}.yaml", found).encode(), str(ROOT / "processes" / "x.yaml")
    )
    assert [one.message for one in file.findings] == []
    assert file.assumptions == found.assumptions


def test_each_pattern_of_the_schema_says_what_to_write() -> None:
    schema = json.loads((ROOT / "schemas" / "assumptions.schema.json").read_text("utf-8"))

    def parts(of: Any) -> Any:
        if isinstance(of, dict):
            yield of
        for each in of.values() if isinstance(of, dict) else of if isinstance(of, list) else ():
            yield from parts(each)

    assert all("patternErrorMessage" in part for part in parts(schema) if "pattern" in part)
    assert all("title" in part for part in schema["$defs"].values())
