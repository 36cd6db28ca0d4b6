"""What is read with its place in the tree, while events in PostgreSQL wait to be sealed: it waits too, or says how many do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from test_postgres_sealing import TreeHeld

from procdef import Actor, Engine, InvalidArgument, StoreBusy, load, open_store
from procdef.audit.bundle import gathering as bundle
from procdef.audit.export.exported_events import ExportTally, Selection, exported
from procdef.audit.export.recorded_export import export
from procdef.audit.population import Reconciliation, population
from procdef.audit.separation_of_duties import Duties, duties
from procdef.cli import run
from procdef.pages.casefile import hand_out
from procdef.provenance import Period
from procdef.reports.casefile import casefile

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
BY = Actor("maija", roles={"seller"}, auth="app")


@pytest.fixture
def engine(postgres_log: str) -> Iterator[Engine]:
    """Two deals; whoever opens the log a second time waits for a second at most."""
    with closing(open_store(f"{postgres_log}&busy=1")) as store:
        made = Engine(store)
        made.publish(load(PROCESS), by=BY)
        for deal in ("A-1", "A-2"):
            made.start("crm-opportunities", deal, by=BY)
        yield made


def test_a_case_file_waits_until_the_deal_is_sealed(engine: Engine, postgres_log: str) -> None:
    with TreeHeld(postgres_log):
        engine.note("A-1", "Called", by=BY)
        assert casefile(engine, "A-2").proof.events == 1
        with pytest.raises(StoreBusy, match=r"event 2 of deal:.* waits to be sealed"):
            hand_out(engine, "A-1", by=BY)
    found = hand_out(engine, "A-1", by=BY)  # with no step in between, which would seal it
    assert (found.file.proof.events, found.recorded is not None) == (2, True)


def test_case_files_are_whole_while_others_write(engine: Engine, postgres_log: str) -> None:
    over = threading.Event()

    def write(deal: str) -> None:
        while not over.is_set():
            engine.note(deal, "Called", by=BY)

    writers = [threading.Thread(target=write, args=(deal,)) for deal in ("A-1", "A-2", "A-2")]
    for each in writers:
        each.start()
    try:
        with closing(open_store(postgres_log)) as patient:
            events = [casefile(Engine(patient), "A-1").proof.events for _ in range(15)]
    finally:
        over.set()
        for each in writers:
            each.join()
    assert events == sorted(events)


def test_the_population_of_an_audit_counts_what_waits(engine: Engine, postgres_log: str) -> None:
    with TreeHeld(postgres_log):
        engine.note("A-1", "Called", by=BY)
        engine.note("A-1", "Called again", by=BY)
        with engine.store.transaction(write=False) as tx:
            found = Reconciliation(tx.tree.size, tx.waiting.events)
            members = list(population(tx, Period(), found))
    assert (len(members), found.agrees, found.shown["waiting"]) == (2, True, 2)


def test_separation_of_duties_ends_at_what_is_sealed(engine: Engine, postgres_log: str) -> None:
    with TreeHeld(postgres_log):
        engine.note("A-1", "Called", by=BY)
        with engine.store.transaction(write=False) as tx:
            found = Duties(tx.tree.size)
            list(duties(tx, Period(), None, found))
    assert (found.events, found.difference) == (4, 0)


@pytest.mark.parametrize("command", ["population", "sample -n 2 --seed x", "sod"])
def test_commands_of_an_audit_seal_what_waits(
    command: str, engine: Engine, postgres_log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with TreeHeld(postgres_log):
        engine.note("A-1", "Called", by=BY)
    assert run(["--db", postgres_log, "audit", *command.split()]) == 0
    assert "waiting" not in capsys.readouterr().out


def test_a_bundle_waits_until_the_deal_is_sealed(engine: Engine, postgres_log: str, tmp_path: Path) -> None:
    with TreeHeld(postgres_log):
        engine.note("A-1", "Called", by=BY)
        with pytest.raises(StoreBusy, match=r"event 2 of deal:.* waits to be sealed"):
            bundle.hand_out(engine, "A-1", tmp_path / "held.zip", by=BY)
        with pytest.raises(InvalidArgument, match="no stored checkpoint covers that event"):
            engine.prove("A-1", 2)
    assert not list(tmp_path.iterdir())
    given = bundle.hand_out(engine, "A-1", tmp_path / "proof.zip", by=BY)
    assert (given.events, given.proved) == (2, 2)


def test_an_export_ends_at_what_is_sealed(engine: Engine, postgres_log: str, tmp_path: Path) -> None:
    engine.note("A-2", "Called", by=BY)
    with TreeHeld(postgres_log):
        for deal in ("A-1", "A-2", "A-1"):
            engine.note(deal, "Called again", by=BY)
        with engine.store.transaction(write=False) as tx:
            told = [(each.case, each.n) for each in exported(tx, Selection(), ExportTally(), asides=True)]
            assert len(told) == tx.size
            assert sorted(n for stream, n in told if stream.startswith("deal:")) == [1, 1, 2]
    export(engine, "jsonl", tmp_path / "all.jsonl", Selection(), (), tally := ExportTally(), by=BY)
    assert (tally.rows, len((tmp_path / "all.jsonl").read_text("utf-8").splitlines())) == (8, 8)
