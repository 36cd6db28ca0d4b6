"""Everything that procdef raises on purpose. Anything else that escapes is a fault of procdef."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Blank:
    """Something to fill in before a suggested step can be taken: an argument or, with ``field``, a value of ``values``.

    ``type`` is what is asked for: a type of field, or, for evidence, ``note``, ``link`` or ``document``. ``options`` are
    the ids of a ``choice``, of which it takes one, or with ``many`` a set.
    """

    argument: str
    type: str
    field: str | None = None
    options: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A step that would help, ready to be taken once its ``blanks`` are filled in.

    ``do`` is the verb and ``deal`` the name of the deal as it was asked about; ``arguments`` has what is settled already,
    under the names that the arguments have in a file of steps. ``stream`` is the deal's stream, where there is a deal.
    """

    do: str
    deal: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that stood in a step's way.

    ``code`` and ``about`` are as in the log; the rest is for people. ``message`` and ``why`` name values only where they
    are not personal. ``who`` are the roles that could do, approve or waive it, ``suggestion`` the step with which they
    would. ``place`` is a place in the definition, as "b2b-sales v3, line 62".
    """

    code: str
    about: tuple[str, ...]
    message: str
    expression: str | None = None
    why: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    fix: str | None = None
    who: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    place: str | None = None

    @property
    def id(self) -> str:
        """The first id that this item is about: a criterion, an action, a field ..."""
        return self.about[0] if self.about else ""


def _in_short(item: Unmet) -> str:
    """What was missing, in one line. Of a value that does not fit nothing is known without the reason."""
    return f"{item.message}: {item.why}" if item.code == "bad-value" and item.why else item.message


class StepRefused(ProcdefError):
    """The rules do not allow this step now. ``unmet`` holds everything that is missing, at once.

    The refusal is in the log already, unless the step was a dry run, or ran inside the application's own transaction and
    that was rolled back: then ``Engine.record_refusal``, called once, puts it back on record. ``title`` is what people call
    the deal beside its id; as it may be personal, it is no part of the message.
    """

    def __init__(
        self,
        headline: str,
        unmet: tuple[Unmet, ...],
        replayed: bool = False,
        record: object = None,
        title: str | None = None,
    ) -> None:
        self.headline = headline
        self.unmet = unmet
        self.replayed = replayed
        self.record = record
        self.title = title
        super().__init__(headline + ": " + "; ".join(map(_in_short, unmet)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.headline, self.unmet, self.replayed, self.record, self.title)


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


class NoteInvalid(ProcdefError):
    """A note, a key or a proof is not of its form, or does not hold."""


class ExtraMissing(ProcdefError):
    """This needs a package that is installed only when it is asked for."""


class AnchorFailed(ProcdefError):
    """A note could not be put where somebody else holds it. It is signed and stored all the same."""
