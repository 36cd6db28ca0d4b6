"""A step ready to be judged, and as a file of steps writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from procdef.commands import (
    Actor,
    Advance,
    Assign,
    Back,
    Command,
    Do,
    Finish,
    Lose,
    Note,
    Record,
    Reopen,
    Start,
    Waive,
)
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


# What each verb needs, what it may have, and the command it makes of them.
_VERBS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[str, Mapping[str, Any]], Command]]] = {
    "start": (
        (),
        ("stage", "from", "values"),
        lambda process, a: Start(process, a.get("stage"), a.get("from"), a.get("values", {})),
    ),
    "record": (
        ("values",),
        ("correct", "reason"),
        lambda _, a: Record(a["values"], a.get("correct", False), a.get("reason")),
    ),
    "do": (
        ("action",),
        ("values", "way", "evidence", "note", "decision"),
        lambda _, a: Do(
            a["action"], a.get("values", {}), a.get("way"), a.get("evidence"), a.get("note"), a.get("decision")
        ),
    ),
    "advance": ((), ("to", "reason"), lambda _, a: Advance(a.get("to"), a.get("reason"))),
    "back": (("to",), ("reason",), lambda _, a: Back(a["to"], a.get("reason"))),
    "waive": (("criterion",), ("reason",), lambda _, a: Waive(a["criterion"], a.get("reason"))),
    "lose": ((), ("reason", "note"), lambda _, a: Lose(a.get("reason"), a.get("note"))),
    "reopen": ((), ("reason",), lambda _, a: Reopen(a.get("reason"))),
    "finish": ((), (), lambda _, a: Finish()),
    "assign": (("person",), (), lambda _, a: Assign(a["person"])),
    "note": (("note",), ("kind", "objection"), lambda _, a: Note(a["note"], a.get("kind"), a.get("objection"))),
}


def read_step(process: str, given: Mapping[str, Any], runner: Actor) -> Step:
    """The step that a line of a steps file describes, done by ``runner`` on behalf of its ``by``.

    Raises ``InvalidArgument`` for an unknown or missing key or one of the wrong type.
    """
    if not isinstance(given, Mapping):
        raise InvalidArgument("a step is an object: {...}")
    verb = given.get("do")
    if not isinstance(verb, str) or verb not in _VERBS:
        raise InvalidArgument(f"`do` is one of {', '.join(_VERBS)}")
    needs, may, make = _VERBS[verb]
    missing = [key for key in (*_ALWAYS, *needs) if key not in given]
    if missing:
        raise InvalidArgument(f"the step lacks {', '.join(missing)}")
    unknown = [key for key in given if key not in (*_ALWAYS, *_MAYBE, *needs, *may)]
    if unknown:
        raise InvalidArgument(f"a step with `do: {verb}` has no key {', '.join(map(repr, unknown))}")
    empty = [key for key, value in given.items() if value is None]
    if empty:
        raise InvalidArgument(f"the step has nothing under {', '.join(empty)}; leave out what there is not")
    command = well_formed(make(process, given))
    if type(command) is Assign:
        Actor(command.person)
    return Step(
        deal_name(given["deal"]),
        command,
        _on_behalf(runner, *_who(given["by"], given["roles"])),
        request_key(given.get("request")),
        when(given.get("happened")),
        imported=True,
    )


def _who(person: object, roles: object) -> tuple[str, tuple[str, ...]]:
    if not isinstance(person, str) or not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise InvalidArgument("`by` is a text, `roles` is a list of texts")
    return person, tuple(roles)


@lru_cache(maxsize=1024)
def _on_behalf(runner: Actor, person: str, roles: tuple[str, ...]) -> Actor:
    """The one who runs the file, for the person that a line names; one person takes many steps."""
    claimed = Actor(person, frozenset(roles), auth="claimed")
    return Actor(runner.id, runner.roles, runner.auth, runner.source, behalf=claimed)
