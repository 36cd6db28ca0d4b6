"""Every command that a screen or a refusal offers works once its blanks are filled in."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from office import PROCESS

from procdef import load
from procdef.cli import run

VERBS = "do|record|waive|advance|back|lose|reopen|finish|note|start"
COMMAND = re.compile(rf"(?:(?P<who>[a-z, ]+?)(?: \(you\))?: )?(?P<command>procdef (?:{VERBS}) .*)")
VALUES = {
    "company": "Acme", "email": "a@acme.example", "score": "72", "price": "900", "discount": "12%", "size": "big",
    "deciders": '[{"name": "Ann", "signs": true}]', "meeting": "2026-01-31T12:00+02:00",
}  # fmt: skip
OPTIONS = {
    "--reason": "because",
    "--note": "they said so",
    "--evidence": f"it.pdf sha256:{'0' * 64}",
    "--objection": "busy",
}
WAYS = {"call": "phone", "research": "phone"}
PEOPLE = {"seller": "maija", "manager": "jaana", "delivery": "tero"}


def offered(text: str, reader: str = "seller") -> list[tuple[str, str]]:
    """The roles and the commands that stand in a text; one without a role is for who reads it."""
    found = [COMMAND.search(line) for line in text.splitlines()]
    return [(match["who"] or reader, match["command"]) for match in found if match]


def filled_in(command: str) -> list[str]:
    """The command with something fitting in each blank."""
    words = shlex.split(command)[1:]
    return [_filled(words, place) for place in range(len(words))]


def _filled(words: list[str], place: int) -> str:
    word, before = words[place], words[place - 1]
    if word != "...":
        name = word.removesuffix("...").rstrip(":=")
        return word.replace("...", VALUES[name]) if word.endswith("=...") else word
    if words[0] == "advance" and place == 2:
        return "parked"
    if before == "--way":
        return WAYS[words[2]]
    if before == "--evidence" and "wait" in words:
        return "https://acme.example/answer"
    return OPTIONS.get(before) or ("no_need" if words[0] == "lose" else "They called back")


def works(who: str, command: str, folder: Path, copy: Path) -> bool:
    """Whether the command works, tried on a copy of the database."""
    for file in folder.glob("procdef.db*"):
        shutil.copy(file, copy / file.name)
    role = who.strip().split(" or ")[0].strip()
    person = "jaana" if role == "manager" else PEOPLE[role]
    database = f"sqlite:///{copy / 'procdef.db'}"
    return run(["--db", database, "--as", f"{person}:{role}", *filled_in(command)]) == 0


STEPS: list[tuple[str, str]] = [
    ("maija:seller", "note A-1 hello"),
    ("maija:seller", "do A-1 research company=Acme email=a@acme.example size=small"),
    ("jaana:manager", "waive A-1 fits --reason strategic"),
    ("maija:seller", "advance A-1 offer"),
    ("maija:seller", 'do A-1 quote price=900 discount=12% \'deciders:=[{"name": "Ann", "signs": false}]\''),
    ("jaana:manager", "do A-1 approve --reject --note dear"),
    ("jaana:manager", "do A-1 approve --approve"),
    ("maija:seller", f"do A-1 send --evidence 'o.pdf sha256:{'1' * 64}'"),
    ("maija:seller", "do A-1 remind"),
    ("maija:seller", "lose A-1 price --note dear"),
    ("jaana:manager", "reopen A-1 --reason again"),
    ("maija:seller", "advance A-1 parked --reason small"),
    ("maija:seller", "do A-1 wait --evidence https://acme.example/x"),
    ("maija:seller", "record A-1 score=72"),
    ("maija:seller", "advance A-1 offer"),
    ("maija:seller", "do A-1 remind"),
    ("jaana:manager", "waive A-1 decided --reason trusted"),
    ("maija:seller", "advance A-1 delivery"),
    ("tero:delivery", "do A-1 deliver meeting=2026-01-31T12:00+02:00"),
    ("tero:delivery", "finish A-1"),
]


def test_every_command_on_every_screen_of_a_deals_life_works_once_filled_in(office, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    broken, tried = [], set()
    for actor, step in STEPS:
        _, screen, _ = office("status", "A-1")
        for who, command in offered(screen):
            tried.add(command)
            if not works(who, command, tmp_path, copy):
                broken.append((step, who, command))
        code, _, complaint = office("--as", actor, *shlex.split(step))
        assert code == 0, complaint
    assert broken == []
    assert {command.split()[1] for command in tried} == {
        "do", "record", "waive", "advance", "back", "lose", "reopen", "finish", "note"
    }  # fmt: skip


REFUSALS: list[tuple[int, str, str]] = [
    (0, "maija:seller", "advance A-1 offer"),
    (0, "maija:seller", "do A-1 research company=Acme"),
    (0, "maija:seller", "do A-1 call"),
    (0, "maija:seller", "lose A-1"),
    (0, "maija:seller", "lose A-1 price"),
    (0, "jaana:manager", "waive A-1 fits"),
    (0, "jaana:manager", "record A-1 score=3 --correct"),
    (0, "jaana:manager", "record A-1 score=3"),
    (4, "maija:seller", "advance A-1 delivery"),
    (4, "maija:seller", "do A-1 send"),
    (5, "jaana:manager", "do A-1 approve"),
    (5, "maija:seller", "back A-1 lead"),
    (5, "maija:seller", "do A-1 send"),
    (5, "maija:seller", "advance A-1 parked"),
    (8, "maija:seller", "advance A-1"),
    (8, "maija:seller", "advance A-1 delivery"),
    (10, "maija:seller", "advance A-1"),
    (18, "maija:seller", "finish A-1"),
]


@pytest.mark.parametrize(("after", "actor", "step"), REFUSALS)
def test_every_command_that_a_refusal_offers_works_once_filled_in(after, actor, step, office, tmp_path: Path) -> None:
    for who, taken in STEPS[:after]:
        code, _, complaint = office("--as", who, *shlex.split(taken))
        assert code == 0, complaint
    copy = tmp_path / "copy"
    copy.mkdir()
    code, _, complaint = office("--as", actor, *shlex.split(step))
    assert code == 1
    found = offered(complaint, actor.partition(":")[2])
    assert found, complaint
    assert [command for who, command in found if not works(who, command, tmp_path, copy)] == []


def test_a_refused_start_offers_itself_with_a_blank_for_what_it_lacks(office, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(
        (tmp_path / "office.yaml")
        .read_text()
        .replace("version: 1", "version: 2")
        .replace("    title: {en: Offer, fi: Tarjous}", "    title: Offer\n    start: true"),
        encoding="utf-8",
    )
    assert office("publish", "two.yaml")[0] == 0
    code, _, complaint = office("start", "office", "B 2", "--stage", "offer", "score=1")
    assert code == 1
    ((_, command),) = offered(complaint)
    assert command == "procdef start office 'B 2' --stage offer score=... email=..."
    assert run(filled_in(command)) == 0


def test_a_refused_start_keeps_the_deal_that_it_grows_from_and_offers_no_waiver(procdef, tmp_path: Path) -> None:
    assert procdef("new", "--from", "b2b-sales", "b2b.yaml")[0] == 0
    assert procdef("publish", "b2b.yaml")[0] == 0
    assert procdef("start", "b2b-sales", "It's A1", "--stage", "prospecting")[0] == 0
    for shape in ((), ("--format", "json")):
        code, printed, complaint = procdef(
            "start", "b2b-sales", "A2", "--stage", "booking", "--from", "It's A1", "has_problem=false", "can_buy=false", *shape
        )
        assert code == 1
        assert "(nothing can be waived at a start)" in printed + complaint
        assert "procdef waive" not in printed + complaint
        named = shlex.quote("It's A1")
        said = complaint or json.loads(printed)["unmet"][-1]["command"]
        given, scored = ("has_problem", "can_buy"), ("line_of_business", "employees")
        assert f"procdef start b2b-sales A2 --stage booking --from {named} {' '.join(f'{name}=...' for name in given)}" in said
        assert all(f" {name}=..." in said for name in (*scored, "company", "contact_email"))


def test_the_command_that_the_shipped_process_gives_for_a_further_sale_works(procdef) -> None:
    assert procdef("new", "--from", "b2b-sales", "b2b.yaml")[0] == 0
    assert procdef("publish", "b2b.yaml")[0] == 0
    assert procdef("start", "b2b-sales", "THIS-KEY", "--stage", "prospecting")[0] == 0
    values = {
        "company": "Acme", "contact_email": "a@acme.example",
        "line_of_business": "food", "employees": "80", "has_problem": "true", "can_buy": "false",
    }  # fmt: skip
    guide = load(Path("b2b.yaml")).stages["after_marketing"].required_actions["start_new_deal"].guide
    assert guide is not None
    command = guide.in_language("en").partition(",")[0]
    words = [word.replace("...", values[word.partition("=")[0]]) if "=" in word else word for word in shlex.split(command)]
    assert run(words[1:]) == 0


def test_the_commands_of_the_json_screen_are_those_of_the_text(office) -> None:
    shown = json.loads(office("status", "A-1", "--format", "json")[1])
    commands = {action["command"] for action in shown["actions"]} | {way["command"] for way in shown["ways"]} - {None}
    text = {command for _, command in offered(office("status", "A-1")[1])}
    assert commands <= text


def test_a_deal_whose_name_looks_like_an_option_or_has_blanks_can_be_named(office, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    assert office("start", "office", "--", "-x")[0] == 0
    assert office("start", "office", "It's big")[0] == 0
    for name in (["--", "-x"], ["It's big"]):
        found = offered(office("status", *name)[1])
        assert len(found) > 3
        assert [command for who, command in found if not works(who, command, tmp_path, copy)] == []


def unfit(names: Iterable[str]) -> list[str]:
    """Fields of the process without a value to fill in."""
    return [name for name in names if name not in VALUES]


def test_the_blanks_of_these_tests_cover_all_fields_of_the_process() -> None:
    assert unfit(load(PROCESS).fields) == []
