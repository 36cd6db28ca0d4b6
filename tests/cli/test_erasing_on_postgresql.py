"""What is said after an erasure in PostgreSQL: the tables are without it, and where the server may keep it still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from postgresql import purged_soon
from procdef import open_store

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
Told = tuple[int, str, str]


@pytest.fixture
def noted(procdef: Callable[..., Told], postgres_log: str) -> Callable[..., Told]:
    def run(*arguments: str) -> Told:
        return procdef(*arguments, "--db", postgres_log, "--as", "maija:seller")

    run("publish", str(PROCESS))
    run("start", "b2b-sales", "A-1", "--stage", "prospecting")
    run("record", "A-1", "contact_email=zeb@example.com")
    run("note", "A-1", "xy")
    with open_store(postgres_log) as store:
        assert purged_soon(store)
    return run


def test_nothing_is_promised_of_what_the_server_keeps(noted: Callable[..., Told]) -> None:
    code, told, _ = noted("erase", "A-1", "--field", "contact_email", "--basis", "art-17")
    assert code == 0
    assert told.splitlines()[1] == (
        "no byte of it is left in the log's tables; the server's write-ahead log (pg_wal), its own log and standbys, and "
        "backups and copies handed over may still hold it"
    )
    code, told, _ = noted("erase", "A-1", "--all", "--basis", "art-17")
    assert "the log's tables were written anew without it; values of fewer than 4 characters" in told
    assert "files" not in told
    assert noted("audit", "purge")[1] == "the log's tables were written anew without what was erased\n"
