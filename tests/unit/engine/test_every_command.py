"""Every command has its place wherever a command must be known: one that was forgotten somewhere is named here."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

import click
import pytest

from procdef import Actor, Engine, InvalidArgument, RequestConflict, StepRefused
from procdef.audit.bundle import verify_bundle
from procdef.cli import command_table
from procdef.commands import ARGUMENTS, COMMANDS, Argument, ArgumentKind, Start
from procdef.decide.moves import MOVES
from procdef.decide.within_stage import WITHIN_STAGE
from procdef.engine.idempotency import command_bytes
from procdef.engine.steps import read_step
from procdef.events.first_of_command import FIRST, MODES
from procdef.events.types import BY_NAME
from procdef.results.suggestion import Blank, Suggestion
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

ROOT = Path(__file__).parents[3]
every_command = pytest.mark.parametrize("verb", COMMANDS)
in_memory = pytest.mark.parametrize("desk", ["memory:"], indirect=True)

GIVEN: Mapping[ArgumentKind, Any] = {
    ArgumentKind.PROCESS: "small",
    ArgumentKind.START_STAGE: "lead",
    ArgumentKind.NEXT_STAGE: "delivery",
    ArgumentKind.EARLIER_STAGE: "lead",
    ArgumentKind.ACTION: "send",
    ArgumentKind.WAY: "mail",
    ArgumentKind.CRITERION: "enough",
    ArgumentKind.LOSS_REASON: "price",
    ArgumentKind.OBJECTION: "too_dear",
    ArgumentKind.DEAL: "D",
    ArgumentKind.PERSON: "matti",
    ArgumentKind.FIELD_VALUES: {"email": "anna@b.example", "amount": "5"},
    ArgumentKind.FREE_TEXT: "Anna said so",
    ArgumentKind.EVIDENCE: "told by Anna",
    ArgumentKind.SWITCH: True,
}


def example(argument: Argument) -> Any:
    """Something that the argument may be."""
    return argument.words[0] if argument.words else GIVEN[argument.kind]


def examples(verb: str) -> dict[str, Any]:
    """All arguments of the engine's method but those of every step."""
    return {argument.name: example(argument) for argument in ARGUMENTS[COMMANDS[verb]]}


def line(verb: str) -> dict[str, Any]:
    """The step of a steps file with all its arguments."""
    arguments = [each for each in ARGUMENTS[COMMANDS[verb]] if each.kind is not ArgumentKind.PROCESS]
    whole = {argument.written: example(argument) for argument in arguments}
    return {"by": "maija", "roles": ["seller"], "deal": "D", "do": verb, **whole}


def took(desk: Desk) -> None:
    """A deal D that came to the offer by way of the lead."""
    desk.engine.start("small", "D", by=desk.seller, stage="lead", values={"email": "a@b.example"})
    desk.engine.do("D", "research", by=desk.seller, values={"company": "Acme"})
    desk.engine.advance("D", by=desk.seller)


def sent(desk: Desk) -> None:
    desk.offered()
    desk.engine.do("D", "send", by=desk.seller, way="mail", evidence="https://x.example/offer")


def lost(desk: Desk) -> None:
    desk.offered()
    desk.engine.lose("D", "price", by=desk.seller, note="too dear")


def done(desk: Desk) -> None:
    desk.won()
    desk.engine.do("D", "deliver", by=desk.deliverer)


class Applied(NamedTuple):
    """A step that is applied: what comes before it, who takes it, and its arguments."""

    before: Callable[[Desk], None]
    by: str
    given: Mapping[str, Any]


APPLIED: Mapping[str, Applied] = {
    "start": Applied(took, "seller", {"process": "small", "deal": "N", "stage": "lead", "origin": "D", "values": {}}),
    "record": Applied(took, "manager", {"values": {"company": "Acme Oy"}, "correct": True, "reason": "typing error"}),
    "do": Applied(took, "seller", {"action": "price", "values": {"amount": "1", "discount": "2"}, "note": "by phone"}),
    "advance": Applied(sent, "seller", {"to": "delivery", "reason": "signed"}),
    "back": Applied(took, "seller", {"to": "lead", "reason": "wrong company"}),
    "waive": Applied(took, "manager", {"criterion": "enough", "reason": "a first order"}),
    "lose": Applied(took, "seller", {"reason": "price", "note": "too dear"}),
    "reopen": Applied(lost, "manager", {"reason": "they called back"}),
    "finish": Applied(done, "deliverer", {}),
    "assign": Applied(took, "manager", {"person": "matti"}),
    "note": Applied(took, "other", {"text": "They called", "kind": "call"}),
}


