"""What only has another id by the plan of a migration is told as such, and shows no other difference."""

from __future__ import annotations

import pytest

from procdef.changes.comparison import AspectChange, compared
from procdef.changes.new_names import NewNames, under_new_names
from procdef.changes.worded import worded
from procdef.language import load_source
from procdef.model import ProcessDefinition

OLD = """\
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, boss: {title: Boss}}
fields:
  budget: {type: money}
  size: {type: choice, options: [budget, big]}
  close: {type: date}
  lines: {type: list, items: {pieces: {type: integer}}}
deal: {value: budget, close: close}
lost: {reasons: {price: {title: Price, records: [budget]}}}
measures: {spent: {field: budget, aggregate: sum}}
scores: {fit: {title: Fit, points: {rich: {when: budget > 100, points: 50}}}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {until: close}
    required_actions: {call: {title: Call, records: [budget, size, close, lines], sla: {until: close}}}
    exit_criteria:
      worth_it: {check: "budget > 10 and lead.call is done and size == budget and sum(lines.pieces) > 1"}
      known: {require: [budget]}
    next: {talk: {when: budget > 5}, won: {when: else}}
  talk:
    title: Talk
    owner: seller
    required_actions:
      terms: {title: Terms, needs: lead.call}
      agree:
        title: Agree
        decision: true
        by: [{when: budget < 10, roles: seller}, {roles: boss}]
        voided_by: [budget]
    next: won
    back: lead
  won: {title: Won, outcome: won, owner: seller}
"""
CHANGES = (
    ("version: 1", "version: 2"),
    ("budget", "worth"),
    ("size: {type: choice, options: [worth, big]}", "size: {type: choice, options: [budget, big]}"),
    ("size == worth", "size == budget"),
    ("close: close", "close: finish_on"),
    ("  close: {", "  finish_on: {"),
    ("until: close", "until: finish_on"),
    ("size, close, lines]", "size, finish_on, rows]"),
    ("  lines: {", "  rows: {"),
    ("lines.pieces", "rows.pieces"),
    ("  lead:", "  prospect:"),
    ("lead.", "prospect."),
    ("back: lead", "back: prospect"),
    ("talk:", "closing:"),
    ("terms:", "offer:"),
)
NAMES = ({"lead": "prospect", "talk": "closing"}, {"budget": "worth", "close": "finish_on", "lines": "rows"})


def loaded(text: str, *changes: tuple[str, str]) -> ProcessDefinition:
    for was, now in changes:
        assert was in text, was
        text = text.replace(was, now)
    return load_source(text.encode(), "sale.yaml")


FIRST, SECOND = loaded(OLD), loaded(OLD, *CHANGES)
ACTIONS = {"lead.call": "prospect.call", "talk.terms": "closing.offer", "talk.agree": "closing.agree"}


def test_another_id_alone_is_all_that_is_told() -> None:
    found = compared(FIRST, SECOND, NewNames.of(FIRST, SECOND, *NAMES, ACTIONS))
    assert {(part.what, part.id): part.aspects for part in found.parts} == {
        ("field", "worth"): (AspectChange("id", "budget", "worth"),),
        ("field", "finish_on"): (AspectChange("id", "close", "finish_on"),),
        ("field", "rows"): (AspectChange("id", "lines", "rows"),),
        ("stage", "prospect"): (AspectChange("id", "lead", "prospect"),),
        ("stage", "closing"): (AspectChange("id", "talk", "closing"),),
        ("action", "closing.offer"): (AspectChange("id", "talk.terms", "closing.offer"),),
    }


def test_what_changed_beside_its_id_is_told_too() -> None:
    new = loaded(OLD, *CHANGES, ("worth < 10", "worth < 20"), ("worth > 5", "worth > 7"), ("title: Agree", "title: Approve"))
    names = NewNames.of(FIRST, new, *NAMES, ACTIONS)
    found = compared(FIRST, new, names)
    told = [change for change in worded(found, under_new_names(FIRST, names), new, None, names) if change.key != "id"]
    assert [(each.id, each.key, each.old, each.new) for each in told] == [
        ("prospect -> closing", "when", "worth > 5", "worth > 7"),
        ("closing.agree", "title", "Agree", "Approve"),
        ("closing.agree", "by.1", "seller, where worth < 10", "seller, where worth < 20"),
    ]


@pytest.mark.parametrize(
    ("stages", "fields", "actions", "said"),
    [
        ({"talk": "lead"}, {}, {}, ("stage Talk is gone", "by the plan deals that are or were here go on in Lead")),
        ({}, {"budget": None}, {}, ("field budget is gone", "by the plan what deals have of it is dropped")),
        ({}, {}, {"talk.terms": None}, ('the required action "Terms" is gone', "by the plan what deals have of it is dropped")),
    ],
)
def test_what_a_plan_drops_or_makes_one_is_told_as_that(
    stages: dict[str, str], fields: dict[str, str | None], actions: dict[str, str | None], said: tuple[str, str]
) -> None:
    less = OLD.replace("version: 1", "version: 2")
    if stages:
        less = less[: less.index("  talk:")] + less[less.index("  won: {") :]
        less = less.replace("next: {talk: {when: budget > 5}, won: {when: else}}", "next: won")
    elif actions:
        less = less.replace("      terms: {title: Terms, needs: lead.call}\n", "")
    else:
        less = "\n".join(line for line in less.replace("budget, size, close, lines", "size, close, lines").split("\n"))
        for was, now in (
            ("  budget: {type: money}\n", ""), ("deal: {value: budget, close: close}", "deal: {close: close}"),
            ("{title: Price, records: [budget]}", "Price"), ("measures: {spent: {field: budget, aggregate: sum}}\n", ""),
            ("scores: {fit: {title: Fit, points: {rich: {when: budget > 100, points: 50}}}}\n", ""),
            ('check: "budget > 10 and ', 'check: "'), ("      known: {require: [budget]}\n", ""),
            ("next: {talk: {when: budget > 5}, won: {when: else}}", "next: [talk, won]"),
            ("by: [{when: budget < 10, roles: seller}, {roles: boss}]", "by: boss"), ("        voided_by: [budget]\n", ""),
        ):  # fmt: skip
            less = less.replace(was, now)
    new = load_source(less.encode(), "sale.yaml")
    names = NewNames.of(FIRST, new, stages, fields, actions)
    told = worded(compared(FIRST, new, names), under_new_names(FIRST, names), new, None, names)
    assert said in [(each.words, each.effect) for each in told]
