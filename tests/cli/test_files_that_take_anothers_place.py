"""A file that is written takes the place of no database, whatever is said, and has a name."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from procdef.cli.command_table import program

Procdef = Callable[..., tuple[int, str, str]]

WRITTEN = {
    "agenda": ("agenda", "--format", "ics", "-o"),
    "audit checkpoint": ("audit", "checkpoint", "--key", "log.key", "-o"),
    "audit consistency": ("audit", "consistency", "early.note", "early.note", "-o"),
    "audit export": ("audit", "export", "--format", "csv", "-o"),
    "audit inclusion": ("audit", "inclusion", "A-1", "1", "-o"),
    "audit proof": ("audit", "proof", "A-1", "-o"),
    "casefile": ("casefile", "A-1", "-o"),
    "diagram": ("diagram", "office.yaml", "-o"),
    "playbook": ("playbook", "office.yaml", "-o"),
    "report": ("report", "office", "--html"),
    "simulate": ("simulate", "office.yaml", "--deals", "1", "--runs", "1", "--html"),
}
"""The commands that replace a file when they are told to, up to its name."""


def replacing(group: click.Group, before: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from replacing(command, f"{before}{name} ")
        elif any(parameter.name == "force" for parameter in command.params):
            yield f"{before}{name}"


@pytest.fixture
def keyed(office: Procdef) -> Procdef:
    """The office, whose log has a key and a note."""
    assert office("audit", "key", "new", "log.key")[0] == 0
    assert office("audit", "checkpoint", "--key", "log.key", "-o", "early.note")[0] == 0
    return office


def test_every_command_that_replaces_a_file_is_tried_here() -> None:
    assert set(replacing(program)) == {*WRITTEN}


@pytest.mark.parametrize("command", WRITTEN)
def test_no_file_takes_the_place_of_a_log(command: str, keyed: Procdef, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "procdef.db", tmp_path / "other.html")
    with closing(sqlite3.connect(tmp_path / "app.html")) as application:
        application.executescript("PRAGMA journal_mode = WAL; CREATE TABLE customer (name); INSERT INTO customer VALUES ('A');")
        names = ["procdef.db", "other.html", "app.html", "app.html-wal"]
        before = {name: (tmp_path / name).read_bytes() for name in names}
        for name in names:
            code, out, err = keyed(*WRITTEN[command], name, "--force")
            assert (code, "database" in err or "case file" in err) == (2, True), (name, out, err)
        assert {name: (tmp_path / name).read_bytes() for name in names} == before


@pytest.mark.parametrize("command", WRITTEN)
def test_no_file_lies_where_sqlite_will_keep_what_it_is_writing(command: str, keyed: Procdef, tmp_path: Path) -> None:
    """SQLite empties or deletes such a file when the database is opened next, as left over."""
    for name in ("procdef.db-journal", "procdef.db-wal"):
        (tmp_path / name).unlink(missing_ok=True)
        code, out, err = keyed(*WRITTEN[command], name)
        assert (code, "database" in err or "case file" in err) == (2, True), (name, out, err)
        assert not (tmp_path / name).exists()


def test_an_export_that_is_a_database_takes_the_place_of_an_earlier_one_and_of_no_log(office: Procdef, tmp_path: Path) -> None:
    export = ("audit", "export", "--format", "ocel-sqlite", "--force", "-o")
    assert [office(*export, "deals.sqlite")[0] for _ in range(2)] == [0, 0]
    (tmp_path / "new.sqlite-wal").write_bytes(b"of an earlier one")
    code, _, err = office(*export, "new.sqlite")
    assert (code, "new.sqlite-wal is left over of another database" in err) == (2, True)
    shutil.copy(tmp_path / "procdef.db", tmp_path / "other.sqlite")
    code, _, err = office(*export, "other.sqlite")
    assert (code, "other.sqlite is a database" in err) == (2, True)


@pytest.mark.parametrize("name", ["", ".", ".."])
@pytest.mark.parametrize("command", WRITTEN)
def test_a_file_has_a_name(command: str, name: str, keyed: Procdef) -> None:
    code, _, err = keyed(*WRITTEN[command], name)
    assert (code, "is no file" in err or "case file" in err) == (2, True), err


@pytest.mark.parametrize("name", ["", ".", "..", "/"])
def test_a_new_process_has_a_name(name: str, procdef: Procdef) -> None:
    code, _, err = procdef("new", name)
    assert (code, "is no file; name one for the process" in err) == (2, True)
