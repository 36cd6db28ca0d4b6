"""Plans of migrations, checked like processes: every finding has its place, and says what was meant."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from procdef import DefinitionInvalid, Plan, load_plan
from procdef.language import load_source
from procdef.language.plans import Versions, given_plan, plan_in, refuse_wrong

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "plan.schema.json").read_text("utf-8"))
HEAD = "procdef-plan: 1\nprocess: sale\nfrom: [1, 2]\nto: 3\n"
FIRST = """
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
roles: {seller: {title: Seller}}
fields:
  budget: {type: number}
  seats: {type: integer}
  mail: {type: email}
  fax: {type: text, personal: false}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {call: {title: Call, records: [budget, seats, mail, fax]}}
    optional_actions: {agree: {title: Agree, decision: true}}
    next: won
  won: {title: Won, outcome: won, owner: seller}
"""
SECOND = FIRST.replace("version: 1", "version: 2")
THIRD = (
    FIRST.replace("version: 1", "version: 3")
    .replace("lead", "prospect")
    .replace("budget: {type: number}", "worth: {type: number, max: 100}")
    .replace("budget", "worth")
)
OLD, OTHER, NEW = (load_source(text.encode(), "sale.yaml") for text in (FIRST, SECOND, THIRD))
VERSIONS = Versions("sale", (1, 2, 3), (OLD, OTHER), NEW)
FINDINGS: dict[str, tuple[str, list[tuple[int, int, str, str]]]] = {
    "a key misspelt": (HEAD + "stage: {lead: prospect}\n", [(5, 1, "unknown-key", 'did you mean "stages"')]),
    "a key missing": (HEAD.replace("to: 3\n", ""), [(1, 1, "missing-key", '"to" is missing')]),
    "a later language": (HEAD.replace("plan: 1", "plan: 2"), [(1, 15, "newer-language", "version 2")]),
    "no version": (HEAD.replace("to: 3", "to: next"), [(4, 5, "wrong-type", "whole number")]),
    "a stage misspelt": (HEAD + "stages: {leed: prospect}\n", [(5, 10, "unknown-stage", 'did you mean "lead"')]),
    "a new stage misspelt": (HEAD + "stages: {lead: prospekt}\n", [(5, 16, "unknown-stage", 'did you mean "prospect"')]),
    "over the win": (HEAD + "stages: {lead: won}\n", [(5, 16, "plan-win", '"lead" lies before the win and "won" after it')]),
    "a field misspelt": (HEAD + "fields: {bugdet: worth}\n", [(5, 10, "unknown-field", 'did you mean "budget"')]),
    "a new field misspelt": (HEAD + "fields: {budget: wroth}\n", [(5, 18, "unknown-field", 'did you mean "worth"')]),
    "another kind of value": (
        HEAD + "fields: {seats: mail, mail: null}\n", [(5, 17, "plan-type", 'no value of "seats" (integer)')],
    ),
    "personal values in the open": (HEAD + "fields: {mail: fax, fax: null}\n", [(5, 16, "plan-personal", "are personal")]),
    "two fields become one": (HEAD + "fields: {fax: mail}\n", [(5, 15, "plan-twice", '"mail" stays "mail"')]),
    "an action without a stage": (HEAD + "actions: {call: null}\n", [(5, 11, "bad-id", "call")]),
    "a list of fields": (HEAD + "fields: [fax]\n", [(5, 9, "wrong-type", "fields: {fax: NEW}, or {fax: null} to drop it")]),
    "voided without a stage": (HEAD + "void: [call]\n", [(5, 8, "bad-id", '"call" lacks its stage')]),
    "an action misspelt": (HEAD + "actions: {lead.cal: null}\n", [(5, 11, "unknown-action", 'did you mean "lead.call"')]),
    "a new action misspelt": (
        HEAD + "actions: {lead.call: prospect.cal}\n", [(5, 22, "unknown-action", 'did you mean "prospect.call"')],
    ),
    "a decision for an action": (
        HEAD + "actions: {lead.call: prospect.agree}\n", [(5, 22, "plan-type", "is a decision and the other is none")],
    ),
    "a value for no field": (HEAD + "set: {wort: 1}\n", [(5, 7, "unknown-field", 'did you mean "worth"')]),
    "a value that does not fit": (HEAD + "set: {worth: 101}\n", [(5, 14, "plan-value", "worth: ")]),
    "thousands or a thousandth": (HEAD + "set: {seats: 60.000}\n", [(5, 14, "plan-value", "60.000 can be read in two ways")]),
    "a value that is none": (HEAD + 'set: {fax: ""}\n', [(5, 12, "plan-value", "is set to nothing")]),
    "one person for all": (HEAD + "set: {mail: a@b.example}\n", [(5, 13, "plan-personal", "cannot be right")]),
    "nothing to void": (HEAD + "void: [prospect.cal]\n", [(5, 8, "unknown-action", 'did you mean "prospect.call"')]),
    "the only one misspelt": (HEAD + "void: prospect.cal\n", [(5, 7, "unknown-action", 'did you mean "prospect.call"')]),
    "the same twice": (HEAD + "void: [prospect.call, prospect.call]\n", [(5, 23, "duplicate-item", "twice")]),
    "another process": (HEAD.replace("sale", "rent"), [(2, 10, "plan-process", 'for the process "rent"')]),
    "a version that is not there": (HEAD.replace("[1, 2]", "[1, 9]"), [(3, 11, "plan-version", "version 9 of sale is not")]),
    "to a version that is not there": (HEAD.replace("to: 3", "to: 8"), [(4, 5, "plan-version", "there are 1, 2, 3")]),
    "to where they are": (HEAD.replace("to: 3", "to: 2"), [(3, 7, "plan-version", "in version 2 already")]),
    "nothing": ("", [(1, 1, "empty-file", "")]),
    "no plan": ("- 1\n", [(1, 1, "wrong-type", "")]),
}  # fmt: skip


def found(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, code and message of everything that is wrong."""
    try:
        refuse_wrong(plan_in(text.encode(), "plan.yaml"), VERSIONS)
    except DefinitionInvalid as wrong:
        return [(each.span.line, each.span.column, each.code, each.message) for each in wrong.diagnostics]
    return []


