"""``procdef audit replay``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditing import sheet

if TYPE_CHECKING:
    from conftest import Procdef


def test_facts_are_worked_out_again(office: Procdef) -> None:
    office("do", "A-1", "research", "company=A", "email=a@a.example", "score=45", "size=big")
    assert office("advance", "A-1", "offer")[0] == 1
    office("--as", "jaana:manager", "waive", "A-1", "offer.fits", "--reason", "They grow")
    assert office("advance", "A-1", "offer")[0] == 0
    for given in ((), ("A-1",)):
        rows, about = sheet(office, "replay", *given)
        assert {(row["rule"], row["verdict"], row["why"]) for row in rows} == {
            ("offer.reachable", "not judged", "reads email")
        }
        assert about["totals"]["differs"] == 0
        assert about["totals"]["agrees"] >= 3
        assert about["totals"]["worth"] == "advice, not proof"


def test_people_read_that_it_is_advice(office: Procdef) -> None:
    code, out, _ = office("audit", "replay")
    assert code == 0
    assert "worth: advice, not proof\n" in out


def test_a_deal_that_is_not_there_is_said(office: Procdef) -> None:
    code, _, err = office("audit", "replay", "Z")
    assert (code, "there is no deal 'Z'" in err) == (2, True)
