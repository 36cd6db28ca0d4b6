"""A process is named by its file or, where there is no such file, by the id of a published or of a shipped one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Procdef = Callable[..., tuple[int, str, str]]

STEP = '{"by": "maija", "roles": ["seller"], "deal": "L-1", "do": "start", "stage": "prospecting"}\n'
SHIPPED = "taking crm-opportunities@1, which ships with procdef\n"
PUBLISHED = "taking office@1, which is published in sqlite:///procdef.db\n"


@pytest.mark.parametrize(
    ("arguments", "shows"),
    [
        (("check", "{}"), "1 file checked, nothing found"),
        (("show", "{}"), "Prospecting"),
        (("publish", "{}"), "crm-opportunities v1 is published"),
        (("run", "{}", "steps.jsonl"), "applied: 1"),
        (("new", "--from", "{}", "mine.yaml"), "wrote mine.yaml"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("name", ["crm-opportunities", "crm-opportunities@1"])
def test_a_shipped_process_is_taken_where_no_file_is_called_so(
    arguments: tuple[str, ...], shows: str, name: str, procdef: Procdef, tmp_path: Path
) -> None:
    (tmp_path / "steps.jsonl").write_text(STEP)
    code, out, err = procdef(*(each.format(name) for each in arguments))
    assert (code, err) == (0, SHIPPED)
    assert shows in out


def test_nothing_is_said_of_it_where_quiet_is_asked_for(procdef: Procdef) -> None:
    assert procdef("show", "b2b-sales", "--quiet")[2] == ""


@pytest.mark.parametrize("name", ["office", "office@1"])
def test_a_published_process_is_taken_where_no_file_is_called_so(name: str, office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "steps.jsonl").write_text(STEP.replace("prospecting", "lead"))
    source = (tmp_path / "office.yaml").read_bytes()
    (tmp_path / "office.yaml").unlink()
    for arguments in (("check", name), ("show", name), ("publish", name), ("run", name, "steps.jsonl"),
                      ("new", "--from", name, "mine.yaml")):  # fmt: skip
        code, _, err = office(*arguments)
        assert (code, err) == (0, PUBLISHED), arguments
    assert (tmp_path / "mine.yaml").read_bytes() == source


def test_what_is_published_comes_before_what_ships(procdef: Procdef, tmp_path: Path) -> None:
    procdef("new", "--from", "crm-opportunities", "mine.yaml")
    mine = (tmp_path / "mine.yaml").read_text("utf-8").replace("\nversion: 1\n", "\nversion: 7\n")
    (tmp_path / "mine.yaml").write_text(mine, "utf-8")
    assert procdef("publish", "mine.yaml")[0] == 0
    for name, version in (("crm-opportunities", 7), ("crm-opportunities@7", 7), ("crm-opportunities@1", 1)):
        code, out, _ = procdef("show", name, "--format", "json")
        assert (code, json.loads(out)["version"]) == (0, version)


def test_a_file_comes_before_both(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "office").write_text((tmp_path / "office.yaml").read_text("utf-8").replace("id: office", "id: mine"), "utf-8")
    code, out, err = office("show", "office", "--format", "json")
    assert (code, json.loads(out)["process"], err) == (0, "mine", "")


def test_findings_name_the_version(office: Procdef) -> None:
    code, out, _ = office("check", "office", "--format", "json", "--strict")
    assert {json.loads(line)["path"] for line in out.splitlines()} <= {"office@1"}
    assert code in (0, 1)


@pytest.mark.parametrize("command", ["check", "show", "publish"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ofice", '(did you mean "office"?)'),
        ("office@2", '(did you mean "office@1"?)'),
        ("b2b-sale", '(did you mean "b2b-sales"?)'),
        ("xyz", "; there are office, b2b-sales, crm-opportunities, saas-inbound"),
    ],
)
def test_an_id_of_nothing_is_told_with_what_was_likely_meant(command: str, name: str, hint: str, office: Procdef) -> None:
    code, _, err = office(command, name)
    assert (code, hint in err) == (2, True), err


@pytest.mark.parametrize(("command", "code"), [("check", 2), ("show", 1), ("publish", 1)])
def test_what_is_named_like_a_file_is_one(command: str, code: int, office: Procdef) -> None:
    for name in ("ofice.yaml", "./ofice"):
        told = office(command, name)
        assert (told[0], "Traceback" in told[2]) == (code, False), told