@pytest.mark.parametrize("what", FINDINGS)
def test_a_fault_is_told_where_it_stands(what: str) -> None:
    text, expected = FINDINGS[what]
    told = found(text)
    assert [each[:3] for each in told] == [each[:3] for each in expected], told
    assert all(words in message for (*_, message), (*_, words) in zip(told, expected, strict=True)), told


def test_one_action_to_void_needs_no_brackets() -> None:
    one, several = (plan_in((HEAD + f"void: {said}\n").encode(), "plan.yaml") for said in ("prospect.call", "[prospect.call]"))
    assert (one.void, one.sha256) == (("prospect.call",), several.sha256)
    assert found(HEAD + "void: prospect.call\n") == []
    assert given_plan(one.as_dict() | {"void": "prospect.call"}).void == ("prospect.call",)


WHOLE = (
    HEAD
    + "stages: {lead: prospect}\nfields: {budget: worth, fax: null}\nactions: {lead.call: null}\nset: {worth: 1.5}\n"
    + "void: [prospect.agree]\n"
)


def test_a_sound_plan_is_read_whole() -> None:
    assert found(WHOLE) == []
    plan = plan_in(WHOLE.encode(), "plan.yaml")
    assert plan == Plan(
        "sale", (1, 2), 3, {"lead": "prospect"}, {"budget": "worth", "fax": None}, {"lead.call": None},
        {"worth": Decimal("1.5")}, ("prospect.agree",),
    )  # fmt: skip
    jsonschema.Draft202012Validator(SCHEMA).validate({**plan.as_dict(), "set": {"worth": 1.5}})


def test_an_application_may_hand_over_the_same_keys() -> None:
    keys = {**plan_in(WHOLE.encode(), "plan.yaml").as_dict(), "set": {"worth": 1.5}}
    assert given_plan(keys).sha256 == plan_in(WHOLE.encode(), "plan.yaml").sha256
    with pytest.raises(DefinitionInvalid, match='unknown key "stage"'):
        given_plan({**keys, "stage": {}})


def test_the_hash_is_that_of_what_it_says() -> None:
    other = "# why\n" + WHOLE.replace("from: [1, 2]", "from:\n- 2\n- 1")
    assert plan_in(WHOLE.encode(), "a").sha256 == plan_in(other.encode(), "b").sha256
    assert plan_in(WHOLE.replace("null", "worth", 1).encode(), "a").sha256 != plan_in(WHOLE.encode(), "a").sha256


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionInvalid, match="cannot be read"):
        load_plan(tmp_path / "none.yaml")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    kept: Any = SCHEMA["properties"]
    assert all("description" in each for each in kept.values())
