"""A forecast whose deals are counted in two parts is the same as one of all of them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from past_deals import Past, deal, definition

from procdef import Actor, Engine, open_store
from procdef.language import load
from procdef.reports import report, two_processes
from procdef.reports.forecast import forecast, forecast_of_pasts
from procdef.reports.forecast.assembly import forecast_of, frame_of
from procdef.reports.forecast.pasts import Change
from procdef.reports.forecast.tallies import Tallies

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def some_deals() -> list[Past]:
    found = []
    for day in range(1, 29):
        won = f"lead 01-{day:02} talk 02-{day:02} won 0{3 + day % 3}-{day:02}"
        found.append(deal(won, f"{day * 100}"))
        found.append(deal(f"{won} lost 06-{day:02} won 06-29" if day % 4 else f"{won} lost 07-{day:02}", "70"))
        found.append(deal(f"lead 0{2 + day % 5}-{day:02} talk 07-{day:02}", f"{day * 7}" if day % 3 else None, "2026-09-03"))
        found.append(deal(f"lead 04-{day:02} lost 05-{day:02} lead 06-{day:02}", "9", version=1 + day % 2))
        late = deal(won, "50")
        found.append(late._replace(values=[*late.values, Change("2026-06-30", "60")]))
    return found


@pytest.mark.parametrize("halves", [(0, 140), (70, 70), (139, 1), (140, 0)])
def test_two_parts_come_to_what_all_come_to(halves: Sequence[int]) -> None:
    deals, versions = some_deals(), [definition(), definition(version="2", currency="JPY")]
    frame = frame_of(versions, NOW, 3, 6)
    one, other = Tallies(frame), Tallies(frame)
    one.take(deals[: halves[0]])
    other.take(deals[halves[0] :])
    one.merge(pickle.loads(pickle.dumps(other)))
    found = forecast_of(one, frame, versions, 0)
    assert found.as_dict() == forecast_of_pasts(deals, versions, NOW, 3, 6, 0).as_dict()
    assert found.decided > 50
    assert len(found.currencies[1].back_test.months) == 3


def test_two_processes_count_a_large_log_as_one_does_and_as_a_report_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (ROOT / "processes" / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with closing(open_store(tmp_path / "deals.db")) as store:
        engine = Engine(store)
        list(engine.run(load(ROOT / "processes" / "b2b-sales.yaml"), map(json.loads, steps[:1500]), by=Actor("import")))
        alone = forecast(engine, as_of="2024-12-05", backtest=3).as_dict()
        monkeypatch.setattr(two_processes, "LARGE", 2)
        assert forecast(engine, as_of="2024-12-05", backtest=3).as_dict() == alone
        assert alone["decided"] > 10
        figures = report(engine, as_of="2024-12-05").as_dict()
        counts = figures["deals"]
        assert (alone["deals"], alone["decided"]) == (counts["started"], counts["won"] + counts["lost"])
        assert {each["stage"]: each["open"] for each in alone["stages"]}.items() <= {
            name: stage["present"] for name, stage in figures["stages"].items()
        }.items()