def sound(desk: Desk) -> bool:
    """Whether the whole log verifies."""
    with desk.store.inspect() as tx:
        return list(verify(tx, Tally())) == []


@every_command
def test_the_engine_has_a_method_with_the_arguments_that_are_declared(verb: str) -> None:
    command = COMMANDS[verb]
    method = inspect.signature(getattr(Engine, verb)).parameters
    hints = get_type_hints(getattr(Engine, verb))
    shared = ["by", "request", "dry_run", *(["happened"] if command.dated else [])]
    assert sorted(["self", "deal", *examples(verb), *shared]) == sorted(method)
    for argument in ARGUMENTS[command]:
        assert argument.needed is (method[argument.name].default is inspect.Parameter.empty)
        declared = get_type_hints(command)[argument.name]
        may_be_left_out = argument.kind is ArgumentKind.FIELD_VALUES and not argument.needed
        assert hints[argument.name] == (declared | None if may_be_left_out else declared)


@every_command
def test_a_line_of_a_steps_file_has_the_arguments_that_are_declared(verb: str) -> None:
    command, runner = COMMANDS[verb], Actor("runner")
    assert read_step("small", line(verb), runner).command == command(**examples(verb))
    for argument in ARGUMENTS[command]:
        fewer = {key: value for key, value in line(verb).items() if key != argument.written}
        if argument.needed and argument.kind is not ArgumentKind.PROCESS:
            with pytest.raises(InvalidArgument, match=f"lacks {argument.written}"):
                read_step("small", fewer, runner)
        else:
            read_step("small", fewer, runner)
    for key in {argument.written for each in ARGUMENTS.values() for argument in each} - set(line(verb)):
        with pytest.raises(InvalidArgument, match="no key"):
            read_step("small", {**line(verb), key: "x"}, runner)


@in_memory
@every_command
def test_a_request_key_stands_for_every_argument(desk: Desk, verb: str) -> None:
    command, definition = COMMANDS[verb], desk.engine.definition("small")
    whole = command_bytes(command(**examples(verb)), "maija", None, definition)
    assert json.loads(whole)["do"] == verb
    assert set(json.loads(whole)["arguments"]) == {argument.written for argument in ARGUMENTS[command]}
    for argument in ARGUMENTS[command]:
        other = {str: "another", dict: {"amount": "6"}, bool: False}[type(example(argument))]
        changed = command(**{**examples(verb), argument.name: other})
        assert whole != command_bytes(changed, "maija", None, definition), argument.name


@every_command
def test_the_command_line_has_the_arguments_that_are_declared(verb: str) -> None:
    command = command_table.program.get_command(click.Context(command_table.program), verb)
    assert command is not None
    expected = {"deal", "request", "dry_run", "happened"} if COMMANDS[verb].dated else {"deal", "request", "dry_run"}
    assert {*examples(verb), *expected} == {parameter.name for parameter in command.params if parameter.expose_value}
    for argument in ARGUMENTS[COMMANDS[verb]]:
        for parameter in (each for each in command.params if each.name == argument.name):
            assert argument.positional is isinstance(parameter, click.Argument)
            assert argument.needed is parameter.required
            assert not isinstance(parameter, click.Option) or str(parameter.help).startswith(argument.help)


@every_command
def test_a_suggestion_of_it_is_a_line_that_the_command_line_takes(verb: str) -> None:
    arguments = [each for each in ARGUMENTS[COMMANDS[verb]] if each.kind is not ArgumentKind.FIELD_VALUES]
    named = {argument.written: example(argument) for argument in arguments if not argument.kind.personal}
    blanks = tuple(Blank(argument.written, "text") for argument in arguments if argument.kind.personal)
    fields = (Blank("values", "money", "amount"),) if len(arguments) < len(examples(verb)) else ()
    program, given, *words = shlex.split(Suggestion(verb, "D", named, (*blanks, *fields)).command.replace("...", "x"))
    assert (program, given) == ("procdef", verb)
    command = command_table.program.get_command(click.Context(command_table.program), verb)
    assert command is not None
    typed = command.make_context(verb, words).params
    assert typed["deal"] == "D"
    assert typed.get("values", ()) == ("amount=x",) * len(fields)
    for argument in arguments:
        assert typed[argument.name] == ("x" if argument.kind.personal else example(argument)), argument.name


def test_the_command_line_has_every_command_in_its_table() -> None:
    assert set(COMMANDS) - {"start"} == {name for name, (module, _) in command_table.COMMANDS.items() if module is None}
    assert set(COMMANDS) <= set(command_table.COMMANDS)


