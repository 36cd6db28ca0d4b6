"""What an argument of a command is: what it names or holds, where it is typed, and what people are told of it.

A command declares each of its arguments once, as the annotation of a field. Whether it is needed is told by the field's
default, which type it has by the annotation's first part; the rest is an ``Argument``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, replace
from enum import Enum, auto
from typing import Any


class ArgumentKind(Enum):
    """What an argument names or holds. What it names is completed, and may be given by its title, on the command line."""

    PROCESS = auto()
    START_STAGE = auto()
    NEXT_STAGE = auto()
    EARLIER_STAGE = auto()
    ACTION = auto()
    WAY = auto()
    CRITERION = auto()
    LOSS_REASON = auto()
    OBJECTION = auto()
    WORD = auto()
    DEAL = auto()
    PERSON = auto()
    FIELD_VALUES = auto()
    FREE_TEXT = auto()
    EVIDENCE = auto()
    SWITCH = auto()

    @property
    def personal(self) -> bool:
        """Whether it may say anything about anybody, so that the log keeps it apart in every process."""
        return self in (ArgumentKind.FREE_TEXT, ArgumentKind.EVIDENCE)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command, whole once it is read from its field.

    ``written`` is its key in a steps file and in the log. On the command line it is an option (``--written``) unless it
    is ``positional``; ``words`` are those it may be, each an option of its own where there is a ``switch`` for each;
    ``only_with`` names the switch without which it means nothing. The arguments of one command differ in ``name``.
    """

    kind: ArgumentKind
    help: str = ""
    positional: bool = False
    written: str = ""
    words: tuple[str, ...] = ()
    switches: bool = False
    only_with: str | None = None
    name: str = ""
    needed: bool = False


def positional(kind: ArgumentKind, *, written: str = "") -> Argument:
    """An argument that is typed in its place, without a name."""
    return Argument(kind, positional=True, written=written)


def option(
    kind: ArgumentKind,
    told: str,
    *,
    written: str = "",
    words: tuple[str, ...] = (),
    switches: bool = False,
    only_with: str | None = None,
) -> Argument:
    """An argument that is typed behind its name; ``told`` is what ``--help`` says of it."""
    return Argument(kind, told, False, written, words, switches, only_with)


def read(command: type[Any]) -> tuple[Argument, ...]:
    """The arguments that a command declares, in order. Raises ``TypeError`` for a field without a declaration.

    The module of a command does not postpone its annotations: they are read here, and need no evaluation.
    """
    return tuple(_whole(command, field) for field in fields(command))


def _whole(command: type[Any], field: Field[Any]) -> Argument:
    annotated = getattr(field.type, "__metadata__", ())
    declared = next((each for each in annotated if isinstance(each, Argument)), None)
    if declared is None:
        raise TypeError(f"{command.__name__}.{field.name} is declared as no argument")
    needed = field.default is MISSING and field.default_factory is MISSING
    return replace(declared, name=field.name, written=declared.written or field.name, needed=needed)


def values_of(command: object, arguments: tuple[Argument, ...]) -> Iterator[tuple[Argument, Any]]:
    """The arguments that were given, with what was given; ``None``, ``False`` and no field values at all are nothing."""
    for argument in arguments:
        value = getattr(command, argument.name)
        if value is not None and value is not False and (value or argument.kind is not ArgumentKind.FIELD_VALUES):
            yield argument, value
