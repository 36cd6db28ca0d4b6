"""People from a directory: who has which role, and stands in for whom, on the day that the scenario's clock shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from orchard import PROCESS, scenario

from procdef.scenarios.play import Player
from procdef.scenarios.reading import read_scenarios

TEAM = """\
procdef-people: 1
people:
  aino: {roles: seller}
  onni:
    roles: manager
    deputies: {elli: [{from: 2026-03-05, until: 2026-03-06}]}
  elli: {roles: seller}
  late: {roles: {manager: {from: 2026-04-01}}}
"""
HEAD = "procdef-test: 1\nprocess: orchard.yaml\npeople: team/team.people.yaml\nat: 2026-03-02T09:00\nscenarios:\n"
STARTED = "by: aino, do: start"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a process, and a directory in a folder below it."""
    (tmp_path / "orchard.yaml").write_text(PROCESS, "utf-8")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "team.people.yaml").write_text(TEAM, "utf-8")
    return tmp_path


def waived(by: str, at: str, *, refused: bool) -> str:
    told = ", refused: [enough: not-yours]" if refused else ""
    return f"at: {at}, by: {by}, do: waive, criterion: enough, reason: A favour{told}"


@pytest.mark.parametrize(
    ("by", "at", "refused"),
    [
        ("onni", "2026-03-02T09:00", False),
        ("aino", "2026-03-05T09:00", True),
        ("elli", "2026-03-04T23:59", True),
        ("elli", "2026-03-05T00:00", False),  # on the clocks of the process, where the day before is still on elsewhere
        ("elli", "2026-03-06T23:59", False),
        ("elli", "2026-03-07T00:00", True),
        ("late", "2026-03-31T23:59", True),
        ("late", "2026-04-01T00:00", False),
    ],
)
def test_roles_are_those_of_the_day(folder: Path, by: str, at: str, refused: bool) -> None:
    text = HEAD + scenario(STARTED, waived(by, at, refused=refused))
    file = read_scenarios(text.encode(), str(folder / "orchard.test.yaml"))
    assert (file.findings, file.definition is not None) == ((), True)
    assert file.definition is not None
    assert Player(file.definition).play(file.scenarios[0]).differences == ()


def test_the_people_of_a_file_have_the_roles_of_the_day_on_which_it_begins(folder: Path) -> None:
    text = HEAD.replace("2026-03-02T09:00", "2026-04-01T00:30") + scenario(STARTED)
    people = read_scenarios(text.encode(), str(folder / "orchard.test.yaml")).people
    assert people["late"] == ("manager",), "on the clocks of the process, where the day before is still on elsewhere"


@pytest.mark.parametrize(
    ("people", "team", "line", "message"),
    [
        ("tem/team.people.yaml", TEAM, 3, 'the people in "tem/team.people.yaml" cannot take steps: the file cannot be read'),
        ("team/tem.people.yaml", TEAM, 3, '(did you mean "team/team.people.yaml"?)'),
        ("team/team.people.yaml", TEAM.replace("roles: manager", "rolls: manager"), 3, "it has 1 error, the first in line 5"),
        ("team/team.people.yaml", "procdef-people: 1\npeople: {}\n", 3, "cannot take steps"),
        ("team/team.people.yaml", "procdef-people: 1\n\tx", 3, "cannot take steps"),
        ("team", TEAM, 3, "the file cannot be read: Is a directory"),
        ("team/team.people.yaml", TEAM.replace("aino:", "aimo:"), 8, 'has (did you mean "aimo"?)'),
        ("team/team.people.yaml", TEAM.replace("aino:", "xanthippe:"), 8, "people has xanthippe, onni, elli, late"),
        ('""', TEAM, 3, "empty"),
        ("7", TEAM, 3, "people"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(folder: Path, people: str, team: str, line: int, message: str) -> None:
    (folder / "team" / "team.people.yaml").write_text(team, "utf-8")
    text = HEAD.replace("team/team.people.yaml", people) + scenario(STARTED)
    file = read_scenarios(text.encode(), str(folder / "orchard.test.yaml"))
    errors = [one for one in file.findings if one.severity == "error"]
    assert [one.span.line for one in errors] == [line], file.findings
    assert message in str(errors[0]), errors[0]
    assert file.scenarios == ()
