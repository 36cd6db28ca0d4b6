"""The handbook explains the words that it uses, also those of deadlines and approval tables, where it is of one stage alone."""

from __future__ import annotations

import pytest

from procdef import load
from procdef.pages.playbook import playbook

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}, boss: {title: Boss}}
fields:
  price: {type: money}
  discount: {type: percent}
  decided_by: {type: date}
  called_by: {type: date}
  other: {type: integer}
lost: {reasons: {price: Too dear}, reopen: {by: boss, within: 10 business days}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {ask: {title: Ask, records: [price, discount, decided_by, called_by, other]}}
    next: offer
  offer:
    title: Offer
    owner: seller
    sla: {until: decided_by}
    required_actions:
      call: {title: Call, sla: {until: called_by}}
      approve: {title: Approve, decision: true, by: [{when: discount > 10 %, roles: boss}, {roles: seller}]}
    next: won
  won: {title: Won, owner: seller, outcome: won, required_actions: {thank: {title: Thank}}}
"""


@pytest.mark.parametrize("field", ["discount", "decided_by", "called_by"])
def test_a_field_that_a_deadline_or_an_approval_table_reads_is_in_the_glossary_of_its_stage(field: str) -> None:
    page = playbook(load(PROCESS), stage="offer")
    assert f'id="field-{field}"' in page
    assert f'href="#field-{field}"' in page
    assert 'id="field-other"' not in page


def test_working_time_is_explained_where_only_lost_deals_are_counted_in_it() -> None:
    assert "Working time" in playbook(load(PROCESS))
    assert "Working time" not in playbook(load(PROCESS.replace("10 business days", "10 days")))
