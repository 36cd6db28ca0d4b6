"""A database is named by a path, as people type it and programs hold it, or by a URL."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from procdef import InvalidArgument, open_store
from procdef.cli import run
from procdef.store import MemoryStore
from procdef.store.address import address

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"

NAMED: dict[str, Callable[[Path], object]] = {
    "a path": lambda file: file,
    "the text of one": str,
    "a relative one": lambda file: file.name,
    "something with a path": lambda file: next(iter([*os.scandir(file.parent)])),
    "a URL": lambda file: f"sqlite:///{file}",
    "options behind a path": lambda file: f"{file}?busy=0.5&synchronous=NORMAL",
}


@pytest.mark.parametrize("name", NAMED.values(), ids=NAMED.keys())
def test_a_database_is_named_by_(name: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "deals.db"
    with closing(open_store(f"sqlite:///{file}")) as store, store.transaction(write=False) as tx:
        log = tx.log
    given: object = name(file)
    with closing(open_store(given)) as store, store.transaction(write=False) as tx:  # type: ignore[arg-type]
        assert tx.log == log
    assert {each.name.partition("-")[0] for each in tmp_path.iterdir()} == {"deals.db"}


def test_a_path_object_is_the_name_as_it_is(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "what?busy=1")):
        assert [each.name for each in tmp_path.glob("*busy=1")] == ["what?busy=1"]


def test_memory_is_no_file() -> None:
    assert isinstance(open_store("memory:"), MemoryStore)


@pytest.mark.parametrize(
    "given",
    ["", "?busy=1", "sqlite:///", "sqlite://deals.db", "sqlite:deals.db", "mysql://host/deals", ":memory:",
     "memory:x", "file:deals.db", "deals.db?mode=ro", "a\0b", "x" * 300, b"deals.db", 7, None],
    ids=repr,
)  # fmt: skip
def test_what_is_no_address_is_told_with_what_to_write(given: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidArgument):
        open_store(given)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("bussy=2", 'has an unknown option bussy (did you mean "busy"?)'),
        ("busy=1&mode=ro", "has an unknown option mode; synchronous, beside, read_only and busy exist"),
        ("synchronous=OFF", "synchronous in the store's address is FULL or NORMAL"),
        ("beside=maybe", "beside in the store's address is yes or no"),
    ],
)
def test_an_option_that_a_file_does_not_have_is_named(
    options: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(open_store("deals.db")):
        pass
    before = sorted(tmp_path.iterdir())
    for command in (["deals", "--db"], ["store", "copy", "deals.db"], ["store", "restore", "deals.db", "--db"]):
        assert run([*command, f"other.db?{options}"]) == 2
        assert told in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_drive_is_no_scheme() -> None:
    assert address(r"C:\deals.db").path == Path(r"C:\deals.db")


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_the_command_line_takes_both(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sub" / "deals.db"
    file.parent.mkdir()
    db = form.format(file)
    assert run(["deals", "--db", db]) == 3
    assert capsys.readouterr().err == (
        f"procdef: there is no database {file}; `procdef publish FILE` makes one, --db FILE names another\n"
    )
    assert run(["publish", str(PROCESS), "--db", db]) == 0
    assert run(["deals", "--db", db]) == 0
    capsys.readouterr()
    assert run(["audit", "export", "-o", str(file), "--format", "jsonl", "--db", db]) == 2
