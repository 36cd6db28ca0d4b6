"""What a file of scenarios may hold: whatever it is, it is told, and nothing raises."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from orchard import HEAD, PRICED, PROCESS, START, orchard, read, scenario

from procdef.commands import COMMANDS
from procdef.language.shape.quick_validation import fits
from procdef.language.yaml.nodes import plain
from procdef.language.yaml.reader import read as read_yaml
from procdef.scenarios.reading import Processes, read_scenarios

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "scenarios.schema.json").read_text("utf-8"))
STEPS = (
    *PRICED,
    "by: aino, do: advance, to: sold, refused: [approve, {offer.send: action-open}]",
    "after: 2 business days, then: {stage: offer, outcome: open, owner: aino, due: null, overdue: false}",
    "by: both, do: do, action: approve, decision: approve, then: {done: [approve], open: [send], values: {price: 50}}",
    "by: aino, do: note, note: Called, kind: call, happened: 2026-03-04T09:00, then: {events: [deal.noted]}",
    "at: 2026-03-09T09:00, by: onni, do: assign, person: both, deal: one",
)
SOUND = HEAD + scenario(*STEPS) + "    title: All that there is\n    at: 2026-03-02T10:00\n"
ODD = (
    None, True, 0, -1, 3, Decimal("1.5"), "",
    "x", "any", "one", "aino", "won", "2 days", "2026-03-02T09:00", [], {}, ["a", "a"],
    [{}], {"x": None}, {"stage": "sold"}, [{"by": 3}], {"one": {"steps": [None]}}, "x" * 70,
)  # fmt: skip


def holders(value: Any) -> list[Any]:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict | list) and value else []) + [one for each in below for one in holders(each)]


def spoilt(value: Any, chance: random.Random) -> Any:
    """The value with something in it changed, renamed, added or taken away."""
    value = deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        holder = chance.choice(holders(value) or [value])
        if not holder:
            break
        key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        match chance.randrange(4):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[chance.choice(["Bad id", "to", "then", "refused", "at", "steps", "do"])] = deepcopy(chance.choice(ODD))
            case 2 if isinstance(holder, list):
                holder.append(deepcopy(chance.choice([*ODD, holder[0]])))
            case _:
                holder[key] = deepcopy(chance.choice(ODD))
    return value


def in_json(value: Any) -> str:
    """The value as YAML takes it too."""
    return json.dumps(value, default=str)


@pytest.mark.parametrize("seed", range(12))
def test_a_spoilt_file_is_told_and_never_raises(seed: int) -> None:
    chance, root = random.Random(seed), read_yaml(SOUND.encode(), "sound").root
    assert root is not None
    sound = plain(root)
    for _ in range(40):
        value = spoilt(sound, chance)
        file = read_scenarios(in_json(value).encode(), "spoilt", process=orchard())
        again = plain(found) if (found := read_yaml(in_json(value).encode(), "spoilt").root) else None
        assert Draft202012Validator(SCHEMA).is_valid(again) == fits(again, SCHEMA, SCHEMA)
        if not fits(again, SCHEMA, SCHEMA):
            assert [one for one in file.findings if one.severity == "error"]
            assert file.scenarios == ()


def test_a_sound_file_is_read_whole() -> None:
    file = read_scenarios(SOUND.encode(), "sound", process=orchard())
    assert file.findings == ()
    (one,) = file.scenarios
    assert (one.id, one.title, len(one.steps)) == ("one", "All that there is", len(STEPS))
    assert one.begins.isoformat() == "2026-03-02T08:00:00+00:00"
    assert [step.line for step in one.steps] == list(range(8, 8 + len(STEPS)))


def test_the_schema_has_the_verbs_and_arguments_of_every_command() -> None:
    from procdef.scenarios.checking.keys import taken_by

    step = SCHEMA["$defs"]["step"]["properties"]
    assert step["do"]["enum"] == list(COMMANDS)
    taken = {key for command in COMMANDS.values() for key in taken_by(command)}
    assert taken | {"after", "at", "by", "do", "deal", "refused", "then"} == set(step)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "empty-file", "the file is empty; a file of scenarios begins with `procdef-test: 1`"),
        ("procdef-test: 2\n", "newer-language", "this is written in language version 2; this procdef reads version 1"),
        (SOUND + "---\na: 1\n", "several-documents", "a file holds one file of scenarios; remove this second document"),
        (SOUND + "  one: {steps: [{}]}\n", "duplicate-key", 'the key "one" is here twice; remove or rename one'),
        (SOUND.replace("people:", "poeple:"), "unknown-key", 'unknown key "poeple" in the file (did you mean "people"?)'),
        (SOUND.replace("{aino: seller,", "{aino: 3,"), "wrong-type", None),
        (SOUND.replace("do: note,", "do: note, text: Hello,"), "unknown-key", None),
        (SOUND.replace("refused: [approve,", "refused: [action-open,"), "not-in-process",
         "action-open is a code; write what it is about before it, as orchard.survey: action-open"),
        (SOUND.replace("refused: [approve,", "refused: [No such thing,"), "not-in-process", None),
        *(
            (SOUND.replace("refused: [approve, {offer.send: action-open}]", f"refused: {word}"), "wrong-type",
             "`refused` says for what a step is refused, not whether; where it may be for anything, write refused: any")
            for word in ("true", "yes", '"true"')
        ),
        (SOUND.replace("refused: [approve, {offer.send: action-open}]", "refused: false"), "wrong-type",
         "`refused` says for what a step is refused; leave the key out of a step that is to be applied"),
        (SOUND.replace("values: {price: 50}}\n", "values: {price: 50.000}}\n"), "ambiguous-number",
         "50.000 can be read in two ways: write 50 or 50000"),
        (SOUND.replace("action: price, values: {price: 50}", "action: price, values: {price: 1.000}"), "ambiguous-number",
         "1.000 can be read in two ways: write 1 or 1000"),
        (SOUND.replace("2 business days", "two days"), "bad-duration", None),
        (SOUND.replace("{aino: seller,", "{aino: seller, ' x': seller,"), "bad-id", None),
    ],
)  # fmt: skip
def test_a_fault_is_told_once(text: str, code: str, message: str | None) -> None:
    (found,) = read_scenarios(text.encode(), "faulty", process=orchard()).findings
    assert found.code == code
    assert message is None or found.message == message


def test_one_error_keeps_the_whole_file_from_being_played() -> None:
    file = read(scenario(START), scenario("by: nobody, do: start", name="two"))
    assert ([one.code for one in file.findings], file.scenarios) == (["unlisted-person"], ())


def test_a_process_is_read_once_for_all_its_scenarios(tmp_path: Path) -> None:
    (tmp_path / "orchard.yaml").write_text(PROCESS, "utf-8")
    processes = Processes()
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for file in files:
        file.write_text(HEAD + scenario(START), "utf-8")
    first, second = (read_scenarios(file, processes=processes).definition for file in files)
    assert first is not None
    assert first is second


@pytest.mark.parametrize(
    ("process", "message"),
    [
        (None, 'the process "orchard.yaml" cannot be tested: the file cannot be read: No such file or directory'),
        (PROCESS.replace("next: sold\n    back", "next: solt\n    back"),
         'the process "orchard.yaml" cannot be tested: the process has 1 error, the first in line 55: unknown stage "solt"'),
    ],
)  # fmt: skip
def test_a_process_that_cannot_be_used_is_told_where_it_is_named(process: str | None, message: str, tmp_path: Path) -> None:
    if process is not None:
        (tmp_path / "orchard.yaml").write_text(process, "utf-8")
    (tmp_path / "orchard.test.yaml").write_text(HEAD + scenario(START), "utf-8")
    (found,) = read_scenarios(tmp_path / "orchard.test.yaml").findings
    assert (found.code, found.span.line) == ("unreadable-process", 2)
    assert found.message.startswith(message)
