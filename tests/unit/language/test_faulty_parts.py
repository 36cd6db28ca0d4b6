"""What refers to a faulty part of a file is silent, and everything else is still checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language import check

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
DISCOUNT = ("discount: {type: percent, min: 0, max: 30}", "discount: {type: percant, min: 0, max: 30}")
SOURCE = ("options: {fair: Trade fair, web: Web site}", "optoins: {fair: Trade fair, web: Web site}")
CONTACTS = ("      name: {type: text}", "      name: {type: txt}")
FIELDS = ("fields:\n", "fieldz:\n")
CALL = ("      call:\n", "      Call up:\n")
LEAD = ("  lead:\n", "  Lead stage:\n")
WHEN = "when: discount > 15 %"
CHECK = "check: budget >= 8000"


@pytest.mark.parametrize(
    ("fault", "expression", "instead"),
    [
        (DISCOUNT, WHEN, "when: discount"),
        (DISCOUNT, WHEN, "when: discount > 15 days"),
        (DISCOUNT, WHEN, "when: budget > 5 and discount > 15"),
        (SOURCE, CHECK, "check: source == fair"),
        (SOURCE, CHECK, "check: fair == source"),
        (SOURCE, CHECK, "check: source in [fair, market]"),
        (SOURCE, CHECK, "check: source is set"),
        (DISCOUNT, CHECK, "check: source == discount"),
        (DISCOUNT, CHECK, "check: discount in [source]"),
        (DISCOUNT, CHECK, "check: source in [fair, discount]"),
        (CONTACTS, CHECK, "check: count(contacts where name == 3) > 1"),
        (CONTACTS, CHECK, "check: max(contacts.name) > 1"),
        (CONTACTS, CHECK, "check: contacts.name > 1"),
        (CONTACTS, CHECK, "check: contacts.name is set"),
        (CALL, WHEN, "when: lead.call_up is done"),
        (CALL, WHEN, "when: lead.call_up"),
        (LEAD, WHEN, "when: lead_stage.visit is done"),
        (FIELDS, WHEN, "when: discount > 15 days or no_field == 3"),
    ],
)
def test_an_expression_that_reads_what_is_faulty_is_silent(
    fault: tuple[str, str], expression: str, instead: str
) -> None:
    alone = check(SOUND.replace(*fault, 1))
    assert alone == check(SOUND.replace(*fault, 1).replace(expression, expression + " ", 1))
    both = check(SOUND.replace(*fault, 1).replace(expression, instead, 1))
    assert [(one.code, one.subject) for one in alone] == [(one.code, one.subject) for one in both if one.severity == "error"]


@pytest.mark.parametrize(
    ("code", "subject", "fault", "expression", "instead"),
    [
        ("unknown-name", "bugdet", DISCOUNT, WHEN, "when: discount > 15 days and bugdet > 3"),
        ("type-mismatch", None, SOURCE, CHECK, "check: source == fair and first_call > 3 %"),
        ("expression-syntax", None, FIELDS, WHEN, "when: discount >"),
        ("unknown-action", "lead.vist", CALL, WHEN, "when: lead.call_up is done and lead.vist is done"),
        ("unknown-stage", "lad", LEAD, WHEN, "when: lead_stage.call is done and lad.visit is done"),
    ],
)
def test_what_an_expression_reads_beside_what_is_faulty_is_checked(
    code: str, subject: str | None, fault: tuple[str, str], expression: str, instead: str
) -> None:
    found = check(SOUND.replace(*fault, 1).replace(expression, instead, 1))
    assert (code, subject) in {(one.code, one.subject) for one in found}


@pytest.mark.parametrize(
    ("declared", "instead", "mention", "named"),
    [
        ("  installer: {", "  Head fitter: {", "owner: installer", "owner: head_fitter"),
        ("  installer: {", "  Head fitter: {", "owner: installer", "owner: Head fitter"),
        ("  first_call: {", "  First call: {", "first_call, urgent]", "first_call, urgent]"),
        ("  contract:\n", "  Contract X:\n", "next: contract", "next: contract_x"),
        ("      offer:\n", "      The offer:\n", "needs: [offer]", "needs: [the_offer]"),
    ],
)
def test_a_mention_of_an_ill_formed_id_is_silent(declared: str, instead: str, mention: str, named: str) -> None:
    told = check(SOUND.replace(declared, instead, 1).replace(mention, named))
    assert [("bad-id", instead.strip(" :{\n"))] == [(one.code, one.subject) for one in told]


def test_an_undeclared_name_is_told_once_with_the_other_places_beside_it() -> None:
    (found,) = check(SOUND.replace("price: {type: money, title: Price}", "prise: {type: money, title: Sum}"))
    places = [(item.span.line, item.message) for item in found.related]
    assert places == [(68, "here too"), (77, "here too")]
    assert (found.code, found.subject, found.span.line) == ("unknown-field", "price", 29)
