"""Names of time zones, times that a clock jumps over, and machines without data of zones."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procdef.errors import CalendarDataMissing
from procdef.time_zones import is_iana_name, jumped_over, told_jump, zone

PROCESS = """procdef: 1
id: small
version: 1
title: Small
languages: [en]
calendar: {{timezone: {zone}, holidays: US, region: NY}}
roles: {{seller: {{title: Seller}}}}
fields: {{meeting: {{type: datetime}}}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {{within: 2 business days}}
    required_actions: {{agree: {{title: Agree, records: [meeting], milestone: offer}}}}
    exit_criteria: {{late: {{check: {check}}}}}
    next: won
  won: {{title: Won, owner: seller, outcome: won, required_actions: {{send: {{title: Send}}}}}}
"""
ANY_TIME, LOCAL_TIME = "meeting is set", 'meeting >= "2026-06-01T12:00"'
WITHOUT = """
import sys
lacking = sys.argv.pop(1)
if lacking == "zones":
    sys.modules["tzdata"] = None
elif lacking == "regions":
    import holidays
    def known(country, subdiv=None, years=None):
        raise NotImplementedError(f"Entity `{country}` does not have subdivision named `{subdiv}`.")
    holidays.country_holidays = known
from procdef.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        *((True, name) for name in ("UTC", "Europe/Helsinki", "US/Eastern", "Etc/GMT+5", "America/Argentina/Ushuaia", "EST")),
        *((False, name) for name in (
            "localtime", "posixrules", "Factory", "right/Europe/Helsinki", "posix/Europe/Helsinki", "europe/helsinki", "utc",
            "Europe/helsinki", "EUROPE/HELSINKI", "", "..", "/etc/localtime", "../localtime", "Europe", "zone.tab", "tzdata.zi",
            "leapseconds", "Europe/Helsinki ", "Mars/Base",
        )),
    ],
)  # fmt: skip
def test_a_zone_is_named_exactly_as_iana_writes_it_and_means_the_same_everywhere(expected: bool, name: str) -> None:
    assert is_iana_name(name) is expected


@pytest.mark.parametrize(
    ("expected", "name", "shown"),
    [
        (("2026-03-29T03:00", "2026-03-29T04:00"), "Europe/Helsinki", "2026-03-29T03:00"),
        (("2026-03-29T03:00", "2026-03-29T04:00"), "Europe/Helsinki", "2026-03-29T03:59:59.999999"),
        (None, "Europe/Helsinki", "2026-03-29T02:59:59.999999"),
        (None, "Europe/Helsinki", "2026-03-29T04:00"),
        (None, "Europe/Helsinki", "2026-10-25T03:30"),  # which the clock shows twice
        (("2026-10-04T02:00", "2026-10-04T02:30"), "Australia/Lord_Howe", "2026-10-04T02:15"),
        (("2011-12-30T00:00", "2011-12-31T00:00"), "Pacific/Apia", "2011-12-30T12:00"),
        (None, "UTC", "2026-03-29T03:30"),
    ],
)
def test_a_time_that_a_clock_jumps_over_is_known_with_what_it_shows_before_and_after(
    expected: tuple[str, str] | None, name: str, shown: str
) -> None:
    found = jumped_over(datetime.fromisoformat(shown), zone(name))
    assert (found and tuple(time.isoformat(timespec="minutes") for time in found)) == expected


def test_both_neighbours_are_told() -> None:
    told = told_jump(datetime(2026, 3, 29, 3, 30), zone("Europe/Helsinki"))
    assert told == (
        "there is no such time in Europe/Helsinki, where the clock jumps over it: "
        "write 2026-03-29T02:59 or 2026-03-29T04:00"
    )


