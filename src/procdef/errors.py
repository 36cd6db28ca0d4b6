"""Everything that procdef raises on purpose, but for a refused step (``results.refusal``). Anything else that escapes is a
fault of procdef."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from procdef.diagnostics import Diagnostic


class ProcdefError(Exception):
    """What went wrong, in one plain message that names the place, the reason and the way out.

    ``code`` is of the kind of error and stays as it is, ``http_status`` is what a web service answers with. ``subject`` is
    what the error is about, as it was named: a deal, a process, a request key ...; ``None`` where there is none. Whatever a
    caller gave, the message, and all of ``as_dict``, can be written as UTF-8: half of a surrogate pair is spelt ``\\ud800``.
    """

    code: ClassVar[str] = "error"
    http_status: int = 500
    subject: str | None = None

    def __init__(self, message: str, subject: str | None = None) -> None:
        super().__init__(_encodable(message))
        if subject is not None:  # it stands among the attributes, and travels with them
            self.subject = subject

    def as_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        subject = None if self.subject is None else _encodable(self.subject)
        return {"code": self.code, "message": str(self), "subject": subject}


def _encodable(text: str) -> str:
    """The text with nothing in it that UTF-8 has not. What that takes is imported only then, so that ``--help`` costs next to
    nothing."""
    from procdef.unsafe_characters import encodable

    return encodable(text)


class DefinitionInvalid(ProcdefError):
    """A process file has errors; ``diagnostics`` lists every finding, sorted by place."""

    code = "definition-invalid"
    http_status = 422

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__(
            _first_of([d for d in diagnostics if d.severity == "error"]), diagnostics[0].span.path if diagnostics else None
        )

    def as_dict(self) -> dict[str, Any]:
        """The same, ready for JSON, with all findings as ``check`` prints them."""
        return {**super().as_dict(), "diagnostics": [each.as_dict() for each in self.diagnostics]}

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

    code = "unknown-deal"
    http_status = 404


class UnknownPerson(ProcdefError):
    """Nobody of that id is in the directory of people, and the step came without roles of its own; nothing was logged."""

    code = "unknown-person"
    http_status = 403


class UnknownProcess(ProcdefError):
    """No process of that id (or version) is published here."""

    code = "unknown-process"
    http_status = 404


class DealExists(ProcdefError):
    """A deal of that name is there already."""

    code = "deal-exists"
    http_status = 409


class VersionExists(ProcdefError):
    """That version of the process is published with other content; a published version never changes."""

    code = "version-exists"
    http_status = 409


class MigrationIncomplete(ProcdefError):
    """A plan does not say what becomes of something that deals have in use; nothing was migrated.

    ``gaps`` are what is to be answered: what it is (``stage``, ``path``, ``field``, ``action``), its id, why it has no place
    (``gone``, ``type`` ...), how many deals have it, and the first of these.
    """

    code = "migration-incomplete"
    http_status = 409

    def __init__(self, message: str, gaps: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = ()) -> None:
        self.gaps = gaps
        super().__init__(message)

    def as_dict(self) -> dict[str, Any]:
        """The same, ready for JSON, with what is to be answered."""
        keys = ("what", "id", "why", "deals", "first")
        return {**super().as_dict(), "gaps": [dict(zip(keys, gap, strict=True)) for gap in self.gaps]}


class ConcurrentChange(ProcdefError):
    """Others changed the deal again and again while this step tried, or since the application's own transaction first
    read; nothing was written."""

    code = "concurrent-change"
    http_status = 409


class RequestConflict(ProcdefError):
    """The request key was used before, for another command."""

    code = "request-conflict"
    http_status = 409


class InvalidArgument(ProcdefError):
    """The command is not well-formed (deal name, request key, time, actor); nothing was logged.

    ``subject`` is the name of the argument that is wrong, as Python has it: ``happened``, ``by``; of ``Deals``, an ``Actor`` or
    another object the name of its field; ``deal`` wherever a deal is named. Where something is to be there first it is what
    that is (``key``, ``checkpoint``, ``people``), and ``None`` where it lies in what a file, a line or the log holds.
    """

    code = "invalid-argument"
    http_status = 400


class ClockBehind(ProcdefError):
    """The clock stands more than 5 seconds before the last event of the same stream (a deal's, or the log's own)."""

    code = "clock-behind"
    http_status = 503


class NewerLog(ProcdefError):
    """The log holds something that only a later procdef understands; nothing is written to it by this one."""

    code = "newer-log"
    http_status = 500


class LogBroken(ProcdefError):
    """The stored log contradicts itself; to verify it tells where."""

    code = "log-broken"
    http_status = 500


class CalendarUnknown(ProcdefError):
    """A due time cannot be worked out: the holidays of that year or country are not known, or nobody ever works."""

    code = "calendar-unknown"
    http_status = 500


class CalendarDataMissing(CalendarUnknown):
    """This machine knows nothing of the time zone, or of the country's or region's holidays, that a published process
    names. The process is as it was: install or update the Python package ``tzdata`` or ``holidays``."""

    code = "calendar-data-missing"


class StoreError(ProcdefError):
    """The database cannot be used: missing, locked, full, damaged, not allowed."""

    code = "store-error"
    http_status = 500


class StoreBusy(StoreError):
    """Another program held the database for longer than the store waits (5 seconds, ``?busy=SECONDS``). Nothing was
    written; the same call may be made again."""

    code = "store-busy"
    http_status = 503


class StoreDetached(StoreError):
    """What this process has open is not, or no longer, the database at its path: the files were replaced or removed, or the
    connection belongs to the process that this one was forked from. The step does not count as stored; open the store
    again."""

    code = "store-detached"
    http_status = 503


class HistoryDiffers(ProcdefError):
    """The log does not go on from where a feed was read last: it is another one, or an earlier state of it was restored."""

    code = "history-differs"
    http_status = 409


class NoteInvalid(ProcdefError):
    """A note, a key or a proof is not of its form, or does not hold."""

    code = "note-invalid"
    http_status = 400


class ExtraMissing(ProcdefError):
    """This needs a package that is installed only when it is asked for."""

    code = "extra-missing"
    http_status = 500


class AnchorFailed(ProcdefError):
    """A note could not be put where somebody else holds it. It is signed and stored all the same."""

    code = "anchor-failed"
    http_status = 502
