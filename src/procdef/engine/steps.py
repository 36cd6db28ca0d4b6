"""A step ready to be judged, and as a file of steps writes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from procdef.commands import ARGUMENTS, COMMANDS, Actor, Argument, ArgumentKind, Command, Note
from procdef.deal import Deal
from procdef.engine.arguments import deal_name, request_key, well_formed, when
from procdef.errors import InvalidArgument

_ALWAYS = ("by", "roles", "deal", "do")
_MAYBE = ("happened", "request")


class Step(NamedTuple):
    """A command on a deal, ready to be judged. ``imported``: ``happened`` is the moment that the rules look at."""

    name: str
    command: Command
    by: Actor
    request: str | None = None
    happened: str | None = None
    imported: bool = False


def _written(verb: str) -> list[Argument]:
    """The arguments of a command that stand in a step; which process it is about is a matter of the whole file."""
    return [argument for argument in ARGUMENTS[COMMANDS[verb]] if argument.kind is not ArgumentKind.PROCESS]


def _keys(verb: str) -> tuple[dict[str, None], frozenset[str]]:
    """The keys that a step of that verb needs, in the order in which missing ones are told, and all that it may have."""
    arguments = _written(verb)
    needs = dict.fromkeys((*_ALWAYS, *(argument.written for argument in arguments if argument.needed)))
    return needs, frozenset((*needs, *_MAYBE, *(argument.written for argument in arguments)))


_KEYS = {verb: _keys(verb) for verb in COMMANDS}
_NAMES = {verb: tuple((argument.name, argument.written) for argument in _written(verb)) for verb in COMMANDS}
_OF_PROCESS = {
    verb: argument.name for verb in COMMANDS for argument in ARGUMENTS[COMMANDS[verb]] if argument.kind is ArgumentKind.PROCESS
}


def read_step(process: str, given: Mapping[str, Any], runner: Actor) -> Step:
    """The step that a line of a steps file describes, done by ``runner`` on behalf of its ``by``.

    Raises ``InvalidArgument`` for an unknown or missing key or one of the wrong type.
    """
    if not isinstance(given, Mapping):
        raise InvalidArgument("a step is an object: {...}")
    verb = given.get("do")
    if not isinstance(verb, str) or verb not in COMMANDS:
        raise InvalidArgument(f"`do` is one of {', '.join(COMMANDS)}")
    needs, may = _KEYS[verb]
    if not given.keys() >= needs.keys():
        raise InvalidArgument(f"the step lacks {', '.join(key for key in needs if key not in given)}")
    if not given.keys() <= may:
        unknown = (repr(key) for key in given if key not in may)
        raise InvalidArgument(f"a step with `do: {verb}` has no key {', '.join(unknown)}")
    empty = [key for key, value in given.items() if value is None]
    if empty:
        raise InvalidArgument(f"the step has nothing under {', '.join(empty)}; leave out what there is not")
    return Step(
        deal_name(given["deal"]),
        well_formed(_command(process, verb, given)),
        _on_behalf(runner, *_who(given["by"], given["roles"])),
        request_key(given.get("request")),
        when(given.get("happened")),
        imported=True,
    )


def _command(process: str, verb: str, given: Mapping[str, Any]) -> Command:
    """The command of a step whose keys are known."""
    arguments = {name: given[written] for name, written in _NAMES[verb] if written in given}
    if verb in _OF_PROCESS:
        arguments[_OF_PROCESS[verb]] = process
    return COMMANDS[verb](**arguments)


def _who(person: object, roles: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(person, str) or not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise InvalidArgument("`by` is a text, `roles` is a list of texts")
    return person, tuple(roles)


@lru_cache(maxsize=1024)
def _on_behalf(runner: Actor, person: str, roles: tuple[str, ...]) -> Actor:
    """The one who runs the file, for the person that a line names; one person takes many steps."""
    claimed = Actor(person, frozenset(roles), auth="claimed")
    return Actor(runner.id, runner.roles, runner.auth, runner.source, behalf=claimed)


def refuse_early(step: Step, deal: Deal) -> None:
    """Raise ``InvalidArgument`` for a time before the deal's latest step: only a note may tell of what was before that."""
    begin, what = deal.latest, "the deal's latest step"
    if isinstance(step.command, Note) and not step.imported:
        begin, what = deal.started, "the deal began"
    if step.happened is not None and step.happened < begin:
        raise InvalidArgument(f"{step.name}: happened {step.happened} lies before {what}, {begin}", "happened")
