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
        proved within the types, `min`, `max` and options of the fields, and within what must hold to come there and stays so: a
        required action of an earlier stage is done. Write what it was to keep out; where it only makes sure that fields are
        filled in, write `require`.
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
        Where two or more ways lead out of a stage and all have a `when`, each deal should find one of them open. For the values
        that the message shows, none is, so that such a deal stays where it is although all that the ways read is filled in. Let
        one of the ways take it too, or write `when: else` on the way for all others. A stage with one way is not looked at: its
        `when` is a gate.
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
        "entry-deadlock",
        Severity.WARNING,
        """
        An entry criterion that no deal can meet when it comes here, and that nobody may waive: what is asked for is excluded by
        what was asked on the way, or can only be done later. Ask for what can hold at that moment, or say in `waivable_by` who
        may let it pass.
        """,
    ),
    reported(
        "dead-transition",
        Severity.WARNING,
        """
        A way that no deal can ever take, as two things that are asked of it at the same moment exclude each other. Sellers see
        it and try it in vain. Mend one of the two conditions, or remove the way.
        """,
    ),
    reported(
        "stuck",
        Severity.WARNING,
        """
        A deal can come into a state from which no steps of anybody lead to an end: it can only be lost. Often a value that was
        recorded earlier is kept by the gate, and a later stage asks for another. The message shows such a deal, and
        `procdef prove` the steps that lead there. Let a way lead back to where the value may change, let the criterion be
        waived, or ask for less. A correction may free such a deal, but is not meant for that.
        """,
    ),
    reported(
        "approval-unasked",
        Severity.WARNING,
        """
        A deal can be won for which a decision is meant, as its `when` holds, and nobody was asked: a way leads around the stage
        of the decision, or it is optional, or a way lets unfinished work pass. `procdef prove` shows the steps. Require the
        decision in a stage that every deal comes by before it is won. A decision without `when` is meant for the deals that
        come by its stage, and nothing is told of those that a way leads around it: if it is meant for them too, say for which
        deals in a `when`.
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
