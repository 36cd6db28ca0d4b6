"""What is checked: a file, or a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from procdef import InvalidArgument, check, load, open_store

PROCESS = Path(__file__).parents[3] / "processes" / "crm-opportunities.yaml"


def codes(given: Path | str) -> list[str]:
    return [finding.code for finding in check(given)]


def test_a_long_text_on_one_line_is_text() -> None:
    text = json.dumps(yaml.safe_load(PROCESS.read_text("utf-8")))
    assert len(text) > 255
    assert load(text).id == "crm-opportunities"


@pytest.mark.parametrize("name", ["nothing.yaml", "nowhere/nothing.yml", "a" * 300 + ".yaml", "\ud800.yaml"])
def test_a_name_of_a_process_file_that_is_not_there_is_told(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (finding,) = check(name)
    assert (finding.code, finding.span.path) == ("unreadable", name)


def test_the_reason_is_that_there_is_no_such_file() -> None:
    assert check("nothing.yaml")[0].message == "the file cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("code", "text"), [("syntax", "procdef: [1"), ("syntax", "id: {\n.yaml"), ("empty-file", ""), ("wrong-type", "7")]
)
def test_all_else_that_names_no_file_is_text(code: str, text: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize("given", [None, 5, b"procdef: 1", ["a.yaml"], {}])
def test_only_a_path_or_a_text_is_checked(given: Any) -> None:
    for ask in (check, load):
        with pytest.raises(InvalidArgument):
            ask(given)


def test_a_database_in_use_is_not_opened(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'deals.db'}")
    (finding,) = check(tmp_path / "deals.db")
    assert (finding.code, finding.message) == ("unreadable", "the file cannot be read: it is a database in use")
    store.close()
