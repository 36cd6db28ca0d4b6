"""A refused step: everything that stood in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.errors import ProcdefError
from procdef.results.suggestion import Suggested, Suggestion
from procdef.unsafe_characters import encodable


@dataclass(frozen=True, slots=True)
class Unmet(Suggested):
    """One thing that stood in a step's way.

    ``code`` and ``about`` are as in the log; ``fields`` are those that are not filled in and would have to be; the rest is
    for people. ``message`` and ``why`` name values only where they
    are not personal. ``who`` are the roles that could do, approve or waive it, ``people`` some of those who have
    them today, by their ids, where a directory of people is published, ``suggestion`` the step with which they
    would. ``filling`` is, of a criterion that they may waive while what it reads is not filled in, the step that fills that
    in, and ``filled_by`` who may take it. ``place`` is a place in the definition, as "b2b-sales v3, line 62".
    """

    code: str
    about: tuple[str, ...]
    message: str
    fields: tuple[str, ...] = ()
    expression: str | None = None
    why: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    fix: str | None = None
    who: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    filling: Suggestion | None = None
    filled_by: tuple[str, ...] = ()
    place: str | None = None
    people: tuple[str, ...] = ()

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
    the deal beside its id; as it may be personal, it is no part of the message. ``subject`` is the deal as it was named.
    ``http_status`` is 403 where the step is another's to take. ``connection`` is the application's own, if it was joined.
    """

    code = "step-refused"
    http_status = 409
    connection: object = None

    def __init__(
        self,
        headline: str,
        unmet: tuple[Unmet, ...],
        replayed: bool = False,
        record: object = None,
        title: str | None = None,
        subject: str | None = None,
    ) -> None:
        self.headline = headline = encodable(headline)
        self.unmet = unmet
        self.replayed = replayed
        self.record = record
        self.title = title
        super().__init__(headline + ": " + "; ".join(map(_in_short, unmet)), subject)
        if any(item.code == "not-yours" for item in unmet):
            self.http_status = 403

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.headline, self.unmet, self.replayed, self.record, self.title, self.subject)

    def as_dict(self) -> dict[str, Any]:
        """What the command line prints of it as JSON."""
        unmet = [item.as_dict() for item in self.unmet]
        shown = {"refused": self.headline, "title": self.title, "replayed": self.replayed, "unmet": unmet}
        return {**shown, **super().as_dict()}
