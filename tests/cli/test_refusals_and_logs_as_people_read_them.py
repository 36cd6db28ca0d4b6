"""Refusals and log lines in words."""

import pytest

from procdef.errors import StepRefused, Unmet
from procdef.render.log import summary
from procdef.render.refusal import refusal_json, refusal_text


def test_a_refusal_shows_the_fault_its_values_the_remedy_and_who_can_help():
    item = Unmet(
        "criterion-unmet",
        ("booking.fits_profile",),
        "the company does not fit",
        why="fit_score >= 60, and fit_score is 45",
        fix="research the company again",
        who=("manager",),
        command="procdef waive ACME-1 booking.fits_profile --reason ...",
        place="b2b-sales v3, line 62",
    )
    expected = """\
ACME-1 cannot advance from prospecting to booking:
  - fits_profile: the company does not fit
      fit_score >= 60, and fit_score is 45    (b2b-sales v3, line 62)
      fix: research the company again
      manager: procdef waive ACME-1 booking.fits_profile --reason ..."""
    assert expected == refusal_text(StepRefused("ACME-1 cannot advance from prospecting to booking", (item,)))


def test_a_refusal_as_data_leaves_out_what_is_empty():
    refused = StepRefused("A cannot finish", (Unmet("not-won", ("meeting",), "the deal is not won yet"),))
    item = {"code": "not-won", "about": ["meeting"], "message": "the deal is not won yet"}
    assert {"refused": "A cannot finish", "replayed": False, "unmet": [item]} == refusal_json(refused)


@pytest.mark.parametrize(
    ("expected", "kind", "data"),
    [
        ("started in lead with company=Acme", "deal.started", {"stage": "lead", "values": {"company": "Acme"}}),
        ("recorded a=1, b emptied", "deal.recorded", {"values": {"a": 1}, "unset": ["b"], "changed": ["a", "b"]}),
        ("corrected a=1", "deal.corrected", {"values": {"a": 1}, "unset": [], "changed": ["a"]}),
        ("closing.approve rejected", "action.completed", {"action": "closing.approve", "decision": "reject"}),
        ("moved from lead to offer", "stage.advanced", {"from": "lead", "to": "offer"}),
        ("returned from offer to lead: too early", "stage.returned", {"from": "offer", "to": "lead", "reason": "too early"}),
        ("lost: no_need after the win", "deal.lost", {"reason": "no_need", "after_won": True}),
        ("note (call): (erased)", "deal.noted", {"kind": "call"}),
        ("REFUSED advance: action-open lead.call", "step.refused",
         {"do": "advance", "unmet": [{"code": "action-open", "about": ["lead.call"]}]}),
    ],
)  # fmt: skip
def test_an_event_is_one_line(expected, kind, data):
    assert expected == summary({"type": kind, "data": data})
