"""Deals that begin under a version when a later one is published: asked for, and told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from office import PROCESS

from procdef import Actor, Engine, InvalidArgument, load, open_store

Procdef = Callable[..., tuple[int, str, str]]


@pytest.fixture
def versions(procdef: Procdef, tmp_path: Path) -> Procdef:
    """Two versions, the second one published, and a file that starts a deal."""
    for number in (1, 2):
        (tmp_path / f"v{number}.yaml").write_text(PROCESS.replace("version: 1", f"version: {number}"), "utf-8")
        assert procdef("publish", f"v{number}.yaml")[0] == 0
    steps = [{"by": "maija", "roles": ["seller"], "deal": f"R-{n}", "do": "start", "request": f"r{n}"} for n in (1, 2)]
    (tmp_path / "steps.jsonl").write_text("\n".join(map(json.dumps, steps)), "utf-8")
    return procdef


def listed(procdef: Procdef, *command: str) -> list[dict[str, object]]:
    code, out, _ = procdef("audit", *command, "--format", "json")
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def test_a_run_asks_whether_the_superseded_version_is_meant(versions: Procdef) -> None:
    for process in ("v1.yaml", "office@1"):
        code, out, err = versions("run", process, "steps.jsonl")
        assert (code, out) == (2, "")
        assert "office v1 is superseded, v2 is published" in err
        assert "--superseded" in err
        assert versions("run", process, "steps.jsonl", "--dry-run")[0] == 2
    assert "no such deals" in versions("deals")[1]
    assert versions("run", "v1.yaml", "steps.jsonl", "--superseded")[0] == 0
    assert versions("run", "v2.yaml", "steps.jsonl")[0] == 0


def test_overrides_and_the_population_tell_of_such_deals(versions: Procdef) -> None:
    assert versions("run", "v1.yaml", "steps.jsonl", "--superseded")[0] == 0
    assert versions("start", "office", "N-1", "score=45")[0] == 0
    *rows, about = listed(versions, "overrides")
    assert [(row["kind"], row["version"], row["about"], row["n"]) for row in rows] == [("superseded", 1, ["office v2"], 1)] * 2
    assert about["about"]["totals"]["superseded"] == 2
    assert "started under a superseded version: office v2 was published" in versions("audit", "overrides")[1]
    *members, about = listed(versions, "population")
    assert sorted((each["version"], each["superseded_by"]) for each in members) == [(1, 2), (1, 2), (2, None)]
    assert about["about"]["totals"]["started_under_a_superseded_version"] == 2
    assert versions("audit", "population")[1].count("started when v2 was published") == 2
    assert versions("audit", "verify")[0] == 0


def test_a_deal_that_was_taken_over_since_began_under_one_all_the_same(versions: Procdef, tmp_path: Path) -> None:
    assert versions("run", "v1.yaml", "steps.jsonl", "--superseded")[0] == 0
    assert versions("start", "office", "N-1", "score=45")[0] == 0
    (tmp_path / "v3.yaml").write_text(PROCESS.replace("version: 1", "version: 3"), "utf-8")
    (tmp_path / "plan.yaml").write_text("procdef-plan: 1\nprocess: office\nfrom: [1, 2]\nto: 3\n", "utf-8")
    assert versions("publish", "v3.yaml")[0] == 0
    assert versions("migrate", "office", "--plan", "plan.yaml", "--apply")[0] == 0
    assert [row["kind"] for row in listed(versions, "overrides")[:-1]].count("superseded") == 2
    *members, about = listed(versions, "population")
    assert sorted((each["version"], each["superseded_by"]) for each in members[:2]) == [(3, 2), (3, 2)]
    assert members[2]["superseded_by"] is None
    assert about["about"]["totals"]["started_under_a_superseded_version"] == 2


def test_a_deal_that_began_before_the_later_version_is_none_of_them(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "v2.yaml").write_text(PROCESS.replace("version: 1", "version: 2"), "utf-8")
    assert office("publish", "v2.yaml")[0] == 0
    assert len(listed(office, "overrides")) == 1
    assert [each["superseded_by"] for each in listed(office, "population")[:-1]] == [None]


def test_the_order_of_the_log_tells_where_times_are_the_same(tmp_path: Path) -> None:
    """As with a clock that stands."""
    from datetime import UTC, datetime

    from procdef.audit.superseded import Superseded

    manager = Actor("jaana", frozenset({"manager", "seller"}))
    first, second = (load(PROCESS.replace("version: 1", f"version: {number}")) for number in (1, 2))
    store = open_store("memory:")
    engine = Engine(store, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))
    engine.publish(first, by=manager)
    before = engine.start("office", "before", by=manager).deal
    engine.publish(second, by=manager)
    step = {"by": "maija", "roles": ["seller"], "deal": "after", "do": "start"}
    with pytest.raises(InvalidArgument, match="is superseded"):
        engine.run(first, [step], by=manager)
    assert [each.status for each in engine.run(first, [step], by=manager, superseded=True)] == ["applied"]
    after = engine.deal("after")
    with store.transaction(write=False) as tx:
        superseded = Superseded(tx)
        assert superseded.by("office", 1, before.stream, before.started) is None
        assert superseded.by("office", 1, after.stream, after.started) == 2
        assert superseded.by("office", 2, after.stream, after.started) is None
