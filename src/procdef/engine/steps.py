"""A step ready to be judged, and as a file of steps writes it; the forms of names, keys and times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from procdef.audit.events import timestamp
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
from procdef.errors import InvalidArgument

_REQUEST = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_ALWAYS = ("by", "roles", "deal", "do")
_MAYBE = ("happened", "request")
_STRING_LISTS = ("roles",)


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
    _typed(given)
    by = _on_behalf(runner, given["by"], tuple(given["roles"]))
    if "person" in given:
        Actor(given["person"])
    return Step(
        deal_name(given["deal"]),
        make(process, given),
        by,
        request_key(given.get("request")),
        when(given.get("happened")),
        imported=True,
    )


@lru_cache(maxsize=1024)
def _on_behalf(runner: Actor, person: str, roles: tuple[str, ...]) -> Actor:
    """The one who runs the file, for the person that a line names; one person takes many steps."""
    claimed = Actor(person, frozenset(roles), auth="claimed")
    return Actor(runner.id, runner.roles, runner.auth, runner.source, behalf=claimed)


def _typed(given: Mapping[str, Any]) -> None:
    for key, value in given.items():
        if key == "values":
            fits = isinstance(value, Mapping) and all(isinstance(name, str) for name in value)
        elif key == "correct":
            fits = isinstance(value, bool)
        elif key in _STRING_LISTS:
            fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        else:
            fits = isinstance(value, str)
        if not fits:
            raise InvalidArgument(f"`{key}` has the wrong type")


def deal_name(name: object) -> str:
    """A deal's key as it may be: 1 to 64 printable characters without blanks at the ends, NFC; or ``deal:<uuid>``."""
    if not isinstance(name, str):
        raise InvalidArgument("a deal's name is a text")
    return _well_formed(name)


@lru_cache(maxsize=1024)
def _well_formed(name: str) -> str:
    if not 1 <= len(name) <= 64 or name != name.strip() or not name.isprintable():
        raise InvalidArgument("a deal's name has 1 to 64 printable characters, without blanks at the ends")
    if unicodedata.normalize("NFC", name) != name:
        raise InvalidArgument("a deal's name is written in Unicode's composed form (NFC)")
    return name


def new_deal_name(name: str) -> str:
    """The key of a deal that is to be started."""
    if deal_name(name).startswith("deal:"):
        raise InvalidArgument("a deal's name does not begin with `deal:`")
    return name


def request_key(key: str | None) -> str | None:
    """A request key: 1 to 64 of letters, digits and ``._:-``."""
    if key is not None and not _REQUEST.fullmatch(key):
        raise InvalidArgument("a request key has 1 to 64 letters, digits and ._:-")
    return key


def actor(who: object) -> Actor:
    """The actor, which is sound since there is one. Raises ``InvalidArgument`` for anything else."""
    if not isinstance(who, Actor):
        raise InvalidArgument("who takes the step (`by`) is an Actor")
    return who


def when(given: str | datetime | None) -> str | None:
    """A time with its offset (ISO 8601, or an aware ``datetime``) in the log's form."""
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
        if moment.tzinfo is None:
            raise ValueError("naive")
        return timestamp(moment.astimezone(UTC))
    except (ValueError, OverflowError) as wrong:
        raise InvalidArgument(f"{given!s} is no time with an offset; write 2026-01-31T12:00+02:00 or ...Z") from wrong