@every_command
def test_one_place_judges_it(verb: str) -> None:
    command = COMMANDS[verb]
    assert [command is Start, command in MOVES, command in WITHIN_STAGE].count(True) == 1


@every_command
def test_a_type_of_event_says_that_it_begins_with_it(verb: str) -> None:
    assert FIRST[verb]
    assert verb == "start" or MODES[verb]


def test_there_is_an_example_of_each_that_is_applied() -> None:
    assert set(COMMANDS) == set(APPLIED)


@in_memory
@every_command
def test_sent_again_it_is_recognised(desk: Desk, verb: str) -> None:
    before, by, given = APPLIED[verb]
    before(desk)
    step = {"deal": "D", "by": getattr(desk, by), "request": "key-1", **given}
    first = getattr(desk.engine, verb)(**step)
    assert first.events[0]["type"] in FIRST[verb]
    again = getattr(desk.engine, verb)(**step)
    assert (again.replayed, again.events, again.deal) == (True, (), first.deal)
    with pytest.raises(RequestConflict):
        desk.engine.note(step["deal"], "Something else", by=desk.seller, request="key-1")
    assert sound(desk)


@in_memory
@every_command
def test_refused_it_names_its_arguments_and_keeps_personal_ones_apart(desk: Desk, verb: str) -> None:
    desk.offered()
    nobody = Actor("guest", frozenset({"visitor"}))
    starting = verb == "start"
    for replayed in (False, not starting):  # a refused start is no deal's, so nothing remembers its key
        with pytest.raises(StepRefused) as refused:
            getattr(desk.engine, verb)(**examples(verb), deal="Anna" if starting else "D", by=nobody, request="key-1")
        assert refused.value.replayed is replayed
    (stored, *_) = [item.event for item in desk.engine.feed() if item.event["type"] == "step.refused"]
    arguments = ARGUMENTS[COMMANDS[verb]]
    apart = {f"/arguments/{argument.written}" for argument in arguments if argument.kind.personal}
    apart |= {"/arguments/values/email"} if any(a.kind is ArgumentKind.FIELD_VALUES for a in arguments) else set()
    apart |= {"/arguments/key"} if starting else set()
    assert stored["data"]["do"] == verb
    assert apart == set(stored.get("private", ()))
    shown = {argument.written for argument in arguments if not argument.kind.personal}
    assert shown == set(stored["data"]["arguments"])
    assert "Anna" not in json.dumps(stored)
    assert sound(desk)


def test_who_verifies_a_bundle_expects_every_personal_argument_apart() -> None:
    personal = {a.written for arguments in ARGUMENTS.values() for a in arguments if a.kind.personal}
    expected = {f"arguments/{name}*" for name in {*personal, "key"}}
    assert expected == {key for key in verify_bundle.DATA["step.refused"] if key.startswith("arguments/")}


def test_the_event_of_a_refusal_declares_every_personal_argument() -> None:
    personal = {a.written for arguments in ARGUMENTS.values() for a in arguments if a.kind.personal}
    assert {f"/arguments/{name}" for name in {*personal, "key"}} == set(BY_NAME["step.refused"].personal)


def rows(page: str, heading: str) -> dict[str, str]:
    """The rows of the first table below a heading of a page, by the first column."""
    section = (ROOT / "docs" / page).read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(.*?)`.*? \| (.*) \|$", section, re.MULTILINE))


@every_command
def test_the_page_on_steps_files_names_its_keys(verb: str) -> None:
    told = re.sub(r"\(.*?\)", "", rows("importing.md", "The keys of a step")[verb])
    needs, may = (re.findall(r"`(\w+)(?:: true)?`", cell) for cell in told.split("|"))
    arguments = [each for each in ARGUMENTS[COMMANDS[verb]] if each.kind is not ArgumentKind.PROCESS]
    assert sorted(argument.written for argument in arguments if argument.needed) == sorted(needs)
    assert sorted(argument.written for argument in arguments if not argument.needed) == sorted(may)


@every_command
@pytest.mark.parametrize("page", ["meaning.md", "output.md"])
def test_the_pages_on_meaning_and_output_name_it(verb: str, page: str) -> None:
    assert f"`{verb}`" in (ROOT / "docs" / page).read_text("utf-8")


@every_command
def test_the_oracle_knows_it(verb: str) -> None:
    assert f'"{verb}": (' in (ROOT / "tests" / "property" / "oracle" / "steps.py").read_text("utf-8")