def test_a_zone_that_the_machine_lacks_is_read_and_says_what_to_install_when_a_time_is_asked_for() -> None:
    missing = zone("Mars/Base")
    assert str(pickle.loads(pickle.dumps(missing))) == "Mars/Base"
    for ask in (lambda: datetime.now(missing), lambda: datetime(2026, 1, 1, tzinfo=missing).astimezone(UTC)):
        with pytest.raises(CalendarDataMissing, match=r"Mars/Base.*`tzdata`"):
            ask()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("new_york")
    (tmp_path / "any.yaml").write_text(PROCESS.format(zone="US/Eastern", check=ANY_TIME), "utf-8")
    (tmp_path / "local.yaml").write_text(PROCESS.format(zone="US/Eastern", check=LOCAL_TIME), "utf-8")
    for name in ("any", "local"):
        for step in (("publish", f"{name}.yaml"), ("start", "small", "D-1")):
            code, told = procdef(tmp_path, "nothing", *step, "--db", f"sqlite:///{name}.db")
            assert code == 0, told
    return tmp_path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A folder with a log of a deal in New York."""
    return Path(shutil.copytree(made, tmp_path, dirs_exist_ok=True))


def procdef(folder: Path, lacking: str, *arguments: str) -> tuple[int, str]:
    """Exit code and all that is printed, on a machine that lacks data."""
    environment = {**os.environ, "PROCDEF_ACTOR": "maija:seller"}
    if lacking == "zones" or lacking == "those of the system":
        environment["PYTHONTZPATH"] = "/nonexistent"
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, lacking, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_machine_without_zones_of_its_own_has_those_of_the_package(folder: Path) -> None:
    assert procdef(folder, "those of the system", "check", "any.yaml")[0] == 0
    assert procdef(folder, "those of the system", "status", "D-1", "--db", "sqlite:///any.db")[0] == 0


def test_a_process_without_a_calendar_needs_no_data_of_zones(folder: Path) -> None:
    text = (folder / "any.yaml").read_text("utf-8").replace("calendar: {timezone: US/Eastern, holidays: US, region: NY}\n", "")
    (folder / "plain.yaml").write_text(text.replace("    sla: {within: 2 business days}\n", ""), "utf-8")
    for step in (("check", "plain.yaml"), ("publish", "plain.yaml"), ("start", "small", "D-1"), ("status", "D-1")):
        code, told = procdef(folder, "zones", *step, "--db", "sqlite:///plain.db")
        assert code == 0, told


@pytest.mark.parametrize(
    ("expected", "lacking"), [("the time zone US/Eastern", "zones"), ("the holidays of NY, US", "regions")]
)
def test_a_published_process_is_not_said_to_be_changed_where_the_machine_lacks_data(
    folder: Path, expected: str, lacking: str
) -> None:
    code, told = procdef(folder, lacking, "audit", "verify", "--db", "sqlite:///any.db")
    assert (code, "0 findings" in told) == (0, True)
    code, told = procdef(folder, lacking, "start", "small", "D-2", "--db", "sqlite:///any.db")
    assert (code, expected in told, "install or update" in told or "update the Python package" in told) == (3, True, True)
    assert procdef(folder, "nothing", "audit", "verify", "--db", "sqlite:///any.db")[1].startswith("3 events")


def test_deals_are_listed_with_due_times_in_utc_where_the_machine_lacks_the_zone(folder: Path) -> None:
    on_its_clocks = procdef(folder, "nothing", "deals", "--db", "sqlite:///any.db")[1].splitlines()[1]
    code, told = procdef(folder, "zones", "deals", "--db", "sqlite:///any.db")
    assert (code, told.splitlines()[1].startswith("D-1"), told.splitlines()[1].endswith(" UTC")) == (0, True, True)
    assert not on_its_clocks.endswith(" UTC")


def test_a_definition_that_needs_the_zone_to_be_read_is_a_finding_of_its_own(folder: Path) -> None:
    code, told = procdef(folder, "zones", "audit", "verify", "--db", "sqlite:///local.db")
    assert (code, "definition-changed" in told, "definition-missing" in told) == (1, False, False)
    assert "[calendar-data-missing]" in told
    assert "nobody changed anything: install or update the Python package tzdata" in told
    assert procdef(folder, "nothing", "audit", "verify", "--db", "sqlite:///local.db")[0] == 0


def test_a_machine_without_any_zones_says_so_of_a_file(folder: Path) -> None:
    code, told = procdef(folder, "zones", "check", "any.yaml")
    assert (code, "this machine has no data of the time zone" in told) == (1, True)
