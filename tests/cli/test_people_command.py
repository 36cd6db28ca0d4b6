"""``procdef people``, and who takes a step at a command line where a directory of people is published."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef.log.account import system_account

if TYPE_CHECKING:
    from conftest import Procdef

TODAY = datetime.now(UTC).astimezone().date()
PEOPLE = f"""\
procdef-people: 1
people:
  maija: {{name: Maija Virtanen, roles: seller}}
  jaana:
    roles: manager
    deputies: {{pekka: {{from: {TODAY - timedelta(2)}, until: {TODAY + timedelta(2)}}}}}
  pekka: {{roles: seller}}
"""
ME = system_account()


@pytest.fixture
def team(office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Procdef:
    """The office with a directory of people in force, and nobody named as who takes steps."""
    monkeypatch.delenv("PROCDEF_ACTOR")
    return published(office, tmp_path, PEOPLE)


def published(procdef: Procdef, folder: Path, text: str) -> Procdef:
    (folder / "people.yaml").write_text(text, encoding="utf-8")
    code, told, complaint = procdef("people", "publish", "people.yaml")
    assert (code, complaint) == (0, ""), complaint
    assert "is published: from now on roles come from it" in told
    return procdef


def events(procdef: Procdef, deal: str = "A-1") -> list[dict[str, object]]:
    return [json.loads(line) for line in procdef("log", deal, "--format", "json")[1].splitlines()]


def test_a_name_alone_is_enough_and_the_log_says_where_the_roles_come_from(team: Procdef) -> None:
    assert team("note", "A-1", "Called", "--as", "maija")[0] == 0
    told = events(team)[-1]
    assert told["for"]["id"] == "maija"
    assert (told["for"]["auth"], told["for"]["roles"], told["for"]["from"][:7]) == ("claimed", ["seller"], "people:")
    assert team("audit", "verify")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as", "maija:manager"), "maija is seller today; write --as maija"),
        (("--as", "mija:seller"), "nobody there has the id mija"),
        (("--as", "mija"), f'nobody in the directory of people has the id "mija" (did you mean "maija"?); {ME} published it'),
        ((), f'nobody in the directory of people has the login "{ME}"; {ME} published it'),
    ],
)
def test_who_does_not_fit_the_directory_is_told_what_does(team: Procdef, arguments: tuple[str, ...], said: str) -> None:
    code, _, complaint = team("note", "A-1", "Called", *arguments)
    assert (said in complaint, code, len(events(team))) == (True, 2, 1), complaint


@pytest.mark.parametrize(
    "command",
    [
        ("publish", "next.yaml"),
        ("people", "publish", "more.yaml"),
        ("migrate", "office", "--to", "2", "--apply"),
        ("casefile", "A-1", "-o", "page.html"),
        ("erase", "A-1", "--field", "deal", "--basis", "asked", "--yes"),
    ],
    ids=lambda command: command[0],
)
def test_one_person_has_one_id_also_in_what_is_no_step(
    office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.delenv("PROCDEF_ACTOR")
    text = PEOPLE.replace("pekka: {roles", f"pekka: {{login: {ME}, roles")
    team = published(office, tmp_path, text)
    (tmp_path / "more.yaml").write_text(text + "  aino: {roles: seller}\n", "utf-8")
    later = (tmp_path / "office.yaml").read_text("utf-8").replace("version: 1", "version: 2")
    (tmp_path / "next.yaml").write_text(later, "utf-8")
    if command[0] == "migrate":
        team("publish", "next.yaml")
    code, out, complaint = team(*command)
    assert code == 0, (out, complaint)
    with sqlite3.connect(tmp_path / "procdef.db") as database:
        last = "SELECT body FROM event JOIN leaf USING (stream, n) ORDER BY idx DESC LIMIT 1"
        (body,) = database.execute(last).fetchone()
    database.close()
    assert json.loads(body)["by"]["id"] == "pekka"
    assert team("audit", "verify")[0] == 0


def test_a_login_makes_it_sure_who_it_is(office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCDEF_ACTOR")
    team = published(office, tmp_path, PEOPLE.replace("pekka: {roles", f"pekka: {{login: {ME}, roles"))
    assert team("note", "A-1", "Called")[0] == 0
    assert team("note", "A-1", "Called", "--as", "jaana")[0] == 0
    assert team("note", "A-1", "Called", "--as", "maija")[0] == 0
    own, absent, claimed = events(team)[1:]
    assert [each["by"]["id"] for each in (own, absent, claimed)] == ["pekka"] * 3
    assert [each["by"]["auth"] for each in (own, absent, claimed)] == ["os"] * 3
    assert [own["by"]["from"][-6:], absent["by"]["from"][-6:]] == [":jaana", ":jaana"]
    assert ("for" in own, "for" in absent, claimed["for"]["auth"]) == (False, False, "claimed")
    assert team("audit", "verify")[0] == 0


def test_what_the_environment_says_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "jaana")
    assert system_account() == ME


def test_who_can_take_a_step(team: Procdef) -> None:
    assert team("people", "who-can", "A-1", "note")[1].splitlines() == [
        "jaana (manager)",
        "maija (seller)",
        "pekka (manager and seller)",
    ]
    shown = [json.loads(line) for line in team("people", "who-can", "A-1", "lose", "--format", "json")[1].splitlines()]
    assert {each["person"] for each in shown} <= {"jaana", "maija", "pekka"}
    assert all({"person", "roles", "deputy_of", "why_not", "can"} == each.keys() for each in shown)


def test_who_could_on_another_day(team: Procdef) -> None:
    after = TODAY + timedelta(3)
    told = ["jaana (manager)", "maija (seller)", "pekka (seller)"]
    assert team("people", "who-can", "A-1", "note", "--on", str(after))[1].splitlines() == told
    assert team("people", "who-can", "A-1", "note", "--on", f"{after} 09:00")[1].splitlines() == told
    for on, said in (
        ("2026-02-01", "2026-02-01 is past"),
        ("1.7.2099", "with the year first; write 2099-07-01"),
        ("tomorrow", 'as 2026-07-01, or a time, as "2026-07-01 12:00"'),
    ):
        code, _, complaint = team("people", "who-can", "A-1", "note", "--on", on)
        assert (code, said in complaint) == (2, True), complaint


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (("xyz",), 'there is no step "xyz"; steps are '),
        (("advnace",), 'there is no step "advnace" (did you mean "advance"?)'),
        (("do",), "name what is to be done: do ACTION"),
        (("note", "one", "two"), "leave out two"),
    ],
)
def test_a_step_that_is_none_is_a_usage_error(team: Procdef, step: tuple[str, ...], said: str) -> None:
    code, _, complaint = team("people", "who-can", "A-1", *step)
    assert (code, said in complaint) == (2, True), complaint


def test_without_a_directory_who_can_says_so(office: Procdef) -> None:
    code, _, complaint = office("people", "who-can", "A-1", "note")
    assert (code, "`procdef people publish FILE`" in complaint) == (2, True), complaint


def test_a_faulty_file_is_not_published(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(PEOPLE.replace("roles: manager", "role: manager"), encoding="utf-8")
    code, told, complaint = office("people", "publish", "people.yaml")
    assert (code, told) == (1, "")
    assert 'unknown key "role" in "people.jaana" (did you mean "roles"?) [unknown-key]' in complaint
    assert office("note", "A-1", "As before", "--as", "maija:seller")[0] == 0


def test_publishing_again_and_a_dry_run_say_what_they_do(team: Procdef, tmp_path: Path) -> None:
    assert "was published already" in team("people", "publish", "people.yaml")[1]
    (tmp_path / "people.yaml").write_text(PEOPLE.replace("roles: manager", "roles: seller"), encoding="utf-8")
    assert "would be published (nothing was stored)" in team("people", "publish", "people.yaml", "--dry-run")[1]
    told = json.loads(team("people", "publish", "people.yaml", "--format", "json")[1])
    assert (told["people"], told["published"], told["directory"]) == (3, True, f"people:{told['sha256'][:16]}")


def test_roles_are_held_against_the_processes_that_are_named_or_published(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(PEOPLE.replace("roles: manager", "roles: manger"), encoding="utf-8")
    said = 'no process has the role "manger" (did you mean "manager"?) [role-of-no-process]'
    assert said in office("people", "check", "people.yaml")[1]
    assert said in office("people", "check", "people.yaml", "--process", "office.yaml", "--db", "none.db")[1]
    assert office("people", "check", "people.yaml", "--db", "none.db")[1] == "3 people checked, nothing found\n"
    assert [office("people", "check", "people.yaml", *more)[0] for more in ((), ("--strict",))] == [0, 1]


def test_check_of_a_folder_looks_at_people_too(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "people.yaml").write_text(PEOPLE.replace("pekka: {from", "peka: {from"), encoding="utf-8")
    code, told, _ = office("check", "team")
    assert (code, "[unknown-person]" in told) == (1, True)


def test_a_directory_is_no_process_and_a_process_no_directory(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    code, _, complaint = office("publish", "people.yaml")
    assert (code, "is a directory of people; `procdef people publish people.yaml`" in complaint) == (2, True), complaint
    code, _, told = office("people", "check", "office.yaml")
    assert (code, "is a process; `procdef check" in told) == (2, True), told


def test_the_schema_of_directories_is_printed(office: Procdef) -> None:
    assert json.loads(office("schema", "--people")[1])["required"] == ["procdef-people", "people"]
    assert office("schema", "--people", "--log")[0] == 2


def test_status_and_refusals_name_people(team: Procdef) -> None:
    told = team("status", "A-1", "--as", "maija")[1]
    assert "seller (you): procdef" in told
    assert "seller (maija, pekka): procdef" in team("status", "A-1", "--as", "jaana")[1]
    assert team("status", "A-1", "--as", "mija")[0] == 2
    code, _, complaint = team("record", "A-1", "score=1", "--as", "jaana")
    assert (code, "manager (jaana, pekka): procdef record" in complaint, "--as ID:ROLE" in complaint) == (1, True, False)
    code, _, complaint = team("lose", "A-1", "--as", "jaana")
    assert (code, "who could: maija, pekka" in complaint) == (1, True), complaint
    shown = json.loads(team("status", "A-1", "--format", "json")[1])
    assert any(way["people"] == ["maija", "pekka"] for way in shown["ways"])


def test_roles_in_one_text_are_told_as_a_list(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("procdef-people: 1\npeople:\n  maija: {roles: seller manager}\n", encoding="utf-8")
    code, told, _ = office("people", "check", "people.yaml")
    assert (code, 'are several roles, which stand in a list; write [seller, manager]' in told) == (1, True), told


def test_a_refusal_for_a_role_that_no_process_has_says_that_it_is_from_the_directory(
    office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROCDEF_ACTOR")
    (tmp_path / "people.yaml").write_text("procdef-people: 1\npeople: {veera: {roles: boss}}\n", encoding="utf-8")
    assert office("people", "publish", "people.yaml")[0] == 0
    code, _, complaint = office("start", "office", "B-1", "--as", "veera")
    assert code == 1
    assert 'office has no role "boss", which is from the directory of people; use seller' in " ".join(complaint.split())
