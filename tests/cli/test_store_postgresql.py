"""``procdef store`` on a server: tables are made, checked and upgraded, what waits is sealed, and roles get what they need."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from postgresql import schema_of, server
from procdef.cli import run
from procdef.store import Batch, EventRow, open_store
from procdef.store.postgres.tables import TABLES


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_tables_are_made_once_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    url = server().fresh_schema()
    code, out, err = told(capsys, "deals", "--db", url)
    assert (code, out) == (3, "")
    assert "holds no log yet; `procdef store init` makes its tables" in err
    made = json.loads(told(capsys, "store", "init", url, "--format", "json")[1])
    assert made["made"] == [made["layout"]]
    again = json.loads(told(capsys, "store", "init", url, "--format", "json")[1])
    assert again == {**made, "made": []}
    code, out, _ = told(capsys, "store", "check", url)
    assert code == 0
    assert out.startswith(f"log {made['log']}: 0 events sealed\nthe tables are as this procdef makes them\n")
    assert "the indexes were not held against the tables: the database has no extension amcheck" in out
    assert json.loads(told(capsys, "store", "upgrade", url, "--format", "json")[1]) == again


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DROP INDEX {s}.deal_owner", "expected the index deal.deal_owner"),
        ("CREATE INDEX sneaky ON {s}.event (recorded)", "found the index event.sneaky"),
        ("ALTER TABLE {s}.deal ALTER COLUMN owner DROP NOT NULL", "found the column deal.owner text collate C"),
        ("ALTER TABLE {s}.leaf DROP CONSTRAINT leaf_event", "expected the constraint leaf.leaf_event"),
        ("CREATE RULE lost AS ON DELETE TO {s}.private DO INSTEAD NOTHING", "found lost"),
    ],
)
def test_what_somebody_changed_of_the_tables_is_found(
    change: str, found: str, new_postgres_log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server().execute(change.format(s=schema_of(new_postgres_log)))
    code, out, _ = told(capsys, "store", "check", new_postgres_log)
    assert code == 1
    assert found in out


def test_what_hands_on_the_log_or_writes_to_it_is_told_of_and_is_no_difference(
    new_postgres_log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    s, here = schema_of(new_postgres_log), server()
    here.execute(
        f"CREATE PUBLICATION two FOR TABLE {s}.private, {s}.event",
        "CREATE PUBLICATION every FOR ALL TABLES",
        f"CREATE PUBLICATION other FOR TABLE {s}.leaf WITH (publish = 'delete')",
        f"CREATE TABLE {s}.mine (x int)",
        f"CREATE PUBLICATION of_mine FOR TABLE {s}.mine",
        "CREATE SUBSCRIPTION back CONNECTION 'host=nowhere' PUBLICATION two WITH (connect = false, slot_name = NONE)",
        "INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) "
        f"SELECT oid, '{s}.gate'::regclass, 'r' FROM pg_subscription",
        "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION watch()",
        "CREATE EVENT TRIGGER asleep ON sql_drop EXECUTE FUNCTION watch()",
        "ALTER EVENT TRIGGER asleep DISABLE",
    )
    try:
        code, out, _ = told(capsys, "store", "check", new_postgres_log, "--format", "json")
        shown = told(capsys, "store", "check", new_postgres_log)[1]
    finally:
        here.execute(
            "DROP EVENT TRIGGER watched", "DROP EVENT TRIGGER asleep", "DROP FUNCTION watch()", "DROP SUBSCRIPTION back",
            "DROP PUBLICATION two", "DROP PUBLICATION every", "DROP PUBLICATION other", "DROP PUBLICATION of_mine",
        )  # fmt: skip
    expected = [
        "the event trigger watched runs public.watch at ddl_command_end",
        f"the publication every hands on changes of {', '.join(sorted(TABLES))}",
        "the publication other hands on changes of leaf",
        "the publication two hands on changes of event, private",
        "the subscription back writes to gate",
    ]
    assert (code, json.loads(out)["differences"], json.loads(out)["besides"]) == (0, [], expected)
    assert set(expected) < set(shown.splitlines())
    assert json.loads(told(capsys, "store", "check", new_postgres_log, "--format", "json")[1])["besides"] == []


def test_an_index_that_lacks_a_row_is_found_by_the_extension_of_the_server(
    new_postgres_log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    s = schema_of(new_postgres_log)
    with open_store(new_postgres_log) as store, store.transaction(write=True) as tx:
        tx.append(Batch(events=[EventRow("deal:1", n, f"e{n}", "deal.noted", "2026", "0" * 64, b"{}") for n in (1, 2)]))
    server().execute("CREATE EXTENSION amcheck SCHEMA public")
    try:
        code, out, _ = told(capsys, "store", "check", new_postgres_log, "--format", "json")
        assert (code, json.loads(out)["indexes_checked"], json.loads(out)["differences"]) == (0, True, [])
        # An index that is not ready gets no rows: so one of the table's rows is missing from it.
        ready = f"UPDATE pg_index SET indisready = %s WHERE indexrelid = '{s}.leaf_event'::regclass"
        change = f"UPDATE {s}.leaf SET n = 1000 WHERE idx = 1"
        server().execute(ready % "false", change, ready % "true")
        code, out, _ = told(capsys, "store", "check", new_postgres_log)
    finally:
        server().execute("DROP EXTENSION amcheck")
    assert code == 1
    assert "expected the rows of leaf in its index leaf_event, each in its place; found another" in out


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (9, "was written by a later procdef; update procdef to use it"),
        (4, "the table tree does not tell its layout"),
    ],
)
def test_the_tables_of_another_layout_are_refused(
    layout: int, said: str, new_postgres_log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server().execute(f"UPDATE {schema_of(new_postgres_log)}.tree SET layout = {layout}")
    for command in (["deals", "--db", new_postgres_log], ["store", "upgrade", new_postgres_log]):
        code, _, err = told(capsys, *command)
        assert code == 3
        assert said in err


def test_what_waits_is_sealed(postgres_log: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [EventRow("deal:1", n, f"id-{n}", "deal.noted", f"2026-01-0{n}", f"{n:064x}", b"{}") for n in (1, 2, 3)]
    with psycopg.connect(server().url) as other, open_store(postgres_log) as store:
        other.execute(f"SELECT 1 FROM {schema_of(postgres_log)}.tree FOR UPDATE")
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=rows))
        code, out, _ = told(capsys, "store", "check", postgres_log)
        assert (code, out.splitlines()[0].partition(": ")[2]) == (0, "0 events sealed, 3 wait for that since 2026-01-01")
        out = told(capsys, "store", "seal", postgres_log)[1]
        assert out == "sealed 0 events; the tree is over 0; 3 wait since 2026-01-01\n"
    assert told(capsys, "store", "seal", postgres_log)[1] == "sealed 3 events; the tree is over 3\n"
    shown = json.loads(told(capsys, "store", "seal", postgres_log, "--format", "json")[1])
    assert shown == {"sealed_now": 0, "sealed": 3, "waiting": {"events": 0, "since": None}}


def test_a_sqlite_file_has_the_same_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "deals.db")
    assert json.loads(told(capsys, "store", "init", file, "--format", "json")[1])["made"]
    assert told(capsys, "store", "check", file)[0] == 0
    assert json.loads(told(capsys, "store", "upgrade", file, "--format", "json")[1])["made"] == []
    assert told(capsys, "store", "seal", file)[1] == "sealed 0 events; the tree is over 0\n"
    code, _, err = told(capsys, "store", "grants", file, "--writer", "w")
    assert code == 2
    assert "no roles" in err
