"""What a scenario expects, held against what the engine makes of its steps."""

from __future__ import annotations

import pytest
from orchard import COUNTED, OFFERED, PRICED, START, played

AS_EXPECTED = [
    (START, "then: {stage: orchard, outcome: open, owner: aino, due: 2026-03-09T17:00, overdue: false}"),
    (START, "then: {open: [survey], done: [], values: {tons: null}, events: []}"),
    (START, "then: {open: [survey, taste]}"),
    (START, "then: {open: [orchard.survey]}"),
    (START, "then: {open: [survey, orchard.survey]}"),
    ("by: aino, do: start, values: {organic: true}", "then: {open: [certify, survey], values: {organic: true}}"),
    ("by: aino, do: start, stage: orchard, then: {events: [deal.started]}",),
    ("by: aino, do: start, values: {picked_at: 2026-03-01T12:00}", "then: {values: {picked_at: 2026-03-01T12:00+02:00}}"),
    ("by: aino, do: start, values: {loads: [{at: 2026-03-01T12:00}]}",
     "then: {values: {loads: [{at: 2026-03-01T12:00+02:00}]}}", "then: {values: {loads: [{at: 2026-03-01T12:00}]}}"),
    ("by: aino, do: start, values: {price: 100.50}", 'then: {values: {price: "100.5"}}'),
    ("by: onni, do: start, refused: [orchard: not-yours]",),
    ("by: onni, do: start, refused: orchard",),
    ("by: onni, do: start, refused: any",),
    (START, "by: aino, do: advance, to: offer, refused: [survey, enough, offer: branch-closed]"),
    (START, "by: aino, do: advance, to: offer, refused: [orchard.survey, enough: criterion-unknown, offer]"),
    (START, "by: aino, do: advance, to: offer, refused: any, then: {stage: orchard, events: [step.refused]}"),
    (*COUNTED, "then: {done: [survey], open: []}", "by: aino, do: advance, then: {stage: offer, due: null}"),
    (*OFFERED, "then: {done: [orchard.survey], open: [price, approve, send]}"),
    (*PRICED, "then: {open: [approve, send]}", "by: aino, do: advance, to: sold, refused: [approve, send]"),
    (*PRICED, "by: both, do: do, action: approve, decision: approve, then: {done: [offer.approve]}",
     "by: aino, do: do, action: send",
     "by: aino, do: advance, then: {stage: sold, outcome: won, events: [stage.advanced, deal.won]}",
     "by: aino, do: do, action: deliver", "by: aino, do: finish, then: {outcome: won, open: []}"),
    (*OFFERED, "by: aino, do: back, to: orchard, reason: Frost is coming, then: {stage: orchard, due: 2026-03-09T17:00}"),
    (START, "by: onni, do: waive, criterion: enough, reason: A favour", "by: aino, do: record, values: {tons: 3}",
     "by: aino, do: do, action: survey",
     "by: aino, do: advance, refused: [enough: criterion-unmet]"),
    (START, "by: aino, do: lose, reason: frost, then: {outcome: lost}", "after: 31 days",
     "by: onni, do: reopen, reason: Spring, refused: [reopen: too-late]"),
    (START, "by: onni, do: assign, person: both, then: {owner: both}"),
    (START, "by: aino, do: note, note: Called, kind: call, happened: 2026-03-02T09:00"),
    # Clocks
    (*COUNTED, "after: 5 business days", "then: {overdue: false}", "after: 1 minute", "then: {overdue: true}"),
    (*COUNTED, "at: 2026-03-09T17:01, then: {overdue: true}"),
    # Timers go off on the way, each at its time
    (START, "after: 2 business days, then: {dues: {survey: 2026-03-04T17:00, certify: null}}",
     "then: {overdue: false, events: []}",
     "after: 1 minute, then: {overdue: true, due: 2026-03-09T17:00, events: []}",
     "after: 1 minute, then: {events: []}"),
    (START, "after: 2 business days, then: {events: [timer.overdue]}", "after: 1 minute, then: {events: []}"),
    (*COUNTED, "at: 2026-03-12T09:00, then: {events: [timer.reminded, timer.overdue, timer.escalated]}"),
    (*COUNTED, "at: 2026-03-12T09:00, by: aino, do: note, note: Late, then: {events: [timer.reminded, timer.overdue, "
     "timer.escalated, deal.noted]}"),
    (*COUNTED, "at: 2026-03-12T09:00, by: onni, do: finish, refused: any, then: {events: [timer.reminded, timer.overdue, "
     "timer.escalated, step.refused]}"),
    (*COUNTED, "by: aino, do: start, deal: two", "at: 2026-03-06T17:30, deal: one, then: {events: []}"),
    ("at: 2026-12-23T10:00, by: aino, do: start, then: {due: 2027-01-04T17:00}",),  # Christmas, New Year
    ("at: 2026-12-30T10:00, by: aino, do: start, then: {due: 2027-01-08T17:00}",),  # over New Year and Epiphany
    ("at: 2026-12-30T10:00, by: aino, do: start", "by: aino, do: do, action: survey, values: {tons: 3}",
     "after: 3 business days", "at: 2027-01-05T17:00, then: {overdue: false}"),
    # Two deals
    (START, "by: aino, do: start, deal: next-year, from: one", "deal: next-year, then: {stage: orchard}"),
]  # fmt: skip


