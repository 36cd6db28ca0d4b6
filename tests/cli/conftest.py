"""The command line in an empty folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from office import PROCESS

from procdef.cli import run

Procdef = Callable[..., tuple[int, str, str]]


@pytest.fixture
def procdef(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Procdef:
    """Runs a command line in an empty folder: its exit code, what it printed, and what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROCDEF_ACTOR", "maija:seller")
    monkeypatch.delenv("PROCDEF_DB", raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def office(procdef: Procdef, tmp_path: Path) -> Procdef:
    """The same, with the office process published and a deal A-1 started by maija."""
    (tmp_path / "office.yaml").write_text(PROCESS, encoding="utf-8")
    assert procdef("publish", "office.yaml")[0] == 0
    assert procdef("start", "office", "A-1", "score=45")[0] == 0
    return procdef
