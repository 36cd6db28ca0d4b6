"""A simulated run: what forgets deals counts as what keeps them, what cannot be is told, and what-ifs change what they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from procdef.errors import CalendarUnknown, InvalidArgument
from procdef.language import load
from procdef.model import ProcessDefinition
from procdef.simulation.assumptions.defaults import defaults
from procdef.simulation.assumptions.distributions import Choice
from procdef.simulation.assumptions.model import Assumptions, People
from procdef.simulation.comparison import signed_ranks
from procdef.simulation.kept_log import kept_log
from procdef.simulation.simulate import Simulation, SimulationPlan
from procdef.simulation.what_if import carried_over, changed_assumptions, changed_process, setting
from procdef.store import MemoryStore

PROCESSES = Path(__file__).parents[3] / "processes"


@cache
def process(name: str = "b2b-sales") -> ProcessDefinition:
    return load(PROCESSES / f"{name}.yaml")


@cache
def assumed(name: str = "b2b-sales") -> Assumptions:
    return defaults(process(name)).assumptions


def test_a_store_that_forgets_deals_comes_to_the_same_as_one_that_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procdef.simulation.counting._MOST_OVER", 5)
    monkeypatch.setattr("procdef.simulation.world.BATCH", 40)
    simulation = Simulation(process(), assumed(), SimulationPlan(months=4, warm_up=2, runs=1))
    forgetting, keeping = simulation.run(1), simulation.run(1, MemoryStore())
    assert forgetting == keeping
    assert forgetting.report.main.deals.lost > 20


def test_every_figure_of_a_month_lies_between_its_ends() -> None:
    simulation = Simulation(process("crm-opportunities"), assumed("crm-opportunities"), SimulationPlan(deals=30, runs=3))
    for number in (1, 2, 3):
        simulation.run(number)
    found = simulation.figures().figures.won_deals
    assert found is not None
    assert found.percentile_10 <= found.percentile_50 <= found.percentile_90


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arrivals": {}}, "no deal ever comes in: give arrivals.prospecting, arrivals.booking a number above 0"),
        ({"people": {"manager": People(0)}}, "nobody is manager, who does closing.approve_concession"),
        ({"people": {"seller": People(0)}}, "nobody is seller, whose stage prospecting is"),
    ],
)
def test_what_cannot_come_to_anything_is_refused_before_it_begins(changes: Mapping[str, object], message: str) -> None:
    base = assumed()
    people = changes.get("people")
    given = {"people": {**base.people, **people}} if isinstance(people, dict) else changes
    with pytest.raises(InvalidArgument, match=message):
        Simulation(process(), replace(base, **given), SimulationPlan(deals=5, runs=1))


def test_a_circle_of_stages_ends_with_a_message() -> None:
    base = assumed()
    stages = {name: replace(of, lost=0.0) for name, of in base.stages.items()}
    stages["follow_up"] = replace(stages["follow_up"], back={"sales_meeting": 1.0})
    simulation = Simulation(process(), replace(base, stages=stages), SimulationPlan(deals=3, runs=1))
    with pytest.raises(
        InvalidArgument, match=r"the deal S\d+ goes round: after \d+ events it is in (follow_up|sales_meeting)"
    ):
        simulation.run(1)


def test_what_nobody_may_do_keeps_a_deal_and_is_told() -> None:
    base = assumed()
    people = {**base.people, "manager": People(1)}
    values = dict(base.values)
    values["offer_value"] = replace(values["offer_value"], source=_Always(200_000.0))
    values["discount"] = replace(values["discount"], source=_Always(20.0))
    simulation = Simulation(process(), replace(base, people=people, values=values), SimulationPlan(deals=80, runs=1))
    simulation.run(1)
    assert set(simulation.figures().stuck) == {"closing.approve_concession"}, (
        "two managers are asked for, and there is one"
    )


class _Always:
    def __init__(self, value: float) -> None:
        self.mean, self.spread = value, 0.0

    def draw(self, _: object) -> float:
        return self.mean


@pytest.mark.parametrize(
    ("differences", "chance"),
    [
        ([], 1.0),
        ([0, 0], 1.0),
        ([1, 2, 3, 4, 5], 2 / 32),
        ([1, 2, 3, 4, 5, 6], 2 / 64),
        ([-1, 2, 3, 4, 5, 6], 4 / 64),  # the rank 1, or none, in either direction
        ([1, -1, 1, -1], 1.0),
        ([*range(1, 101)], 3.956e-18),  # 2 (1 - Φ(8.6822)), as the tables of the normal distribution have it
    ],
)
def test_signed_ranks_are_counted_exactly_and_normal_for_many(differences: list[int], chance: float) -> None:
    assert signed_ranks([Decimal(each) for each in differences]) == pytest.approx(chance, rel=0.01)


def test_a_setting_changes_what_it_names_and_nothing_else() -> None:
    before, changes = process(), [setting("stages.closing.sla=5 business days"), setting("people.manager=7")]
    after = changed_process(before, changes)
    old, new = before.stages["closing"].sla, after.stages["closing"].sla
    assert old is not None
    assert new is not None
    assert (str(new.within), new.escalate_to) == ("5 business days", old.escalate_to)
    assert changed_process(before, changes[1:]) is before
    carried = carried_over(before, assumed(), after)
    assert carried.stages["closing"].wait == assumed().stages["closing"].wait, "a deadline alone makes nobody faster"
    found = changed_assumptions(after, carried, changes)
    assert found.people["manager"].number == 7
    assert found.people["seller"] == assumed().people["seller"]


def test_what_a_file_says_of_some_holds_for_a_changed_process_too() -> None:
    known = changed_assumptions(
        process(),
        assumed(),
        [
            setting("stages.closing.lost={chance: 40 %, reasons: {no_budget: 1}}"),
            setting("actions.booking.first_contact.ways={cold_call: 1}"),
        ],
    )
    after = changed_process(process(), [setting("stages.closing.probability=100")])
    carried = carried_over(process(), known, after)
    assert defaults(after).assumptions.stages["closing"].lost != 0.4
    assert carried.stages["closing"] == known.stages["closing"]
    assert carried.actions["booking.first_contact"].ways == known.actions["booking.first_contact"].ways
    fewer = changed_process(process(), [setting("lost.reasons={price: Too dear}")])
    of = carried_over(process(), known, fewer).stages["closing"]
    assert (of.lost, of.reasons) == (0.4, Choice({"price": 1.0}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("people", "write PLACE=VALUE"),
        ("peopel.manager=2", r'there is no "peopel" \(did you mean "people"\?\)'),
        ("stages.closin.sla=5 days", r'there is no "stages.closin" \(did you mean "closing"\?\)'),
        ("people.managr=2", r'no role managr \(did you mean "manager"\?\)'),
        ("people.manager=many", "must be a whole number"),
    ],
)
def test_a_setting_that_sets_nothing_says_what_was_meant(text: str, message: str) -> None:
    def take() -> None:
        changes = [setting(text)]
        changed_assumptions(process(), assumed(), changes)
        changed_process(process(), changes)

    with pytest.raises(InvalidArgument, match=message):
        take()


def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path) -> None:
    simulation = Simulation(process("crm-opportunities"), assumed("crm-opportunities"), SimulationPlan(deals=5, runs=1))

    def interrupted() -> None:
        with kept_log(tmp_path / "out.db", simulation.log(1)) as store:
            simulation.run(1, store)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"deals": "3"}, "deals"),
        ({"deals": True}, "deals"),
        ({"deals": 0}, "deals"),
        ({"months": 2.0}, "months"),
        ({"runs": None}, "runs"),
        ({"seed": "x"}, "seed"),
        ({"seed": False}, "seed"),
        ({"warm_up": -1}, "warm_up"),
        ({"start": "2026-01"}, "start"),
    ],
    ids=str,
)
def test_a_plan_takes_only_what_it_says(given: dict[str, Any], argument: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        SimulationPlan(**given)
    assert refused.value.subject == argument


@pytest.mark.parametrize("start", [date(1, 1, 1), date(9999, 12, 1)])
def test_a_time_that_no_calendar_has_is_refused(start: date) -> None:
    with pytest.raises(InvalidArgument, match="outside of the calendar") as refused:
        Simulation(process(), assumed(), SimulationPlan(months=1, start=start))
    assert refused.value.subject == "start"


def test_a_wait_beyond_every_calendar_ends_with_a_message() -> None:
    of = setting("stages.prospecting.wait={median: 90000 weeks, factor: 50}")
    simulation = Simulation(process(), changed_assumptions(process(), assumed(), [of]), SimulationPlan(deals=20, runs=1))
    with pytest.raises(CalendarUnknown, match=r"no calendar has a day .* assume less"):
        simulation.run(1)
