"""``tick`` and ``agenda`` as people and scripts use them."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from icalendar import Calendar

from procdef.log.event import timestamp

Procdef = Callable[..., tuple[int, str, str]]
PROCESS = """
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {company: {type: text, personal: false}, promised: {type: datetime}}
deal: {title: company}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {until: promised, escalate_to: manager}
    required_actions:
      offer: {title: Send the offer, milestone: offer}
      agree: {title: Agree to it, by: manager, sla: {until: promised, remind: 1 day}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""


@pytest.fixture
def office(procdef: Procdef, tmp_path: Path) -> Procdef:
    """A database with a deal that is overdue, and one that is not."""
    (tmp_path / "timed.yaml").write_text(PROCESS, "utf-8")
    for step in (
        ("publish", "timed.yaml"),
        ("start", "timed", "ACME", "company=Acme Oy", "promised=2026-01-02T10:00Z", "--as", "maija:seller"),
        ("start", "timed", "BETA", "promised=2126-01-02T10:00Z", "--as", "pekka:seller"),
    ):
        code, _, complaint = procdef(*step)
        assert (code, complaint) == (0, ""), step
    return procdef


def test_what_fell_due_is_told_once_with_whom_to_tell(office: Procdef) -> None:
    code, told, complaint = office("tick")
    assert (code, complaint) == (0, "")
    assert told.splitlines() == [
        "ACME (Acme Oy): lead is overdue, it was due 2026-01-02 12:00 (tell maija)",
        "ACME (Acme Oy): lead.agree is overdue, it was due 2026-01-02 12:00 (tell maija; manager)",
        "ACME (Acme Oy): lead goes before manager, it was due 2026-01-02 12:00 (tell maija; manager)",
    ]
    assert office("tick") == (0, "nothing fell due\n", "")
    assert office("tick", "--quiet") == (0, "", "")
    log = " ".join(office("log", "ACME")[1].split())
    assert "lead is overdue: it was due 2026-01-02 12:00 Europe/Helsinki" in log
    assert "lead was brought before manager: it was due 2026-01-02 12:00 Europe/Helsinki" in log


def test_scripts_get_lines_of_json(office: Procdef) -> None:
    code, told, _ = office("tick", "--format", "json")
    first, *others = map(json.loads, told.splitlines())
    assert (code, len(others)) == (0, 2)
    assert first == {
        "deal": "ACME", "kind": "overdue", "of": "lead", "due": "2026-01-02T10:00:00.000000Z", "before": None,
        "title": "Acme Oy", "process": "timed", "stage": "lead", "owner": "maija", "roles": [], "problem": None,
        "lapses": False,
    }  # fmt: skip
    assert office("tick", "--format", "json") == (0, "", "")


def test_a_deal_that_cannot_be_looked_at_is_told_and_the_others_go_on(office: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        log.execute("UPDATE deal SET state = x'00', wake = '2026-01-01T00:00:00.000000Z' WHERE key = 'BETA'")
        log.commit()
    code, told, complaint = office("tick")
    assert code == 1
    assert len(told.splitlines()) == 3
    assert complaint.startswith("BETA: not told: ")


@pytest.mark.parametrize("wake", ["zzz", "5 March 2026", "", "2026-01-02"])
def test_a_deal_whose_time_to_be_looked_at_is_damaged_is_told_and_set_right(office: Procdef, tmp_path: Path, wake: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as database, database:
        database.execute("UPDATE deal SET wake = ?", (wake,))
    assert office("audit", "verify")[0] == 1
    code, told, complaint = office("tick")
    assert (code, [line.partition(" (")[0] for line in told.splitlines()]) == (1, ["ACME"] * 3)
    said = f"the database said to look at it at {wake!r}, which is no time"
    assert complaint.count(said) == 2
    assert "procdef: " not in complaint
    assert office("tick") == (0, "nothing fell due\n", "")
    assert office("audit", "verify")[0] == 0


def test_a_deal_that_is_never_to_be_looked_at_is_found_by_verifying(office: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as database, database:
        database.execute("UPDATE deal SET wake = NULL WHERE key = 'ACME'")
        database.execute("UPDATE deal SET wake = '2999-01-01T00:00:00.000000Z' WHERE key = 'BETA'")
    assert office("tick")[0] == 0
    code, told, _ = office("audit", "verify")
    assert (code, told.count("[deal-differs]")) == (1, 2)


def test_it_goes_on_until_it_is_stopped(office: Procdef, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "procdef", "tick", "--watch", "1", "--format", "json"]
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (or a background shell has it ignored)
        ) as child:  # fmt: skip
            assert child.stdout is not None
            if number == signal.SIGTERM:
                assert json.loads(child.stdout.readline())["deal"] == "ACME"
            else:
                with pytest.raises(subprocess.TimeoutExpired):
                    child.wait(4)
            child.send_signal(number)
            child.communicate(timeout=60)
        assert child.returncode == code


@pytest.mark.parametrize("asked", [("--watch", "0"), ("--watch", "soon"), ("--watch",)])
def test_a_watch_without_a_time_is_refused(office: Procdef, asked: tuple[str, ...]) -> None:
    assert office("tick", *asked)[0] == 2


def test_the_agenda_has_what_is_overdue_first(office: Procdef) -> None:
    code, told, _ = office("agenda", "--within", "90000d")
    assert code == 0
    assert told.splitlines() == [
        "Overdue",
        "  2026-01-02 12:00  ACME (Acme Oy): Lead (lead), maija",
        "  2026-01-02 12:00  ACME (Acme Oy): Agree to it (lead.agree), maija; manager",
        "Due within 90000 days",
        "  2126-01-02 12:00  BETA: Lead (lead), pekka",
        "  2126-01-02 12:00  BETA: Agree to it (lead.agree), pekka; manager",
    ]
    assert "BETA" not in office("agenda", "--within", "2w")[1]
    assert office("agenda", "--for", "nina")[1] == "nothing waits for nina\n"
    assert [line.split(":")[0] for line in office("agenda", "--role", "manager")[1].splitlines()[1:]] == [
        "  2026-01-02 12",
    ]  # fmt: skip


def test_the_day_of_a_person(office: Procdef) -> None:
    office("start", "timed", "CARE", "company=Care Oy", "--as", "maija:seller")
    told = office("agenda", "--for", "maija", "--idle", "0")[1]
    assert told.splitlines()[0] == "Overdue"
    assert "Not touched for 0 days" in told
    rows = [json.loads(line) for line in office("agenda", "--for", "maija", "--idle", "0", "--format", "json")[1].splitlines()]
    assert [(row["kind"], row["deal"]) for row in rows] == [("overdue", "ACME"), ("overdue", "ACME"), ("idle", "CARE")]


def test_a_calendar_names_each_thing_the_same_however_often_it_is_made(office: Procdef, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        assert office("agenda", "--within", "90000d", "--format", "ics", "-o", "due.ics", "--force")[0] == 0
        made.append(Calendar.from_ical((tmp_path / "due.ics").read_bytes()))
    first, again = ({str(event["uid"]): event for event in calendar.walk("VEVENT")} for calendar in made)
    assert len(first) == 4
    assert first.keys() == again.keys()
    assert {str(event["summary"]) for event in first.values()} >= {"OVERDUE ACME (Acme Oy): Lead", "BETA: Agree to it"}
    for event in first.values():
        assert event["dtstart"].dt.utcoffset().total_seconds() == 0
        assert timestamp(event["dtstart"].dt)[4:] == "-01-02T10:00:00.000000Z"
    assert not list(made[0].walk("VTODO"))


def test_a_calendar_replaces_no_file_unasked(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "due.ics").write_text("mine", "utf-8")
    code, _, complaint = office("agenda", "--format", "ics", "-o", "due.ics")
    assert code == 2
    assert "is there already" in complaint
    assert (tmp_path / "due.ics").read_text("utf-8") == "mine"


def test_without_the_package_one_line_says_what_to_install(office: Procdef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    code, told, complaint = office("agenda", "--format", "ics")
    assert (code, told) == (3, "")
    assert complaint == 'procdef: a calendar needs the package icalendar; run pip install "procdef[calendar]"\n'


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "both": (("--for", "maija", "--role", "seller"), "say --for or --role"),
    "a length": (("--within", "soon"), "write 14d, 36h or 2w"),
    "a role": (("--role", "boss"), 'there is no role "boss" here; there are manager, seller'),
    "nobody": (("--for", " :seller"), "--for ' :seller' names nobody"),
    "a file": (("-o", "x.txt"), "-o FILE is for a calendar"),
    "a format": (("--format", "csv"), "csv"),
}


@pytest.mark.parametrize("asked", WRONG)
def test_what_makes_no_sense_is_told_in_one_line(office: Procdef, asked: str) -> None:
    given, message = WRONG[asked]
    code, told, complaint = office("agenda", *given)
    assert (code, told) == (2, "")
    assert message in complaint


def test_the_events_are_exported_and_told_in_the_case_file(office: Procdef, tmp_path: Path) -> None:
    office("tick")
    for form in ("xes", "csv", "jsonl", "ocel-json", "ocel-sqlite"):
        code, _, complaint = office("audit", "export", "--format", form, "-o", f"out.{form}")
        assert (code, complaint) == (0, ""), form
        assert b"overdue" in (tmp_path / f"out.{form}").read_bytes()
    assert office("casefile", "ACME", "-o", "acme.html", "--lang", "en")[0] == 0
    page = (tmp_path / "acme.html").read_text("utf-8")
    assert "Overdue" in page
    assert "Escalated" in page
    assert office("audit", "verify")[0] == 0


def test_an_agenda_for_a_role_that_no_process_has_is_refused(office: Procdef) -> None:
    for asked in (("--for", "maija:saler"), ("--for", "maija:seller,saler"), ("--role", "saler")):
        code, told, complaint = office("agenda", *asked)
        assert (code, told) == (2, ""), asked
        assert 'there is no role "saler" here; there are manager, seller' in complaint
    assert office("agenda", "--for", "maija:seller")[0] == 0


def test_what_lapses_is_listed_and_in_the_calendar(office: Procdef, tmp_path: Path) -> None:
    text = PROCESS.replace("id: timed", "id: lapsing").replace("sla: {until: promised, remind: 1 day}}", "valid_for: 9 days}")
    (tmp_path / "lapsing.yaml").write_text(text, "utf-8")
    for step in (
        ("publish", "lapsing.yaml"),
        ("start", "lapsing", "CARE", "--as", "maija:seller"),
        ("do", "CARE", "agree", "--as", "jaana:manager"),
    ):
        assert office(*step)[0] == 0
    told = office("agenda", "--role", "manager")[1]
    assert "Lapses within 14 days, and is to be done again\n" in told
    assert told.rstrip().endswith("CARE: Agree to it (lead.agree), maija; manager, given by jaana")
    assert "Lapses" not in office("agenda", "--role", "manager", "--within", "8d")[1]
    made = Calendar.from_ical(office("agenda", "--role", "manager", "--format", "ics")[1])
    (event,) = [each for each in made.walk("VEVENT") if "CARE" in str(each["summary"])]
    assert str(event["summary"]) == "CARE: Agree to it lapses"
