"""The programs of the page on frameworks, as they stand there, with the frameworks themselves."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pages import ROOT, blocks

from procdef import Engine, open_store
from procdef.verification import Tally, verify

PROGRAMS = {each.file: each.text for each in blocks((ROOT / "docs" / "frameworks.md").read_text("utf-8")) if each.file}
ONCE = "['ACME-1']\n['Acme']\n"
STEPS = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PROGRAMS.items():
        (tmp_path / str(name)).write_text(text, "utf-8")
    (tmp_path / "processes").symlink_to(ROOT / "processes")
    return tmp_path


def run(folder: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    return done.stdout


def started(file: Path) -> list[str]:
    """The deals of a log that is sound."""
    with open_store(file) as store:
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        return [deal.name for deal in Engine(store).deals()]


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("program", ["with_sqlalchemy.py", "with_django.py"])
def test_a_step_in_a_savepoint_goes_with_the_transaction_around_it(program: str, folder: Path) -> None:
    assert run(folder, program) == ONCE
    assert started(folder / "app.db") == ["ACME-1"]


def test_without_the_listeners_a_savepoint_of_sqlalchemy_commits(folder: Path) -> None:
    """What the page says of the default is so; if a later SQLAlchemy mends it, the page may say less."""
    text = PROGRAMS["with_sqlalchemy.py"]
    start, end = text.index('@event.listens_for(database, "connect")'), text.index("with database.begin()")
    (folder / "with_sqlalchemy.py").write_text(text[:start] + text[end:], "utf-8")
    assert run(folder, "with_sqlalchemy.py") == "['ACME-1', 'BETA-1']\n['Acme']\n"


def test_workers_of_gunicorn_lose_no_step_that_they_acknowledged(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "3", "-b", f"127.0.0.1:{port}", "service_wsgi:app"]
    server = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)

    def listening() -> bool:
        assert server.poll() is None
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listening)
        for number in range(STEPS):
            asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            asking.request("GET", f"/?deal=D-{number:02}")
            answer = asking.getresponse()
            assert (answer.status, answer.read()) == (201, b"prospecting")
            asking.close()
    finally:
        server.terminate()
        server.communicate(timeout=60)
    assert started(folder / "deals.db") == [f"D-{number:02}" for number in range(STEPS)]


def test_workers_of_celery_lose_no_step_that_they_acknowledged(folder: Path) -> None:
    for name in ("queue", "control", "results"):
        (folder / name).mkdir()
    ask = f"import tasks; [tasks.start.delay(f'D-{{number:02}}') for number in range({STEPS})]; tasks.engine.store.close()"
    run(folder, "-c", ask)
    command = [sys.executable, "-m", "celery", "-A", "tasks", "worker", "--pool", "prefork", "-c", "2", "-l", "WARNING"]
    environment = {**os.environ, "C_FORCE_ROOT": "yes"}
    worker = subprocess.Popen(
        [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        until(lambda: worker.poll() is not None or len(list((folder / "results").iterdir())) == STEPS)
        assert worker.poll() is None
    finally:
        worker.terminate()
        said = worker.communicate(timeout=60)[1].decode()
    assert started(folder / "deals.db") == [f"D-{number:02}" for number in range(STEPS)], said
