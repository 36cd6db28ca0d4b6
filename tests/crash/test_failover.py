"""A primary that is lost under writers, and a standby that takes its place: the writers go on by themselves, what was
acknowledged is there exactly once, and the log verifies. The standby is made and promoted by the commands of the manual.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from server_writers import BY, STEPS, WRITERS, ended, notes, prepared, ready, write

from postgresql import PASSWORD, Server, free_port, schema_of
from procdef import Engine, StoreError, open_store
from procdef.store.postgres.setup import initialise

MANUAL = Path(__file__).parents[2] / "docs" / "postgres.md"
MANY = STEPS * 25
"""Notes of each writer, more than it writes before the primary is lost."""


def commands() -> list[str]:
    """The blocks of commands of the manual: how the standby is made, and how it takes over."""
    section = MANUAL.read_text("utf-8").partition("\n## A standby that takes over")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.S)


@pytest.fixture
def primary() -> Iterator[Server]:
    made = Server()
    try:
        made.program("pg_basebackup")
        yield made
    finally:
        made.remove()


@pytest.fixture
def standby(primary: Server) -> Iterator[Callable[[str], int]]:
    """Runs commands as the user of the servers, in the folder where the standby is to be; the port that the standby has."""
    port = free_port()
    where = {"cwd": primary.folder, "env": {**os.environ, **primary.environment()}, **primary.as_user()}

    def run(block: str) -> int:
        block = block.replace("host=one", f"host={primary.folder} port={primary.port}")
        block = block.replace("--wait start", f"--wait --log=two.log --options='-p {port}' start")
        subprocess.run(["sh", "-euc", block], check=True, capture_output=True, **where)
        return port

    yield run
    subprocess.run(["sh", "-c", "pg_ctl --pgdata=two --mode=immediate stop"], capture_output=True, **where)
    shutil.rmtree(primary.folder / "two", ignore_errors=True)


def until_synchronous(primary: Server) -> None:
    for _ in range(200):
        if primary.execute("SELECT application_name, sync_state FROM pg_stat_replication") == [("two", "sync")]:
            return
        time.sleep(0.05)
    raise AssertionError("the standby did not become a synchronous one")


def test_writers_go_on_at_the_standby_that_takes_over(primary: Server, standby: Callable[[str], int]) -> None:
    make, take_over = commands()
    initialise(url := primary.fresh_schema())
    prepared(url, 5)
    port = standby(make)
    until_synchronous(primary)
    waiting = f"postgresql://owner:{PASSWORD}@127.0.0.1:{port}/postgres?busy=0.1&schema={schema_of(url)}"
    with (
        closing(open_store(waiting)) as there,
        pytest.raises(StoreError, match="is read-only, as a standby is; name the server that writes"),
    ):
        Engine(there).note("D-0", "not here", by=BY)
    both = f"postgresql://owner:{PASSWORD}@127.0.0.1:{primary.port},127.0.0.1:{port}/postgres?target_session_attrs=read-write"
    both += f"&busy=60&schema={schema_of(url)}"
    writers = ready([write(both, f"w{k}", 5, keys=k % 2 == 0, steps=MANY) for k in range(WRITERS)])
    time.sleep(0.4)
    primary.stop(signal.SIGQUIT)
    assert [writer.poll() for writer in writers] == [None] * WRITERS, "they had done before the primary was lost"
    standby(take_over)
    told = ended(writers)
    found = notes(both)
    assert len(found) == len(told) == len(set(told)) == WRITERS * MANY
    for k in range(WRITERS):
        assert sum(f'"id":"w{k}"' in body for _, _, body in found) == MANY
