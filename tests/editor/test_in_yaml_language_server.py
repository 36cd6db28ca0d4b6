"""Editors complete, explain and check a process with the schema: yaml-language-server itself is asked, in places of each kind.

It runs where ``PROCDEF_YAML_LANGUAGE_SERVER`` names its command (from npm: it is written for Node).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from language_server import LanguageServer

COMMAND = os.environ.get("PROCDEF_YAML_LANGUAGE_SERVER")
pytestmark = pytest.mark.skipif(not COMMAND, reason="PROCDEF_YAML_LANGUAGE_SERVER names no command")
ROOT = Path(__file__).parents[2]
SOUND = (ROOT / "tests" / "golden" / "ok" / "syntax.yaml").read_text("utf-8")
NEXT, DATE, LOST = "    next: delivery", "{type: date}", "{reasons: {no_need: No need}}"
HAS_DATE = "      has_date: {require: [due]}"
PRICE = "      price: {title: Price the offer, records: [offer], evidence: note, milestone: offer}"
MAPPING = "Property {} is not allowed."
ID = "An id has lower-case letters, digits and _, and begins with a letter"
DURATION = "Write a whole number and a unit, such as 3 days or 10 business days"


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    assert COMMAND
    with LanguageServer(COMMAND, ROOT / "schemas" / "process.schema.json") as started:
        yield started


def marked(right: str, wrong: str) -> tuple[str, int, int]:
    """The sound process with a change, and the line and column of its mark («), counted from 0."""
    assert right in SOUND
    before, _, after = SOUND.replace(right, wrong, 1).partition("«")
    return before + after, before.count("\n"), len(before) - before.rfind("\n") - 1


def test_the_sound_process_has_no_findings(server: LanguageServer) -> None:
    assert server.findings(SOUND) == []


@pytest.mark.parametrize(
    ("said", "right", "wrong"),
    [
        (MAPPING.format("wen"), NEXT, "    next: {delivery: {«wen: due is set}}"),
        (MAPPING.format("wen"), NEXT, "    back: {delivery: {«wen: due is set}}"),
        ('Incorrect type. Expected "string".', NEXT, "    next: {delivery: {when: «5}}"),
        ("Incorrect type. Expected one of object, null.", NEXT, "    next: {delivery: «5}"),
        (MAPPING.format("ownr"), "owner: seller", "«ownr: seller"),
        (MAPPING.format("lots"), "lost: ", "«lots: "),
        (MAPPING.format("requir"), HAS_DATE, "      has_date: {«requir: [due]}"),
        ("Incorrect type. Expected one of string, object.", HAS_DATE, "      has_date: «5"),
        (ID, HAS_DATE, "      has_date: {require: [«Due]}"),
        ('Incorrect type. Expected "string | array".', "records: [offer]", "records: «5"),
        ('Incorrect type. Expected "string | Text by language".', "title: Meeting", "title: «5"),
        ('Incorrect type. Expected "Reasons".', LOST, "{reasons: «[no_need]}"),
        ('Incorrect type. Expected "Options | array".', DATE, "{type: choice, options: «5}"),
        ('Incorrect type. Expected "array".', "languages: [en]", "languages: «en"),
        ("Value is above the maximum of 100.", "probability: 20", "probability: «120"),
        ("Value is below the minimum of 1.", "version: 1", "version: «0"),
        (DURATION, NEXT, f"    sla: {{within: «3 dys}}\n{NEXT}"),
        (DURATION, NEXT, f"    sla: {{within: 3 days, remind: «soon}}\n{NEXT}"),
        ("Write hours like 09:00-17:00", "currency: EUR", "currency: EUR\ncalendar: {timezone: UTC, hours: {mon: «9-17}}"),
        ("Write the code of a currency, such as EUR", "currency: EUR", "currency: «euro"),
        ("The id of a process has lower-case letters, digits and -, and begins with a letter", "id: small", "id: «Small"),
        ('Missing property "options".', f"  due: {DATE}", "  «due: {type: choice}"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place_in_words_that_help(
    server: LanguageServer, said: str, right: str, wrong: str
) -> None:
    text, line, column = marked(right, wrong)
    told = [(one["message"], one["range"]["start"]) for one in server.findings(text)]
    assert told == [(said, {"line": line, "character": column})]


@pytest.mark.parametrize(
    ("offered", "right", "wrong"),
    [
        (["description", "calendar", "placeholders", "scores", "measures"], "currency: EUR\n", "currency: EUR\n«\n"),
        (["sla", "entry_criteria", "back", "playbook"], "    owner: seller\n", "    owner: seller\n    «\n"),
        (["text", "money", "choice", "list"], "type: money", "type: «"),
        (["title", "when", "by", "reason", "unfinished"], NEXT, "    next:\n      delivery:\n        «"),
        (["title", "by"], NEXT, "    back:\n      meeting:\n        «"),
        (["check", "require", "message", "fix", "waivable_by"], HAS_DATE, "      has_date:\n        «"),
        (["by", "when", "ways", "records", "needs", "four_eyes"], PRICE, "      price:\n        title: Price\n        «"),
        (["none", "note", "link", "document"], "evidence: note", "evidence: «"),
        (["offer"], "milestone: offer", "milestone: «"),
        (["won"], "outcome: won", "outcome: «"),
        (["reasons", "note", "reopen"], f"lost: {LOST}", "lost:\n  «"),
        (["by", "within"], f"lost: {LOST}", "lost:\n  reopen:\n    «"),
        (["required", "optional"], f"lost: {LOST}", "lost:\n  note: «"),
        (["value", "close", "assign_by", "correct_by"], "deal: {value: offer}", "deal:\n  «"),
        (["week", "month", "quarter", "year"], "per: month", "per: «"),
        (["goal", "guide", "questions", "objections", "materials"], NEXT, f"    playbook:\n      «\n{NEXT}"),
        (["within", "remind", "escalate_to"], NEXT, f"    sla:\n      «\n{NEXT}"),
        (["pipeline", "best_case", "commit", "omitted"], NEXT, f"    forecast: «\n{NEXT}"),
        (["timezone", "holidays", "region", "hours", "closed"], "currency: EUR\n", "currency: EUR\ncalendar:\n  «\n"),
        (["true", "false"], "start: true", "start: «"),
        (["type", "title", "required", "options"], f"  due: {DATE}", "  due:\n    type: list\n    items:\n      a:\n        «"),
    ],
)  # fmt: skip
def test_words_are_offered_where_they_fit(server: LanguageServer, offered: list[str], right: str, wrong: str) -> None:
    text, line, column = marked(right, wrong)
    assert [word for word in offered if word not in server.completions(text, line, column)] == []


@pytest.mark.parametrize(
    ("explained", "right", "wrong"),
    [
        ("The ISO 4217 code of all money", "currency", "curr«ency"),
        ("Roles that work in the stage", "owner: seller", "own«er: seller"),
        ("The ways forward", "next: delivery", "ne«xt: delivery"),
        ("When this way is open", NEXT, "    next: {delivery: {wh«en: due is set}}"),
        ("A way forward to this stage", NEXT, "    next: {deli«very: {when: due is set}}"),
        ("Fields that must be filled", "require:", "req«uire:"),
        ("What must be handed in with it", "evidence", "evid«ence"),
        ("What the field holds", "type: money", "ty«pe: money"),
        ("The name of the stage", "title: Meeting", "ti«tle: Meeting"),
        ("A fact about a deal", "offer: {type", "off«er: {type"),
        ("A stage that a deal passes", "  meeting:\n", "  mee«ting:\n"),
        ("Who works in the process; people take roles", "seller: {title", "sel«ler: {title"),
        ("Something to be done in the stage", "price: {title", "pri«ce: {title"),
        ("What must hold to enter or to leave the stage", "has_date:", "has«_date:"),
        ("from when the deal entered the stage", NEXT, f"    sla: {{wi«thin: 3 days}}\n{NEXT}"),
        ("Entering this stage means that the deal is won", "outcome: won", "out«come: won"),
        ("how likely a deal here is won".lower(), "probability: 20", "prob«ability: 20"),
        ("start", "start: true", "st«art: true"),
        ("Example", "milestone: offer", "mile«stone: offer"),
        ("Example", "reasons: ", "rea«sons: "),
    ],
)  # fmt: skip
def test_keys_and_ids_are_explained(server: LanguageServer, explained: str, right: str, wrong: str) -> None:
    assert explained.lower() in server.hover(*marked(right, wrong)).lower()
