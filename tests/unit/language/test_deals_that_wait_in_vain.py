"""A deal that waits for an action of a stage which its path goes around is found, and one that need not wait is not."""

from __future__ import annotations

import pytest

from procdef.language import check

HEAD = """\
procdef: 1
id: forked-sales
version: 1
title: Forked sales
languages: [en]
currency: EUR
roles:
  seller: {title: Salesperson}
fields:
  price: {type: money}
deal: {value: price}
lost: {reasons: {no_need: No need}}
goals: {won_value: {amount: 1000, per: month}}
stages:
"""
FORK = """\
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {ask: {title: Ask, records: [price], evidence: note}}
    next: [demo, offer]
  demo:
    title: Demonstration
    owner: seller
    required_actions: {show: {title: Show it, evidence: note}}
    next: offer
  offer:
    title: Offer
    owner: seller
    required_actions: {send: {title: Send it, evidence: note, milestone: offer, needs: [demo.show]}}
    next: won
  won:
    title: Won
    owner: seller
    outcome: won
    optional_actions: {thank: {title: Thank}}
"""
NEEDS = ", needs: [demo.show]"


def found(stages: str) -> list[tuple[str, str | None]]:
    """What is marked, and what it waits for."""
    findings = check(HEAD + stages)
    assert not [one for one in findings if one.code != "needs-deadlock"], findings
    lines = (HEAD + stages).split("\n")
    return [(lines[one.span.line - 1][one.span.column - 1 : one.span.end_column - 1], one.subject) for one in findings]


def forked(*changes: tuple[str, str]) -> str:
    stages = FORK
    for old, new in changes:
        assert old in stages
        stages = stages.replace(old, new, 1)
    return stages


OFFER = "  offer:\n    title: Offer\n"
ENTRY = OFFER + "    entry_criteria: {shown: {check: demo.show is done}}\n"
EXIT = OFFER + "    exit_criteria: {shown: {check: price > 3 and demo.show is done}}\n"
FAIR = "  fair:\n    title: Fair\n    start: true\n    owner: seller\n    optional_actions: {ring: {title: Ring}}\n"
START = "    start: true\n"
PLAIN = (NEEDS, "")
THROUGH = ("next: [demo, offer]", "next: demo")


@pytest.mark.parametrize(
    ("marked", "changes"),
    [
        pytest.param("demo.show", [], id="another branch"),
        pytest.param("demo.show", [THROUGH, (OFFER, FAIR + "    next: offer\n" + OFFER)], id="another start"),
        pytest.param("demo.show", [THROUGH, (OFFER, OFFER + START)], id="a start of its own"),
        pytest.param("demo.show", [(OFFER, OFFER + "    back: demo\n")], id="back only leads to where the deal was"),
        pytest.param("shown", [PLAIN, (OFFER, ENTRY), ("next: [demo, offer]", "next: {demo: , fair: }"),
                          ("  demo:", FAIR.replace("    start: true\n", "") + "    next: offer\n  demo:")],
                     id="an entry criterion behind another branch"),
        pytest.param("shown", [PLAIN, (OFFER, EXIT)], id="an exit criterion"),
        pytest.param("shown", [PLAIN, (OFFER, EXIT.replace("price > 3 and ", "not (price < 3) and "))], id="not beside it"),
        pytest.param("demo.show is done", [PLAIN, ("    next: won", "    next: {won: {when: demo.show is done}}")], id="a way"),
        pytest.param("shown", [PLAIN, THROUGH, (OFFER, ENTRY), (OFFER, OFFER + START)], id="a start that never opens"),
        pytest.param("demo.show", [("send: {", "send: {when: price > 5, ")], id="a when that no way looks at"),
        pytest.param("demo.show", [("show: {", "show: {when: price > 5, ")], id="the when of what is needed"),
        pytest.param("sent", [PLAIN, (OFFER, OFFER + "    entry_criteria: {sent: offer.send is done}\n")], id="its own action"),
        pytest.param("demo.show", [PLAIN, ("thank: {title: Thank}", "thank: {title: Thank}}\n    required_actions: "
                          "{plan: {title: Plan, needs: [demo.show]}")], id="an end"),
    ],
)  # fmt: skip
def test_a_deal_that_its_path_leads_around_what_it_needs_is_stuck(marked: str, changes: list[tuple[str, str]]) -> None:
    needed = "offer.send" if marked == "sent" else "demo.show"
    assert found(forked(*changes)) == [(marked, needed)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([THROUGH], id="every path comes by"),
        pytest.param([(OFFER, OFFER + "    back: lead\n")], id="back to before the fork"),
        pytest.param([("    next: won", "    next: {won: {unfinished: allowed}}")], id="unfinished ways"),
        pytest.param([("required_actions: {send", "optional_actions: {send")], id="an optional action"),
        pytest.param([PLAIN, (OFFER, ENTRY)], id="the other way is open at the fork"),
        pytest.param([PLAIN, (OFFER, EXIT.replace("demo.show is done", "(demo.show is done or price > 9)"))], id="or"),
        pytest.param([PLAIN, (OFFER, EXIT.replace("demo.show is done", "demo.show is not done"))], id="not done"),
        pytest.param([PLAIN, (OFFER, EXIT.replace("is done}", "is done, waivable_by: seller}"))], id="a waiver"),
        pytest.param([("send: {", "send: {when: price > 5, "), ("next: [demo, offer]",
                      "next: {demo: {when: price > 5}, offer: {when: else}}")], id="the fork looks at the same"),
        pytest.param([("send: {", "send: {when: price > 5, "),
                      (OFFER, OFFER + "    entry_criteria: {small: price <= 5}\n")], id="a criterion looks at the same"),
        pytest.param([PLAIN, ("    next: won", "    next: {won: {when: demo.show is done}, demo: }")], id="another way"),
    ],
)  # fmt: skip
def test_a_deal_that_can_still_come_to_what_it_needs_is_not_stuck(changes: list[tuple[str, str]]) -> None:
    assert found(forked(*changes)) == []


def test_the_finding_names_the_path_on_which_a_deal_is_stuck() -> None:
    (finding,) = check(HEAD + FORK)
    assert "a deal that comes by lead, offer never gets to \"demo\" and is stuck" in finding.message
