"""A report as of a time is the report that was made then, whatever came later: steps, corrections, losses, late entries."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from random_office import MEASURES, PEOPLE, PROCESS, Office

from procdef import Engine, load, open_store
from procdef.reports import report
from procdef.store import Activities

STEPS, SEEDS = 500, 2
ASKED: dict[str, dict[str, Any]] = {
    "all time": {},
    "a period": {"since": "2026-02-01", "until": "2026-03-31", "idle_days": 10},
    "by owner": {"by": "owner", "since": "2026-01-15"},
    "by month": {"by": "month"},
}



def told(engine: Engine, asked: dict[str, Any], **when: Any) -> dict[str, Any]:
    return dict(report(engine, **asked, **when).as_dict())


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("where", ["memory:", "sqlite"])
@pytest.mark.parametrize("measures", ["", MEASURES], ids=["rows alone", "with values of fields"])
def test_a_report_as_of_a_time_is_the_one_that_was_made_then(where: str, seed: int, measures: str, tmp_path: Path) -> None:
    address = where if where == "memory:" else f"sqlite:///{tmp_path / 'log.db'}?synchronous=NORMAL"
    with closing(open_store(address)) as store:
        office = Office(store, seed, PROCESS.replace("MEASURES", measures))
        made: list[tuple[datetime, str, dict[str, Any]]] = []
        for number in range(STEPS):
            office.step()
            if number % 71 == 70:
                office.now += timedelta(microseconds=1)
                made += [(office.now, name, told(office.engine, each, now=office.now)) for name, each in ASKED.items()]
        with store.transaction(write=False) as tx:
            assert {row.kind for row in tx.scan(Activities())} == {
                "value", "close", "done", "note", "lost", "waived", "assigned", "late",
            }  # fmt: skip
        last = next(each for _, name, each in reversed(made) if name == "all time")
        assert min(last["deals"]["won"], last["deals"]["lost"], last["objections"]["dear"]["met"]["closed"]) > 0
        assert min(last["slippage"]["value"]["deals"], last["slippage"]["close"]["later"]) > 0
        later = office.now + timedelta(days=200)
        for moment, name, before in made:
            again = told(office.engine, ASKED[name], as_of=moment, now=later)
            differing = {key: (before[key], again[key]) for key in before if before[key] != again[key] and key != "reported"}
            assert (moment, name, differing) == (moment, name, {})


def line(day: int, deal: str, do: str, **more: Any) -> dict[str, Any]:
    moment = datetime(2025, 3, 1, 9, tzinfo=UTC) + timedelta(days=day)
    return {"deal": deal, "do": do, "by": "maija", "roles": ["seller"], "happened": moment.isoformat(), **more}


IMPORTED = [
    line(0, "A", "start", values={"need": "much", "price": "100", "close": "2025-04-01"}),
    line(1, "A", "do", action="call", way="phone"),
    line(2, "A", "advance"),
    line(3, "A", "do", action="send"),
    line(9, "A", "record", values={"price": "150"}),
    line(12, "A", "advance"),
    line(30, "A", "record", values={"price": "120"}, correct=True, reason="typed wrongly"),
    line(40, "A", "lose", reason="dear"),
    line(2, "B", "start", values={"price": "70"}),
    line(5, "B", "lose", reason="none"),
    line(20, "B", "reopen", reason="they wrote"),
    line(25, "B", "assign", person="tero"),
]


@pytest.mark.parametrize("day", range(0, 45, 3))
def test_what_an_import_brought_counts_from_when_it_happened(day: int) -> None:
    """Nothing of a line that had not happened yet is told, though all of them came in at once."""
    moment, now = datetime(2025, 3, 1, 9, tzinfo=UTC) + timedelta(days=day, hours=1), datetime(2026, 1, 5, tzinfo=UTC)
    known = [each for each in IMPORTED if each["happened"] < moment.isoformat()]
    reports = []
    for lines, when in ((IMPORTED, {"as_of": moment, "now": now}), (known, {"now": moment})):
        engine = Engine(open_store("memory:"), clock=lambda: now)
        engine.publish(load(PROCESS.replace("MEASURES", MEASURES)), by=PEOPLE[0])
        assert [done.status for done in engine.run("small", lines, by=PEOPLE[0])] == ["applied"] * len(lines)
        reports.append(told(engine, {}, **when))
    assert reports[0] == reports[1]
