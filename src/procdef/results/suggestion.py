"""A step that would help: as data, and as a line to type (``procdef do ACME-1 send_offer price=... --evidence ...``)."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from procdef.commands import ARGUMENTS, COMMANDS, Argument, ArgumentKind
from procdef.results.result import Result

_BLANK = "..."


@dataclass(frozen=True, slots=True)
class Blank(Result):
    """Something to fill in before a suggested step can be taken: an argument or, with ``field``, a value of ``values``.

    ``type`` is what is asked for: a type of field, or, for evidence, ``note``, ``link`` or ``document``. ``options`` are
    the ids of a ``choice``, of which it takes one, or with ``many`` a set.
    """

    argument: str
    type: str
    field: str | None = None
    options: tuple[str, ...] = ()
    many: bool = False

    @property
    def assignment(self) -> str | None:
        """A field to be filled in, as a command line names it."""
        return None if self.field is None else f"{self.field}="


@dataclass(frozen=True, slots=True)
class Suggestion(Result):
    """A step that would help, ready to be taken once its ``blanks`` are filled in.

    ``do`` is the verb and ``deal`` the name of the deal as it was asked about; ``arguments`` has what is settled already,
    under the names that the arguments have in a file of steps. ``stream`` is the deal's stream, where there is a deal.
    """

    do: str
    deal: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    stream: str | None = None

    @property
    def command(self) -> str:
        """The step as a line to type, with ``...`` for each blank."""
        return _command_line(self)


class Suggested(Result):
    """Something for which a step may be suggested."""

    __slots__ = ()
    suggestion: Suggestion | None

    @property
    def command(self) -> str | None:
        """The suggested step as a line to type, with ``...`` for each blank."""
        return self.suggestion.command if self.suggestion else None


def _command_line(suggestion: Suggestion) -> str:
    """The command for a shell, with ``...`` for each blank; its arguments in the order in which they are declared."""
    arguments = ARGUMENTS[COMMANDS[suggestion.do]]
    process = [argument for argument in arguments if argument.kind is ArgumentKind.PROCESS]
    words = (word for argument in arguments if argument not in process for word in _words(suggestion, argument))
    first = (word for argument in process for word in _words(suggestion, argument))
    return " ".join(("procdef", suggestion.do, *first, _deal(suggestion), *words))


def _words(suggestion: Suggestion, argument: Argument) -> Iterator[str]:
    """What stands in the place of an argument; nothing where the suggestion says nothing of it."""
    name, option = argument.written, f"--{argument.written}"
    if argument.kind is ArgumentKind.FIELD_VALUES:
        yield from (f"{blank.assignment}{_BLANK}" for blank in suggestion.blanks if blank.argument == name)
    elif name in suggestion.arguments:
        yield from _settled(argument, suggestion.arguments[name])
    elif any(blank.argument == name for blank in suggestion.blanks):
        yield from ([_BLANK] if argument.positional else [option, _BLANK])


def _settled(argument: Argument, value: object) -> Iterator[str]:
    word, option = shlex.quote(str(value)), f"--{argument.written}"
    if argument.positional:
        yield word
    elif value is True:
        yield option
    elif argument.switches:
        yield f"--{value}"
    elif word.startswith("-"):
        yield f"{option}={word}"
    else:
        yield from (option, word)


def _deal(suggestion: Suggestion) -> str:
    """The deal, quoted for a shell; by its stream where its name looks like an option."""
    if suggestion.stream and suggestion.deal.startswith("-"):
        return suggestion.stream
    return shlex.quote(suggestion.deal)
