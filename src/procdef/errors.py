"""Everything that procdef raises on purpose, but for a refused step (``results.refusal``). Anything else that escapes is a
fault of procdef."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from procdef.diagnostics import Diagnostic


class ProcdefError(Exception):
    """What went wrong, in one plain message that names the place, the reason and the way out."""


class DefinitionInvalid(ProcdefError):
    """A process file has errors; ``diagnostics`` lists every finding, sorted by place."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__(_first_of([d for d in diagnostics if d.severity == "error"]))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.diagnostics,)


def _first_of(errors: list[Diagnostic]) -> str:
    if not errors:
        return "the process has errors"
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{first.span.path}:{first.span.line}:{first.span.column}: {first.message} [{first.code}]{more}"


class UnknownDeal(ProcdefError):
    """There is no deal of that name."""


class UnknownProcess(ProcdefError):
    """No process of that id (or version) is published here."""


class DealExists(ProcdefError):
    """A deal of that name is there already."""


class VersionExists(ProcdefError):
    """That version of the process is published with other content; a published version never changes."""


class ConcurrentChange(ProcdefError):
    """Others changed the deal again and again while this step tried, or since the application's own transaction first
    read; nothing was written."""


class RequestConflict(ProcdefError):
    """The request key was used before, for another command."""


class InvalidArgument(ProcdefError):
    """The command is not well-formed (deal name, request key, time, actor); nothing was logged."""


class ClockBehind(ProcdefError):
    """The clock stands more than 5 seconds before the last event of the same stream (a deal's, or the log's own)."""


class NewerLog(ProcdefError):
    """The log holds something that only a later procdef understands; nothing is written to it by this one."""


class LogBroken(ProcdefError):
    """The stored log contradicts itself; ``procdef audit verify`` tells where."""


class CalendarUnknown(ProcdefError):
    """A due time cannot be worked out: the holidays of that year or country are not known, or nobody ever works."""


class StoreError(ProcdefError):
    """The database cannot be used: missing, locked, full, damaged, not allowed."""


class StoreBusy(StoreError):
    """Another program held the database for longer than the store waits (5 seconds, ``?busy=SECONDS``). Nothing was
    written; the same call may be made again."""


class StoreDetached(StoreError):
    """What this process has open is not, or no longer, the database at its path: the files were replaced or removed, or the
    connection belongs to the process that this one was forked from. The step does not count as stored; open the store
    again."""


class NoteInvalid(ProcdefError):
    """A note, a key or a proof is not of its form, or does not hold."""


class ExtraMissing(ProcdefError):
    """This needs a package that is installed only when it is asked for."""


class AnchorFailed(ProcdefError):
    """A note could not be put where somebody else holds it. It is signed and stored all the same."""
