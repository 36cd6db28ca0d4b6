"""``procdef audit overrides`` and ``sod``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from auditing import sheet

if TYPE_CHECKING:
    from conftest import Procdef

JAANA = ("--as", "jaana:manager")


@pytest.fixture
def overruled(office: Procdef) -> Procdef:
    """A deal with a used and an unused waiver, a correction, an unfinished move and a reopening."""
    for step in (
        ("do", "A-1", "research", "company=A", "email=a@a.example", "score=45", "size=big"),
        (*JAANA, "waive", "A-1", "offer.fits", "--reason", "Too early"),
        (*JAANA, "waive", "A-1", "offer.fits", "--reason", "They grow"),
        ("advance", "A-1", "offer"),
        (*JAANA, "waive", "A-1", "decided", "--reason", "Anna signs"),
        (*JAANA, "record", "A-1", "score=46", "--correct", "--reason", "A typing error"),
        ("record", "A-1", "price=10"),
        ("advance", "A-1", "parked", "--reason", "Anna is away"),
        ("lose", "A-1", "price", "--note", "Too dear"),
        (*JAANA, "reopen", "A-1", "--reason", "Anna is back"),
    ):
        code, out, err = office(*step)
        assert code == 0, (step, out, err)
    return office


def test_every_override_has_its_person_and_reason(overruled: Procdef) -> None:
    rows, about = sheet(overruled, "overrides")
    assert [(row["kind"], row["who"]["id"], row["about"], row["reason"]) for row in rows] == [
        ("waiver", "jaana", ["offer.fits"], "Too early"),
        ("waiver", "jaana", ["offer.fits"], "They grow"),
        ("waiver", "jaana", ["offer.decided"], "Anna signs"),
        ("correction", "jaana", ["score"], "A typing error"),
        ("unfinished", "maija", rows[4]["about"], "Anna is away"),
        ("reopening", "jaana", [], "Anna is back"),
    ]
    assert "offer.quote" in rows[4]["about"]
    assert about["totals"]["reopening"] == 1


def test_a_waiver_says_whether_a_move_used_it(overruled: Procdef) -> None:
    rows, about = sheet(overruled, "overrides")
    used = [row["used_by"] for row in rows if row["kind"] == "waiver"]
    assert (used[0], about["totals"]["waiver_used"], about["totals"]["waiver_not_used"]) == (None, 2, 1)
    assert used[1:] == [rows[1]["n"] + 1, rows[4]["n"]]


def test_an_erased_reason_reads_so(overruled: Procdef) -> None:
    assert overruled("erase", "A-1", "--all", "--basis", "request")[0] == 0
    rows, _ = sheet(overruled, "overrides")
    assert {row["reason"] for row in rows} == {"(erased)"}


def test_overrides_are_of_the_period(overruled: Procdef) -> None:
    assert sheet(overruled, "overrides", "--to", "2020-12-31")[0] == []


def test_people_read_the_same_overrides(overruled: Procdef) -> None:
    code, out, _ = overruled("audit", "overrides")
    assert code == 0
    assert "waiver of offer.fits, used by event " in out
    assert "  why: They grow" in out


@pytest.fixture
def worked(office: Procdef) -> Procdef:
    """A deal that kaisa works on, once as a seller and once as a manager."""
    for step in (
        ("do", "A-1", "research", "company=A", "email=a@a.example", "score=65", "size=big"),
        ("advance", "A-1", "offer"),
        ("--as", "kaisa:seller", "record", "A-1", "price=10", "discount=15"),
        ("--as", "kaisa:manager", "waive", "A-1", "decided", "--reason", "Anna signs"),
    ):
        code, out, err = office(*step)
        assert code == 0, (step, out, err)
    return office


def test_people_with_several_roles_are_told(worked: Procdef) -> None:
    rows, about = sheet(worked, "sod")
    (row,) = [row for row in rows if row["kind"] == "several-roles"]
    assert (row["person"], len(row["why"])) == ("kaisa", 2)
    assert about["totals"]["people"] == 2


def test_events_are_counted_by_the_weaker_authentication(worked: Procdef) -> None:
    rows, about = sheet(worked, "sod")
    levels = about["totals"]["events_per_level"]
    assert set(levels) == {"claimed", "os", "app", "token", "signed"}
    assert levels["claimed"] > 0
    assert sum(levels.values()) == levels["claimed"]
    assert not [row for row in rows if row["kind"] == "weak-auth"]


def test_a_level_that_is_required_makes_weaker_events_findings(worked: Procdef) -> None:
    assert sheet(worked, "sod", "--require-auth", "claimed")[1]["totals"]["found"]["weak-auth"] == 0
    rows, about = sheet(worked, "sod", "--require-auth", "os", exit_code=1)
    weak = [row for row in rows if row["kind"] == "weak-auth"]
    assert len(weak) == about["totals"]["events_per_level"]["claimed"]
    assert about["filter"] == {"require_auth": "os"}