@pytest.mark.parametrize("steps", AS_EXPECTED, ids=lambda steps: steps[-1][:60])
def test_a_scenario_goes_as_expected(steps: tuple[str, ...]) -> None:
    outcome = played(*steps)
    assert outcome.differences == ()
    assert outcome.passed


NOT_STARTED = (
    'no step before this one started the deal "{}": put one there with do: start, or name in `deal` the deal that was started'
)
OTHERWISE = [
    (COUNTED[1:], "do", "applied", NOT_STARTED.format("one")),
    (("by: onni, do: start",), "do", "applied", "refused for orchard: not-yours"),
    ((START, "by: aino, do: advance, to: offer"), "do", "applied",
     "refused for offer: branch-closed, orchard.survey: action-open, orchard.enough: criterion-unknown"),
    ((START, "by: aino, do: advance, to: offer, refused: [survey]"), "refused", "refused for survey",
     "refused for offer: branch-closed, orchard.survey: action-open, orchard.enough: criterion-unknown"),
    (("by: onni, do: start, refused: [orchard: closed]",), "refused", "refused for orchard: closed",
     "refused for orchard: not-yours"),
    (("by: aino, do: start, refused: any",), "refused", "refused", "applied"),
    ((START, "then: {stage: offer}"), "then.stage", "offer", "orchard"),
    ((START, "then: {outcome: won}"), "then.outcome", "won", "open"),
    ((START, "then: {owner: onni}"), "then.owner", "onni", "aino"),
    ((START, "then: {due: 2026-03-06T17:00}"), "then.due", "2026-03-06T17:00", "2026-03-09T17:00"),
    ((START, "then: {due: null}"), "then.due", "null", "2026-03-09T17:00"),
    ((*OFFERED, "then: {due: 2026-03-06T17:00}"), "then.due", "2026-03-06T17:00", "null"),
    ((START, "then: {overdue: true}"), "then.overdue", "true", "false: due 2026-03-04T17:00, and it is 2026-03-02T09:00"),
    ((START, "then: {dues: {survey: 2026-03-05T17:00}}"), "then.dues", "survey: 2026-03-05T17:00", "survey: 2026-03-04T17:00"),
    ((START, "then: {dues: {survey: null}}"), "then.dues", "survey: null", "survey: 2026-03-04T17:00"),
    ((START, "after: 3 business days, then: {events: []}"), "then.events", "none", "timer.overdue"),
    ((START, "then: {open: []}"), "then.open", "none", "survey"),
    ((START, "then: {open: [certify, survey]}"), "then.open", "certify, survey", "survey"),
    (("by: aino, do: start, then: {open: [survey]}",), "then.open", "survey", "survey, certify"),  # applies?
    ((START, "then: {done: [survey]}"), "then.done", "survey", "none"),
    ((*COUNTED, "then: {values: {tons: 21, price: null}}"), "then.values", "tons: 21", "tons: 20"),
    ((START, "then: {values: {organic: true}}"), "then.values", "organic: true", "organic: false"),
    ((START, "by: aino, do: record, values: {tons: 2}, then: {events: []}"), "then.events", "none", "deal.recorded"),
    ((START, "at: 2026-03-01T09:00"), "at", "2026-03-01T09:00", "it is 2026-03-02T09:00 already, and no clock goes back"),
    ((START, "at: 2026-03-03T09:00, after: 99999 years"), "after", "99999 years later",
     "99999 years from 2026-03-03 is later than the year 9999; choose a shorter time"),
    ((START, "by: aino, do: note, note: Soon, happened: 2026-03-03T09:00"), "do", "applied",
     "one: happened 2026-03-03T07:00:00.000000Z lies in the future"),
    ((START, "then: {stage: orchard}", "deal: other, then: {stage: orchard}"), "then", "a deal", NOT_STARTED.format("other")),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "key", "expected", "found"), OTHERWISE, ids=lambda part: str(part)[-60:])
def test_what_differs_is_told_as_expected_and_found(steps: tuple[str, ...], key: str, expected: str, found: str) -> None:
    outcome = played(*steps)
    (difference,) = outcome.differences
    assert (difference.key, difference.expected, difference.found) == (key, expected, found)
    assert outcome.step == len(steps)
    assert difference.line == 7 + len(steps)  # where that step stands


def test_a_scenario_ends_where_it_differs_and_all_of_that_step_is_told() -> None:
    outcome = played(START, "then: {stage: offer, owner: onni, outcome: open}", "by: aino, do: finish")
    assert [difference.key for difference in outcome.differences] == ["then.stage", "then.owner"]
    assert (outcome.step, outcome.steps, outcome.status) == (2, 3, "failed")


def test_an_unexpected_refusal_is_kept_for_who_shows_it() -> None:
    outcome = played(START, "by: onni, do: do, action: survey, values: {tons: 3}")
    assert outcome.refused is not None
    assert [item.who for item in outcome.refused.unmet] == [("seller",)]
    assert outcome.refusal == str(outcome.refused)
