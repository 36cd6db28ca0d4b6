"""A suggested step as a line to type: ``procdef do ACME-1 send_offer price=... --evidence ...``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from procdef.commands import ARGUMENTS, COMMANDS, Argument, ArgumentKind
from procdef.errors import Blank, Suggestion

_BLANK = "..."


def command_line(suggestion: Suggestion) -> str:
    """The command for a shell, with ``...`` for each blank; its arguments in the order in which they are declared."""
    arguments = ARGUMENTS[COMMANDS[suggestion.do]]
    process = [argument for argument in arguments if argument.kind is ArgumentKind.PROCESS]
    words = (word for argument in arguments if argument not in process for word in _words(suggestion, argument))
    first = (word for argument in process for word in _words(suggestion, argument))
    return " ".join(("procdef", suggestion.do, *first, _deal(suggestion), *words))


def assignment(blank: Blank) -> str:
    """A field to be filled in, as a command names it; the value of a list is JSON."""
    return f"{blank.field}:=" if blank.type == "list" else f"{blank.field}="


def _words(suggestion: Suggestion, argument: Argument) -> Iterator[str]:
    """What stands in the place of an argument; nothing where the suggestion says nothing of it."""
    name, option = argument.written, f"--{argument.written}"
    if argument.kind is ArgumentKind.FIELD_VALUES:
        yield from (f"{assignment(blank)}{_BLANK}" for blank in suggestion.blanks if blank.argument == name)
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
