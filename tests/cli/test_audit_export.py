"""``procdef audit export`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef


def about(tmp_path: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((tmp_path / f"{name}.about.json").read_text("utf-8"))
    return found


def test_an_export_says_what_it_wrote_and_that_it_is_recorded(office: Procdef, tmp_path: Path) -> None:
    code, out, err = office("audit", "export", "--format", "csv", "-o", "deals.csv")
    told = about(tmp_path, "deals.csv")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "1 event of 1 deal in deals.csv",
        'export csv: 1 row, filter {"with_personal": false}',
        f"made {told['made']} from log {told['log']}",
        f"checkpoint 3 {told['checkpoint']['root']}",
        f"SHA-256 {told['sha256']} over the file",
        "recorded as event 2 of system; deals.csv.about.json tells the rest",
    ]
    assert told["filter"] == {"with_personal": False}
    assert office("audit", "verify")[0] == 0


def test_deals_are_named_as_people_name_them_and_logged_by_stream(office: Procdef, tmp_path: Path) -> None:
    office("start", "office", "B-1")
    arguments = ("--format", "jsonl", "-o", "b.jsonl", "--deal", "B-1", "--with-personal")
    assert office("audit", "export", *arguments)[0] == 0
    (line,) = (tmp_path / "b.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["data"]["key"] == "B-1"
    assert about(tmp_path, "b.jsonl")["filter"] == {"with_personal": True, "deals": [json.loads(line)["stream"]]}


@pytest.mark.parametrize(
    ("since", "until", "given"),
    [
        ("2026-01-31T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z", ("--from", "2026-01-31", "--to", "2026-02-28")),
        ("2026-01-31T10:00:00.000000Z", "2026-01-31T11:00:00.000000Z",
         ("--from", "2026-01-31T12:00+02:00", "--to", "2026-01-31T11:00Z")),
    ],
)  # fmt: skip
def test_a_day_is_meant_whole_and_a_time_to_the_second(
    since: str, until: str, given: tuple[str, ...], office: Procdef, tmp_path: Path
) -> None:
    assert office("audit", "export", "--format", "xes", "-o", "x.xes", *given)[0] == 0
    assert about(tmp_path, "x.xes")["filter"] == {"with_personal": False, "from": since, "to": until}
    assert about(tmp_path, "x.xes")["rows"] == 0


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("say in which format: --format xes|", ("-o", "x")),
        ("is the database; name another file", ("-o", "procdef.db", "--format", "csv")),
        ("does not exist; create it first", ("-o", "no/x", "--format", "csv")),
        ("there is no deal 'Z'", ("-o", "x", "--format", "csv", "--deal", "Z")),
        ("is no time with an offset", ("-o", "x", "--format", "csv", "--from", "yesterday")),
        ("Missing option '-o'", ("--format", "csv")),
    ],
)
def test_what_cannot_be_meant_is_said(said: str, given: tuple[str, ...], office: Procdef, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    code, _, err = office("audit", "export", *given)
    assert (code, said in err) == (2, True), err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_an_export_of_a_database_that_may_not_be_written_says_so(
    office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procdef.store.sqlite.database_file.claim", lambda _: False)
    code, out, err = office("audit", "export", "--format", "csv", "-o", "deals.csv")
    assert (code, err) == (0, "")
    assert out.endswith("not recorded: the database is read-only, so the log does not tell of this export\n")
    assert about(tmp_path, "deals.csv")["recorded"] == "not recorded"


def test_a_file_that_may_not_be_written_is_named(office: Procdef) -> None:
    code, _, err = office("audit", "export", "--format", "csv", "-o", "/proc/x.csv")
    assert (code, err.startswith("procdef: /proc/x.csv: ")) == (3, True), err
