"""Files of assumptions on a command line: their schema, their check, and how one comes from a process or from a log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Procdef = Callable[..., tuple[int, str, str]]
SHORT = ("--deals", "3", "--runs", "1", "--quiet")


def test_editors_get_their_schema(procdef: Procdef) -> None:
    assert json.loads(procdef("schema", "--assumptions")[1])["required"] == ["procdef-assumptions", "process"]
    assert procdef("schema", "--assumptions", "--plan")[0] == 2


def test_a_file_is_checked_like_a_process(office: Procdef, tmp_path: Path) -> None:
    file = tmp_path / "office.assume.yaml"
    file.write_text("procdef-assumptions: 1\nprocess: office.yaml\nvalues: {scoer: {low: 1, high: 2}}\n", "utf-8")
    code, told, _ = office("check", "office.assume.yaml")
    assert code == 1
    assert (
        'office.assume.yaml:3:10: error: the process has no field scoer (did you mean "score"?) [not-in-process]'
        in told
    )
    code, _, told = office("test", "office.assume.yaml")
    assert code == 2
    assert "office.assume.yaml is a file of assumptions; `procdef simulate PROCESS --assume office.assume.yaml`" in told


def test_what_is_written_is_what_is_simulated(office: Procdef, tmp_path: Path) -> None:
    pytest.importorskip("simpy")
    first = office("simulate", "office.yaml", *SHORT, "--format", "json", "--write-assumptions", "all.assume.yaml")
    assert first[0] == 0
    assert office("check", "all.assume.yaml")[:2] == (0, "1 file checked, nothing found\n")
    again = office("simulate", "office.yaml", *SHORT, "--format", "json", "--assume", "all.assume.yaml")
    told, same = (json.loads(each[1]) for each in (first, again))
    assert (told.pop("assumptions"), same.pop("assumptions")) == ("taken from the process itself", "all.assume.yaml")
    assert told == same


def test_a_log_is_of_the_process_or_tells_nothing(office: Procdef, tmp_path: Path) -> None:
    pytest.importorskip("simpy")
    db = str(tmp_path / "procdef.db")
    code, _, told = office("simulate", "crm-opportunities", *SHORT, "--from", db)
    assert code in (1, 2)
    assert told.startswith("procdef: ")
    assert "crm-opportunities" in told
    code, _, told = office("simulate", "office.yaml", *SHORT, "--from", "nowhere.db")
    assert (code, told) == (3, "procdef: there is no database nowhere.db\n")
    code, _, _ = office("simulate", "office.yaml", *SHORT, "--from", db, "--write-assumptions", "seen.assume.yaml")
    assert code == 0
    text = (tmp_path / "seen.assume.yaml").read_text("utf-8")
    assert "Fitted to 1 deal of office" in text
    assert "No deal is closed yet" in text
    assert office("check", "seen.assume.yaml")[:2] == (0, "1 file checked, nothing found\n")
