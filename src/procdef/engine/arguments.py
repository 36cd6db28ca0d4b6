"""The door of the engine: what callers hand over is well-formed here, once, or it is an ``InvalidArgument``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain, islice
from typing import Any, TypeVar, get_type_hints

from procdef.commands import ARGUMENTS, Actor, ArgumentKind
from procdef.directory import FROM
from procdef.errors import InvalidArgument
from procdef.log.event import timestamp
from procdef.unsafe_characters import invisible, shows

T = TypeVar("T")

_REQUEST = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
_STREAMS = ("deal:", "definition:")
_WHOLE = ("system", "log")
"""How streams are named, and in findings the log as a whole: nobody should take a deal for one of them."""
_DEEPEST = 16
_MOST_PARTS = 1_000_000
_SINGLE = frozenset((str, int, bool, Decimal, type(None)))
"""The types of most values, which hold no others."""
_FORMS: Mapping[Any, tuple[tuple[type, ...], str]] = {
    str: ((str,), "a text"),
    str | None: ((str, type(None)), "a text, or left out"),
    str | datetime | None: ((str, datetime, type(None)), "a text or a datetime, or left out"),
    int | None: ((int, type(None)), "a whole number, or left out"),
    bool: ((bool,), "true or false"),
    Mapping[str, object]: ((Mapping,), "an object: names of fields, each with a value"),
}
Check = Callable[[Any, str], object]


def well_formed(given: T) -> T:
    """A command or query, once each of its fields has the type that it is annotated with, and persons can be named."""
    kind: Any = type(given)
    for name, written, kinds, form, check in _forms(kind):
        value = getattr(given, name)
        if type(value) not in kinds:  # this is on the way of every step; what is rarer may take longer
            _check(name, written, value, kinds, form)
        if check is not None and value is not None:
            check(value, name)
    return given


def _check(name: str, written: str, value: Any, kinds: tuple[type, ...], form: str) -> None:
    if not isinstance(value, kinds):
        raise InvalidArgument(f"`{written}` is {form}", name)
    if Mapping in kinds:
        _check_values(value)


@cache
def _forms(kind: Any) -> tuple[tuple[str, str, tuple[type, ...], str, Check | None], ...]:
    hints = get_type_hints(kind)
    declared = {argument.name: argument for argument in ARGUMENTS.get(kind, ())}
    found = []
    for field in fields(kind):
        argument = declared.get(field.name)
        check = person_id if argument is not None and argument.kind is ArgumentKind.PERSON else None
        found.append((field.name, argument.written if argument else field.name, *_FORMS[hints[field.name]], check))
    return tuple(found)


def _check_values(values: Any) -> None:
    """Whether a value fits its field is for the rules; here it only has to have an end."""
    if not all(isinstance(name, str) for name in values):
        raise InvalidArgument("the names of fields in `values` are texts", "values")
    level: list[Any] = [value for value in values.values() if type(value) not in _SINGLE]
    if not level:
        return
    for _ in range(_DEEPEST):
        wholes = [part for part in level if isinstance(part, list | tuple | set | frozenset | Mapping)]
        if not wholes:
            return
        level = list(islice(chain.from_iterable(map(_parts, wholes)), _MOST_PARTS))
        if len(level) == _MOST_PARTS:
            break
    raise InvalidArgument(
        f"a value in `values` is nested deeper than {_DEEPEST} levels, contains itself or is too large", "values"
    )


def _parts(whole: Any) -> Iterable[object]:
    return whole.values() if isinstance(whole, Mapping) else whole


def instance_of(kind: type[T], given: object, name: str, words: str) -> T:
    """What is given as the argument of that ``name``, where it is of that type; ``words`` say what it should be."""
    if not isinstance(given, kind):
        raise InvalidArgument(words, name)
    return given


def texts(given: object, name: str, words: str) -> tuple[str, ...]:
    """Several texts, as a list, a set or a tuple has them. Raises ``InvalidArgument`` with these words."""
    if not isinstance(given, list | tuple | set | frozenset) or not all(isinstance(item, str) for item in given):
        raise InvalidArgument(words, name)
    return tuple(given)


def optional(kind: type[T], given: object, name: str, words: str) -> T | None:
    """As ``instance_of``, where it may also be left out."""
    return None if given is None else instance_of(kind, given, name, words)


def flag(given: object, name: str) -> bool:
    """True or false, and nothing that only counts as one of them."""
    if not isinstance(given, bool):
        raise InvalidArgument(f"`{name}` is true or false", name)
    return given


def actor(who: object) -> Actor:
    """The actor, which is sound since there is one. Raises ``InvalidArgument`` for anything else."""
    if not isinstance(who, Actor):
        raise InvalidArgument("who takes the step (`by`) is an Actor", "by")
    for person in (who, who.person):
        if person.source is not None and person.source.lower().startswith(FROM):
            raise InvalidArgument(
                f"where roles come from begins with `{FROM}` only where a published directory gave them; leave both out", "by"
            )
    return who


def person_id(given: str, name: str) -> str:
    """The id of a person, as an actor may have it."""
    try:
        return Actor(given).id
    except InvalidArgument as wrong:
        raise InvalidArgument(str(wrong), name) from None


def count(given: object, name: str, least: int) -> int:
    """A whole number that a database can hold."""
    if not isinstance(given, int) or isinstance(given, bool) or given < least:
        raise InvalidArgument(f"`{name}` is a whole number from {least} on", name)
    if given >= 2**63 - 1:
        raise InvalidArgument(f"`{name}` is larger than any number that a log holds; write a smaller one", name)
    return given


def language_code(given: object) -> str | None:
    """The code of a language as BCP 47 writes it, or nothing: whether anything is said in it is seen where it is asked for."""
    if given is None:
        return None
    if isinstance(given, str) and _LANGUAGE.fullmatch(given):
        return given.replace("_", "-")
    raise InvalidArgument("a language is a code, as en or fi-FI", "language")


def deal_name(name: object, argument: str = "deal") -> str:
    """A deal's key as it may be: 1 to 64 printable characters without leading or trailing spaces, NFC; or ``deal:<uuid>``."""
    if not isinstance(name, str):
        raise InvalidArgument("a deal's name is a text", argument)
    return _well_named(name, argument)


