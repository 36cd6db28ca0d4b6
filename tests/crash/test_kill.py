"""Runs that are killed in the middle: what was reported stays, nothing is half done, and the same run completes the rest."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from procdef import open_store
from procdef.store import Deals
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
DEALS = 1500
KILLS = 6
BATCH = 500  # steps that `run` commits together
REFUSED_EVERY = 20  # deals; a refusal is printed once it is durable, and so tells how far the run has got


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A start and an advance of each deal, every step one event; some say when they happened, some are refused."""
    lines = []
    for number in range(DEALS):
        deal = f"K{number:04}"
        who = {"by": "anna", "roles": ["seller"], "deal": deal}
        if number % 3 == 0:
            who["happened"] = "2026-01-05T08:00:00Z"
        values = {"product": "GTX"} if number % REFUSED_EVERY == 0 else {"product": "GTX", "account": "Isdom"}
        lines.append({**who, "do": "start", "values": values, "request": f"{deal}-1"})
        lines.append({**who, "do": "advance", "to": "engaging", "request": f"{deal}-2"})
    file = tmp_path_factory.mktemp("steps") / "steps.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file


def run(steps: Path, database: Path) -> subprocess.Popen[str]:
    """The run, begun."""
    command = [sys.executable, "-m", "procdef", "run", str(PROCESS), str(steps), "--keep-going", "--format", "json"]
    return subprocess.Popen(
        [*command, "--db", f"sqlite:///{database}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill_once_it_creates(process: subprocess.Popen[str], database: Path, chance: random.Random) -> None:
    """Kill it while it makes the tables, publishes, or plays its first steps."""
    while not database.exists() and process.poll() is None:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.15))
    process.kill()


def kill_once_it_reports(process: subprocess.Popen[str], line: int, chance: random.Random) -> int:
    """Kill it a moment after it reported this line or a later one; the last line that it ever reported."""
    assert process.stderr is not None
    reported = 0
    for told in process.stderr:
        reported = line_of(told)
        if reported >= line:
            break
    time.sleep(chance.uniform(0, 0.15))
    process.kill()
    return max([reported, *map(line_of, process.stderr)])


def line_of(told: str) -> int:
    place, _, result = told.partition(": ")
    assert result.startswith("refused: "), told
    return int(place.rpartition(":")[2])


def stored(database: Path) -> Counter[str]:
    """How many events each deal has, in a database that opens and verifies."""
    store = open_store(f"sqlite:///{database}")
    try:
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
            return Counter({row.key: row.n for row in tx.scan(Deals())})
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_run_leaves_whole_batches_and_can_be_repeated(steps: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    deals = [json.loads(line)["deal"] for line in steps.read_text("utf-8").splitlines()]
    database, kills, attempts, kept = tmp_path / "0.db", 0, 0, 0
    while kills < KILLS:
        attempts += 1
        with run(steps, database) as process:
            reported = 0
            if database.exists():
                reported = kill_once_it_reports(process, kept + chance.randint(1, BATCH), chance)
            else:
                kill_once_it_creates(process, database, chance)
        found = stored(database)
        assert found.total() >= max(reported, kept)
        assert found == Counter(deals[: found.total()])
        assert found.total() % BATCH == 0
        kept = found.total()
        kills += process.returncode < 0
        if process.returncode >= 0 or kept > len(deals) - 2 * BATCH:
            finish(steps, database, deals, kept)
            database, kept = tmp_path / f"{attempts}.db", 0
    finish(steps, database, deals, kept)


def finish(steps: Path, database: Path, deals: list[str], kept: int) -> None:
    """Run it once more to its end: only what was missing is applied."""
    with run(steps, database) as process:
        out, _ = process.communicate(timeout=60)
    told = json.loads(out)
    assert told["applied"] + told["refused"] == len(deals) - kept
    assert (len(deals), kept, 0) == (told["steps"], told["repeated"], told["errors"])
    assert Counter(deals) == stored(database)
