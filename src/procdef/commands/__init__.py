"""What people ask for: one frozen dataclass for each command, in a module of its own, and who asks.

A command declares each of its arguments once (``argument``). From that follow what the engine takes, the keys of a step
in a file, what a request key stands for, what a refusal repeats, and the options of the command line. Beside them it
declares its ``verb``, and whether it is ``dated``: whether someone who is no import may say when it happened. In which modes
a deal takes it, the events say that it begins with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from procdef.commands.actor import Actor
from procdef.commands.advance import Advance
from procdef.commands.argument import Argument, ArgumentKind, read, values_of
from procdef.commands.assign import Assign
from procdef.commands.back import Back
from procdef.commands.do import Do
from procdef.commands.finish import Finish
from procdef.commands.lose import Lose
from procdef.commands.note import Note
from procdef.commands.record import Record
from procdef.commands.reopen import Reopen
from procdef.commands.start import Start
from procdef.commands.waive import Waive

__all__ = [
    "ARGUMENTS", "COMMANDS", "VERBS", "Actor", "Advance", "Argument", "ArgumentKind", "Assign", "Back",
    "Command", "Do", "Finish", "Lose", "Note", "Record", "Reopen", "Start", "Waive", "given",
]  # fmt: skip

Command = Start | Record | Do | Advance | Back | Waive | Lose | Reopen | Finish | Assign | Note

COMMANDS: Mapping[str, type[Command]] = {command.verb: command for command in get_args(Command)}
"""Every command by its verb, in the order of the manual."""

ARGUMENTS: Mapping[type[Command], tuple[Argument, ...]] = {command: read(command) for command in COMMANDS.values()}
"""What each command takes, in order."""

VERBS: Mapping[type[Command], str] = {command: verb for verb, command in COMMANDS.items()}


def given(command: Command) -> Iterator[tuple[Argument, Any]]:
    """The arguments that were given, with what was given. ``False`` and no field values at all are nothing."""
    return values_of(command, ARGUMENTS[type(command)])
