"""Rules on files of assumptions, reported while one is held against its process."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere

reported = partial(reported_elsewhere, "assumptions")

RULES: tuple[Rule, ...] = (
    reported(
        "other-process",
        Severity.ERROR,
        """
        Assumptions are about the stages, actions and fields of one process, and say nothing of another. Simulate the process
        that `process` names, or write assumptions for this one: `procdef simulate FILE --write-assumptions` begins them.
        """,
    ),
    reported(
        "bad-share",
        Severity.ERROR,
        """
        How often something happens is a share of 100, from `0 %` to `100 %`, with its sign: 0.3 and 30 could mean the same or
        not. Several shares of one whole, as of deals that go back, come to no more than 100 % together.
        """,
    ),
    reported(
        "bad-weights",
        Severity.ERROR,
        """
        Of several things one is chosen by their weights: counts, of which any total will do, or shares, which add up to 100 %.
        Where all are 0 nothing can be chosen, and where some are shares and others counts nobody can tell how they compare.
        """,
    ),
    reported(
        "reversed-estimate",
        Severity.ERROR,
        """
        An estimate in three points rises: `low` is no more than `likely`, and that no more than `high`. Otherwise one of them
        is a slip, and nothing could be drawn from them. Correct it.
        """,
    ),
    reported(
        "which-spread",
        Severity.ERROR,
        """
        How values are spread is said in one way: `always`, `low` and `high` with or without `likely`, `median` and `factor`, or
        a `sample`; of options and texts also `choice`. Two ways at once contradict each other, and half a way says too little.
        Keep one, and complete it.
        """,
    ),
    reported(
        "wrong-unit",
        Severity.ERROR,
        """
        Work is somebody's own time, in minutes or hours. Waiting takes minutes, hours, days or weeks, of the clock or, with
        `business` before the unit, of working time; one spread has all of its points in the same kind of time, since a mean of
        5 days and 5 business days says nothing.
        """,
    ),
    reported(
        "unfit-value",
        Severity.ERROR,
        """
        The field would not take such a value, so every deal that holds it would be refused. Write one within its type, its
        bounds and its options.
        """,
    ),
    reported(
        "assumed-in-vain",
        Severity.ERROR,
        """
        What is assumed here can never have an effect in this process: nobody approves where nothing is decided, and no deal
        starts in a stage that is no start. Remove it, or say it of what was meant.
        """,
    ),
)
