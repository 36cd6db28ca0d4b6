"""The rules of the family ``proof``, whose findings ``procdef.proof`` makes where they are asked for."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere

reported = partial(reported_elsewhere, "proof")

RULES: tuple[Rule, ...] = (
    reported(
        "always-true",
        Severity.WARNING,
        """
        A condition that no values make false keeps nobody out, though whoever reads the process believes that it does. It is
        proved within the types, `min`, `max` and options of the fields. Write what it was to keep out; where it only makes sure
        that fields are filled in, write `require`.
        """,
    ),
    reported(
        "never-true",
        Severity.WARNING,
        """
        A condition that no values make true: a criterion that nobody can meet, an action that is never needed, a way that is
        never open. Often a sign points the wrong way, or a limit of a field forbids what the condition asks for. Mend the
        condition, or the `min`, `max` or options of its fields.
        """,
    ),
    reported(
        "branch-gap",
        Severity.WARNING,
        """
        Where all ways out of a stage have a `when`, each deal should find one of them open. For the values that the message
        shows, none is, so that such a deal stays where it is although all that the ways read is filled in. Let one of the ways
        take it too, or write `when: else` on the way for all others.
        """,
    ),
    reported(
        "branch-overlap",
        Severity.INFO,
        """
        For the values that the message shows two ways are open, and the seller chooses between them. That may well be meant.
        Where the values are to decide, let one condition exclude the other: `discount > 15 %` beside `discount <= 15 %`.
        """,
    ),
    reported(
        "never-recorded",
        Severity.INFO,
        """
        A deal waits here for a field that no action on any way to this place records, so that somebody must think of recording
        it unasked. Name the field in the `records` of the action that finds it out: then it is asked for in time.
        """,
    ),
    reported(
        "not-decided",
        Severity.INFO,
        """
        The proof did not find out within its bound whether there is such a fault here, and claims nothing. The message says
        what would make it decidable. Nothing is wrong with the process because of it.
        """,
    ),
)
