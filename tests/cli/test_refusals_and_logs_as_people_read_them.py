"""Refusals and log lines in words."""

import pytest
from office import PROCESS

from procdef import load
from procdef.render.log import EventTitles, summary
from procdef.render.refusal import refusal_text
from procdef.results.refusal import StepRefused, Unmet
from procdef.results.suggestion import Blank, Suggestion


def test_a_refusal_shows_the_fault_its_values_the_remedy_and_who_can_help():
    item = Unmet(
        "criterion-unmet",
        ("booking.fits_profile",),
        "the company does not fit",
        why="fit_score >= 60, and fit_score is 45",
        fix="research the company again",
        who=("manager",),
        suggestion=Suggestion("waive", "ACME-1", {"criterion": "booking.fits_profile"}, (Blank("reason", "text"),)),
        place="b2b-sales v3, line 62",
    )
    expected = """\
ACME-1 cannot advance from prospecting to booking:
  - fits_profile: the company does not fit
      fit_score >= 60, and fit_score is 45    (b2b-sales v3, line 62)
      fix: research the company again
      manager: procdef waive ACME-1 booking.fits_profile --reason ..."""
    assert expected == refusal_text(StepRefused("ACME-1 cannot advance from prospecting to booking", (item,)))


def test_a_refusal_as_data_has_all_its_keys():
    refused = StepRefused("A cannot finish", (Unmet("not-won", ("meeting",), "the deal is not won yet"),), subject="A")
    item = {"code": "not-won", "about": ["meeting"], "id": "meeting", "message": "the deal is not won yet"}
    nothing = dict.fromkeys(("expression", "why", "fix", "suggestion", "filling", "command", "place"))
    shown = refused.as_dict()
    assert {**item, **nothing, "values": {}, "fields": [], "who": [], "people": [], "filled_by": []} == shown.pop("unmet")[0]
    error = {"code": "step-refused", "message": "A cannot finish: the deal is not won yet", "subject": "A"}
    assert {"refused": "A cannot finish", "title": None, "replayed": False, **error} == shown


@pytest.mark.parametrize(
    ("expected", "kind", "data"),
    [
        ("started in lead with company=Acme", "deal.started", {"stage": "lead", "values": {"company": "Acme"}}),
        ("recorded a=1, b emptied", "deal.recorded", {"values": {"a": 1}, "unset": ["b"], "changed": ["a", "b"]}),
        ("corrected a=1", "deal.corrected", {"values": {"a": 1}, "unset": [], "changed": ["a"]}),
        ("closing.approve rejected", "action.completed", {"action": "closing.approve", "decision": "reject"}),
        ("moved from lead to offer", "stage.advanced", {"from": "lead", "to": "offer"}),
        ("returned from offer to lead: too early", "stage.returned", {"from": "offer", "to": "lead", "reason": "too early"}),
        ("lost: no_need (after the win)", "deal.lost", {"reason": "no_need", "after_won": True}),
        ("note (call): (erased)", "deal.noted", {"kind": "call"}),
        ("lead.call done (phone): Said yes; twice", "action.completed",
         {"action": "lead.call", "way": "phone", "evidence": {"kind": "note", "text": "Said\nyes"}, "note": "twice"}),
        ("lead.send done: o.pdf (sha256 abababababab...)", "action.completed",
         {"action": "lead.send", "evidence": {"kind": "document", "name": "o.pdf", "sha256": "ab" * 32}}),
        ("lead.approve rejected: Too much", "action.completed",
         {"action": "lead.approve", "decision": "reject", "note": "Too much"}),
        ("REFUSED to advance to offer: lead.call was not done", "step.refused",
         {"do": "advance", "arguments": {"to": "offer"}, "unmet": [{"code": "action-open", "about": ["lead.call"]}]}),
        ("REFUSED to do quote: offer.quote belongs to another stage", "step.refused",
         {"do": "do", "arguments": {"action": "quote"}, "unmet": [{"code": "elsewhere", "about": ["offer.quote"]}]}),
        ("REFUSED to lose: what was named is not known to the process", "step.refused",
         {"do": "lose", "unmet": [{"code": "not-declared", "about": ["(not an id)"]}]}),
        ("REFUSED to finish: the process does not end in offer", "step.refused",
         {"do": "finish", "unmet": [{"code": "no-such-move", "about": ["offer"]}]}),
        ("REFUSED to lose: in this process no deal can be lost", "step.refused",
         {"do": "lose", "unmet": [{"code": "no-such-move", "about": ["offer"]}]}),
        ("REFUSED to reopen: it was not lost, or this process does not reopen lost deals", "step.refused",
         {"do": "reopen", "unmet": [{"code": "no-such-move", "about": ["offer"]}]}),
        ("REFUSED to advance: the process ends in live", "step.refused",
         {"do": "advance", "unmet": [{"code": "no-such-move", "about": ["live"]}]}),
        ("REFUSED to advance to live: there is no such move to live", "step.refused",
         {"do": "advance", "arguments": {"to": "live"}, "unmet": [{"code": "no-such-move", "about": ["live"]}]}),
        ("REFUSED to finish: odd (new-code)", "step.refused",
         {"do": "finish", "unmet": [{"code": "new-code", "about": ["odd"]}]}),
    ],
)  # fmt: skip
def test_an_event_is_one_line(expected, kind, data):
    assert expected == summary({"type": kind, "data": data})


@pytest.mark.parametrize(
    ("expected", "kind", "data", "private"),
    [
        ("a.b rejected: (erased)", "action.completed", {"action": "a.b", "decision": "reject"}, ["/note"]),
        ("a.b done: (erased)", "action.completed", {"action": "a.b", "evidence": {"kind": "note"}}, ["/evidence/text"]),
        ("recorded company=(erased)", "deal.recorded", {"values": {}, "changed": ["company"]}, ["/values/company"]),
        ("lost: price: (erased)", "deal.lost", {"reason": "price"}, ["/note"]),
    ],
)
def test_what_was_erased_says_so(expected, kind, data, private):
    assert expected == summary({"type": kind, "data": data, "private": dict.fromkeys(private, "0" * 64)})


def test_values_are_told_with_their_unit_losses_by_title_and_times_on_the_clocks_of_the_process():
    book = EventTitles(load(PROCESS), "fi")
    values = {"discount": "0.2", "price": "15", "meeting": "2026-11-27T08:00:00.000000Z", "size": "big"}
    expected = "recorded discount=0.2 %, price=15 EUR, meeting=2026-11-27 10:00 Europe/Helsinki, size=big"
    assert expected == summary({"type": "deal.recorded", "data": {"values": values}}, book)
    assert summary({"type": "deal.lost", "data": {"reason": "no_need"}}, book) == "lost: Ei tarvetta (no_need)"


def test_the_log_on_a_narrow_terminal_is_wrapped_and_names_its_clock(office, monkeypatch):
    assert office("note", "A-1", "They asked for " + "a longer trial " * 8)[0] == 0
    monkeypatch.setenv("COLUMNS", "60")
    lines = office("log", "A-1")[1].splitlines()
    assert lines[0] == "when (UTC)           who    what happened"
    assert len(lines) > 5
    assert [line for line in lines if len(line) > 60] == []
