"""Options of the test run."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected output of the golden tests")


MEMORY = Path("/dev/shm")
ROOM = 2 << 30  # bytes; a whole run takes some hundred MiB


def pytest_configure(config: pytest.Config) -> None:
    """Compile procdef once. Hundreds of commands run in processes of their own, and each would compile all of it; none of
    them writes what it compiled, as some run on a disk that is full.

    Where there is room, what tests write lies in memory: most of their logs are a few steps long, and to wait until each step
    has reached a disk takes longer than all else. ``PYTEST_DEBUG_TEMPROOT`` or ``--basetemp`` names another place."""
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(__file__).parent.parent / "src", quiet=2)
        if is_roomy(MEMORY):
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def is_roomy(folder: Path) -> bool:
    """Whether files, and programs among them, can be kept there without a thought of the room they take."""
    return os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_NOEXEC and shutil.disk_usage(folder).free > ROOM


class Demo(NamedTuple):
    """What ``procdef demo`` printed and complained of, the folder where it ran, and the one for temporary files."""

    told: str
    complained: str
    here: Path
    temporary: Path


@pytest.fixture
def postgres_log() -> Iterator[str]:
    """The URL of an empty log in PostgreSQL, in a schema that no other test uses meanwhile. It is emptied for the next one: who
    changes tables takes ``new_postgres_log``."""
    from postgresql import contract_server

    with contract_server().empty_log() as url:
        yield url


@pytest.fixture
def new_postgres_log() -> Iterator[str]:
    """The URL of an empty log in PostgreSQL, in a schema that is thrown away."""
    from postgresql import server

    with server().new_log() as url:
        yield url


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """``procdef demo`` in an empty folder, as a shell starts it: it plays and verifies thousands of steps, so it runs once."""
    from made_once import made_once

    def run(folder: Path) -> None:
        for name in ("here", "temporary"):
            (folder / name).mkdir()
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PROCDEF_")}
        surroundings |= {"TMPDIR": str(folder / "temporary"), "COLUMNS": "100"}
        procdef = Path(sys.executable).parent / "procdef"
        with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
            subprocess.run([procdef, "demo"], cwd=folder / "here", env=surroundings, stdout=out, stderr=err, check=True)

    folder = made_once(tmp_path_factory, "demo", run)
    told, complained = ((folder / name).read_text("utf-8") for name in ("out", "err"))
    return Demo(told, complained, folder / "here", folder / "temporary")


@pytest.fixture
def names_apart_log() -> Iterator[str]:
    """As ``postgres_log``, with its tables laid out for several servers."""
    from distributed import empty_distributed_log
    from postgresql import server

    with empty_distributed_log(server().url) as url:
        yield url


@pytest.fixture
def citus_log() -> Iterator[str]:
    """As ``postgres_log``, distributed over the servers of ``PROCDEF_CITUS_DSN``; skips the test where that names none."""
    from distributed import citus, empty_distributed_log

    with empty_distributed_log(citus()) as url:
        yield url
