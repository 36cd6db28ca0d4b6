"""The command line: the only place that prints.

Exit codes: 0 done, 1 findings or refused or log broken, 2 usage, 3 failure, 130 interrupted, 141 cut off by a closed pipe.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import StringIO, TextIOWrapper
from typing import TextIO

import click

from procdef.errors import (
    DealExists,
    DefinitionInvalid,
    InvalidArgument,
    LogBroken,
    MigrationIncomplete,
    NoteInvalid,
    ProcdefError,
    RequestConflict,
    UnknownDeal,
    UnknownPerson,
    UnknownProcess,
    VersionExists,
)

_CUT_OFF = 141
"""As of any program that a closed pipe ends (128 and the number of that signal): nobody knows what was not read."""
_FOUND = (DefinitionInvalid, LogBroken, MigrationIncomplete)
_MISUSED = (
    InvalidArgument, UnknownDeal, UnknownPerson, UnknownProcess, DealExists, VersionExists, RequestConflict, NoteInvalid,
)  # fmt: skip
_WAYS_OUT: Mapping[tuple[str, str | None], str] = {
    ("unknown-deal", None): "`procdef deals` lists them",
    ("unknown-process", None): "`procdef publish FILE` does it",
    ("clock-behind", None): "`procdef audit clock --was-wrong` does that",
    ("migration-incomplete", None): "without --apply the same command names them all",
    ("log-broken", None): "`procdef audit verify` tells more",
    ("store-error", "no log"): "`procdef store init` makes its tables",
    ("store-error", "older log"): "`procdef store upgrade` makes them, without loss",
    ("store-error", "role"): "`procdef store grants` prints what each role needs",
    ("store-error", "backup"): "`procdef store copy` copies a log to a file",
    ("invalid-argument", "people"): "`procdef people publish FILE` publishes one",
    ("invalid-argument", "key"): "`procdef audit key new FILE` makes one",
    ("invalid-argument", "force"): "--force does that",
    ("invalid-argument", "key file"): "--key FILE names it",
    ("invalid-argument", "checkpoint"): "`procdef audit checkpoint` signs one",
}
"""By code and subject of an error, or by its code alone."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run procdef with these arguments (without the program's name) and leave with its exit code."""
    raise SystemExit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the only place where errors become messages and exit codes."""
    from procdef.cli.command_table import program

    _open_what_is_closed()
    _spell_what_cannot_be_written()
    if "_PROCDEF_COMPLETE" in os.environ:
        program.main(list(arguments), prog_name="procdef")
    try:
        with program.make_context("procdef", list(arguments)) as context:
            try:
                program.invoke(context)
            except ProcdefError as error:
                return _told(error)
        sys.stdout.flush()
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as wrong:
        told = StringIO()
        wrong.show(told)
        _say(told.getvalue().rstrip("\n") + _what_there_is(wrong))
        return wrong.exit_code
    except (KeyboardInterrupt, EOFError, click.Abort):
        _say("interrupted; what was acknowledged is stored, nothing is half done")
        return 130
    except BrokenPipeError:
        return _CUT_OFF
    except OSError as error:
        _say(f"procdef: {error.filename or 'input/output'}: {error.strerror or error}")
        return 3
    finally:
        _let_go_of_closed_pipes()
    return 0


def _what_there_is(wrong: click.ClickException) -> str:
    """What a command can be given whose DEAL, ACTION, STAGE or REASON was left out."""
    if not isinstance(wrong, click.MissingParameter) or wrong.ctx is None or wrong.param is None:
        return ""
    from procdef.cli.error_output import what_there_is

    with wrong.ctx.scope():
        found = what_there_is(wrong.param.name or "", wrong.ctx.params)
    return f"\n{found[:1].upper()}{found[1:]}." if found else ""


def _open_what_is_closed() -> None:
    """Print to nowhere where a stream was closed (``>&-``): Python has none then, and a file could get its number."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()


def _spell_what_cannot_be_written() -> None:
    """What the output's encoding lacks, and bytes of a file name that are no text, stand there as in JSON: ``\\u20ac``."""
    codecs.register_error("procdef", _spelled)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="procdef")


def _spelled(error: UnicodeError) -> tuple[str, int]:
    import json

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _nowhere() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _told(error: ProcdefError) -> int:
    """Say what went wrong on stderr; a refused step in full."""
    from procdef.results.refusal import StepRefused  # no command but one that failed needs it

    if isinstance(error, (StepRefused, DefinitionInvalid)):
        from procdef.cli.error_output import complain

        with suppress(BrokenPipeError):
            complain(error)
    else:
        from procdef.unsafe_characters import one_line

        _say(one_line(f"procdef: {error}{_way_out(error)}"))
    if isinstance(error, (StepRefused, *_FOUND)):
        return 1
    return 2 if isinstance(error, _MISUSED) else 3


def _way_out(error: ProcdefError) -> str:
    """The command that helps on, of errors that know no command line."""
    if isinstance(error, UnknownDeal) and error.subject:
        from procdef.cli.error_output import deal_in_other_case

        other = deal_in_other_case(error.subject)
        if other is not None:
            return f" (did you mean {other}?)"
    command = _WAYS_OUT.get((error.code, error.subject)) or _WAYS_OUT.get((error.code, None))
    quoted = command.rpartition("`")[0] if command else ""
    return f"; {command}" if command and not (quoted and quoted in str(error)) else ""


def _say(text: str) -> None:
    """Print on stderr; where nobody reads that, the exit code still tells. What it takes is imported only then, so that
    ``--help`` costs next to nothing."""
    from procdef.cli.output import echo

    with suppress(BrokenPipeError):
        echo(text, err=True)


def _let_go_of_closed_pipes() -> None:
    """The reader went away (``| head``): leave quietly, and let nothing be flushed into the closed pipe."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except OSError:
            pass  # which was told, or cannot be
