"""Plans of migrations, checked like processes: every finding has its place, and says what was meant."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_offered_fixes import mended as fixed

from procdef import DefinitionInvalid, Plan, load_plan
from procdef.diagnostics import Diagnostic
from procdef.language import load_source
from procdef.language.plans import Versions, given_plan, plan_in, refuse_wrong
from procdef.language.plans.check import findings_in_plan

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


PLAIN = HEAD.replace("[1, 2]", "1")
HABITS: list[tuple[str, str, str, str]] = [
    ("from: 1", "from: 1 to: 3", "a line takes one key; write `to: 3` on a line of its own", "from: 1\nto: 3"),
    ("from: 1", "from: 1, 2", '"from" takes the number of a version; write [1, 2]', "from: [1, 2]"),
    ("from: 1", "from: 1-2", "write [1, 2]", "from: [1, 2]"),
    ("from: 1", "from: v1", "write 1", "from: 1"),
    ("from: 1", 'from: "1"', "write 1", "from: 1"),
    ("to: 3", "to: [3]", "write 3", "to: 3"),
    ("to: 3", "to: version 3", "write 3", "to: 3"),
    ("to: 3", "to: 2 and 3", "all deals go over to one version", ""),
    ("to: 3", "to: latest", '"to" must be a whole number, not "latest"', ""),
    ("process: sale", "process: Sale", '"Sale" is not the id of a process, which has lower-case letters', "process: sale"),
    ("process: sale", "process: sale@1", "write sale", "process: sale"),
    ("process: sale", "process: sale.yaml", "write sale", "process: sale"),
    ("process: sale", "id: sale", 'unknown key "id" in the plan (did you mean "process"?)', "process: sale"),
    ("", "stages: lead -> prospect", "old ids with the new ones behind a colon", "stages: {lead: prospect}"),
    ("", "stages:\n  lead = prospect", "write it like {lead: prospect}", "stages:\n  {lead: prospect}"),
    ("", "stages: [lead: prospect]", "write it like {lead: prospect}", "stages: {lead: prospect}"),
    ("", "stages:\n  - lead: prospect", "write it like {lead: prospect}", ""),
    ("", "stages: {lead -> prospect}", "on the two sides of a colon and a space", "stages: {lead: prospect}"),
    ("", "stages: {lead:prospect}", "on the two sides of a colon and a space", "stages: {lead: prospect}"),
    ("", "stages: {lead prospect}", "on the two sides of a colon and a space", "stages: {lead: prospect}"),
    ("", "stages: {lead: to prospect}", "write prospect", "stages: {lead: prospect}"),
    ("", "stages: {lead: Prospect}", "write prospect", "stages: {lead: prospect}"),
    ("", "stages: {lead: {becomes: prospect}}", "is one new id; write it like lead: prospect", ""),
    ("", "stages: {from: lead, to: prospect}", "write it like stages: {lead: prospect}", ""),
    ("", "stages: {lead: null}", "a stage is not dropped, as its deals have to be somewhere", ""),
    ("", "stages:", "is empty; fill it in or remove it", ""),
    ("", "stages: {prospect: lead}", "the old id stands before the colon and the new one behind it; write lead: prospect", ""),
    ("", "fields: {fax: drop}", 'no field "drop" in version 3; to drop what is there, write null', "fields: {fax: null}"),
    ("", 'fields: {fax: "null"}', "write null", "fields: {fax: null}"),
    ("", "fields: {fax: false}", "write null", "fields: {fax: null}"),
    ("", "fields: {fax: -}", '"-" is no id; to drop what is there, write null', "fields: {fax: null}"),
    ("", "fields:\n  fax: -", "a dash alone is no value; to drop what is there, write fax: null", "fax: null"),
    ("", "actions:\n  lead.call: - # gone", "to drop what is there, write lead.call: null", "lead.call: null"),
    ("", "fields: fax: null", "two keys on one line need brackets; write {fax: null}", "fields: {fax: null}"),
    ("", "fields: {deal.budget: worth}", "write budget", "fields: {budget: worth}"),
    ("", "actions: {call: null}", '"call" lacks its stage; a plan names an action with the stage', ""),
    ("", "actions: [lead.call]", "actions: {lead.call: NEW}, or {lead.call: null} to drop it", ""),
    ("", "actions: {lead/call: null}", '"lead/call" does not name an action, which', "actions: {lead.call: null}"),
    ("", "actions: {Lead.Call: null}", "write lead.call", "actions: {lead.call: null}"),
    ("", "actions: {lead: {call: null}}", "in one word; write it like {lead.call: null}", ""),
    ("", "actions: {lead.call: drop}", "write null", "actions: {lead.call: null}"),
    ("", "actions: {quotation.send_offer: null}", 'no action "quotation.send_offer" (there are lead.call, lead.agree)', ""),
    ("", "set: worth=5", "write it like {worth: 5}", "set: {worth: 5}"),
    ("", "set: [worth: 5]", "write it like {worth: 5}", ""),
    ("", "set: 5", "write it like {field: value}", ""),
    ("", "void: {prospect.call: null}", "write it like void: [prospect.call]", ""),
    ("", "void: prospect.call, prospect.agree", "several actions stand in a list", "void: [prospect.call, prospect.agree]"),
    ("", "void: true", '"void" takes actions, each as stage.action, and not true', ""),
    ("", "void: all", '"all" is no action; name each that is to be done again, as stage.action', ""),
    ("", "void: ['*']", '"*" is no action; name each', ""),
    ("", "void:", "is empty; fill it in or remove it", ""),
    ("", "rename: {lead: prospect}", "what has another id stands under `stages`, `fields` or `actions`", ""),
    ("", "drop: [fax]", "what is dropped stands under `fields` or `actions`, with null behind it", ""),
    ("", "redo: [prospect.call]", 'did you mean "void"?', "void: [prospect.call]"),
    ("", "reason: a law", "why is said to the command, with --reason", ""),
    ("", "deals: [A-1]", "deals are chosen with the command", ""),
    ("", "criteria: {fits: null}", "as deals go over without an answer to them; leave it out", ""),
]
"""What stands in a sound plan, what somebody writes there (below the plan where nothing is named), what is said of it, and
what the offered fix makes of it, where one is offered."""


@pytest.mark.parametrize(("right", "wrong", "said", "mended"), HABITS, ids=[habit[1] for habit in HABITS])
def test_a_habit_is_told_once_and_its_fix_mends(right: str, wrong: str, said: str, mended: str) -> None:
    written = PLAIN.replace(right, wrong, 1) if right else PLAIN + wrong + "\n"
    if "to: 3" in wrong and right.startswith("from"):
        written = written.replace("\nto: 3\n", "\n", 1)
    (one,) = findings(written)
    assert said in one.message, one.message
    assert (one.fix is not None) is bool(mended), one
    if one.fix is not None:
        sound = fixed(written, one)
        assert (mended in sound, findings(sound)) == (True, []), sound


def findings(text: str) -> list[Diagnostic]:
    return findings_in_plan(text.encode(), "plan.yaml", (OLD, OTHER, NEW))


def test_an_application_is_told_the_same() -> None:
    keys = {"procdef-plan": 1, "process": "sale", "from": 1, "to": 3}
    with pytest.raises(DefinitionInvalid, match=r"^<plan>\.actions\.lead\.call:1:1: .* to drop what is there, write null"):
        given_plan({**keys, "actions": {"lead.call": "drop"}})
    with pytest.raises(DefinitionInvalid, match=r"^<plan>\.stages\.leed:1:1: version 1 has no stage"):
        refuse_wrong(given_plan({**keys, "stages": {"leed": "prospect"}}), VERSIONS._replace(old=(OLD,)))


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