@lru_cache(maxsize=1024)
def _well_named(name: str, argument: str) -> str:
    if not 1 <= len(name) <= 64 or name != name.strip() or not name.isprintable():
        raise InvalidArgument("a deal's name has 1 to 64 printable characters, without leading or trailing spaces", argument)
    if unicodedata.normalize("NFC", name) != name:
        raise InvalidArgument("a deal's name is written in Unicode's composed form (NFC)", argument)
    return name


def new_deal_name(name: str) -> str:
    """The key of a deal that is to be started."""
    if deal_name(name).startswith(_STREAMS) or name in _WHOLE:
        raise InvalidArgument(
            "a deal's name does not begin with `deal:` or `definition:` and is neither `system` nor `log`: so the log names "
            "its own streams; choose another name",
            "deal",
        )
    if invisible(name) or not shows(name):
        raise InvalidArgument("a deal's name has no invisible characters, so that two names that look alike are one", "deal")
    return name


def request_key(key: object) -> str | None:
    """A request key: 1 to 64 of letters, digits and ``._:-``."""
    if key is None or (isinstance(key, str) and _REQUEST.fullmatch(key)):
        return key
    raise InvalidArgument("a request key has 1 to 64 letters, digits and ._:-", "request")


def moment(given: object, argument: str = "clock") -> datetime:
    """The time that a clock or a caller tells, in UTC: with its offset, and not so far off that no zone could show it."""
    if not isinstance(given, datetime):
        raise InvalidArgument("a time is an aware datetime, as datetime.now(UTC)", argument)
    if given.tzinfo is not UTC:  # mostly it is: `datetime.now(UTC)`
        if given.utcoffset() is None:
            raise InvalidArgument(f"the time {given} has no offset; an aware time has, as datetime.now(UTC)", argument)
        try:
            given = given.astimezone(UTC)
        except OverflowError:
            raise InvalidArgument(f"the time {given} lies outside of the calendar", argument) from None
    if not 1 < given.year < 9999:
        raise InvalidArgument(f"the time {given} lies outside of the calendar", argument)
    return given


def when(given: object, argument: str = "happened") -> str | None:
    """A time with its offset (ISO 8601, or an aware ``datetime``) in the log's form."""
    if given is None:
        return None
    try:
        if not isinstance(given, str):
            return timestamp(moment(given, argument))
        told = datetime.fromisoformat(given)
        if told.tzinfo is None:
            raise InvalidArgument(f"{given} has no offset; write 2026-01-31T12:00+02:00 or ...Z", argument)
        return timestamp(moment(told, argument))
    except ValueError:
        raise InvalidArgument(f"{given} is no time with an offset; write 2026-01-31T12:00+02:00 or ...Z", argument) from None
