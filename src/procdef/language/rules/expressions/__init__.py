"""Rules on `check` and `when`, most of them reported by the compiler of expressions."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.expressions import misplaced_else
from procdef.language.rules.rule import Rule, reported_elsewhere

reported = partial(reported_elsewhere, "expressions")

RULES: tuple[Rule, ...] = (
    reported(
        "expression-syntax",
        Severity.ERROR,
        """
        An expression that cannot be read decides nothing, so no deal could pass the criterion. The mark shows where reading
        stopped; write what the message proposes. There is no division, no chained comparison (write
        `between 0 % and 15 %`), and `any`, `all` and `count` do not stand inside one another.
        """,
    ),
    reported(
        "unknown-name",
        Severity.ERROR,
        """
        A criterion that asks about a field which does not exist could never be met. Correct the name, or add the field to
        `fields`. Text is written in quotes; an option of a choice is written without them: `source == referral`.
        """,
    ),
    reported(
        "ambiguous-name",
        Severity.ERROR,
        """
        A word with two meanings may be read as the one that was not meant, and nobody would notice. Put an option that is
        also the name of a choice field in quotes; rename a column that has the name of a field.
        """,
    ),
    reported(
        "ambiguous-number",
        Severity.ERROR,
        """
        `150.000` is a hundred and fifty to some people and a hundred and fifty thousand to others, so a number with exactly
        three decimals is never taken for granted where money or a whole number is due. Write one of the two forms that the
        message gives. Percent and plain numbers may have three decimals.
        """,
    ),
    reported(
        "skipped-time",
        Severity.ERROR,
        """
        When summer time begins, the clocks jump over an hour, so a time within it never comes there, and nobody knows which
        one beside it was meant. Write one of the two times that the message gives, or one with its offset:
        `"2026-03-29T03:30+03:00"`.
        """,
    ),
    reported(
        "type-mismatch",
        Severity.ERROR,
        """
        Values of different types cannot be compared. Compare like with like: money with money, a date with a date, a
        choice with its options; ask about the rows of a list with `any`, `all` or `count`.
        """,
    ),
    reported(
        "missing-unit",
        Severity.ERROR,
        """
        A plain number compared with a percentage is ambiguous: 0.15 may be a share or a small percentage. Write the unit:
        `discount <= 15 %`.
        """,
    ),
    reported(
        "unknown-option",
        Severity.ERROR,
        """
        A choice never holds an option that it does not have, so the comparison would come out the same for every deal. Correct
        the option's id, or add it to the field's `options`. Options are compared by their ids, not by their titles.
        """,
    ),
    reported(
        "mixed-and-or",
        Severity.ERROR,
        """
        Some people read `a or b and c` one way and some the other, and a criterion must not depend on that. Put
        the part that belongs together in parentheses: `a or (b and c)`.
        """,
    ),
    misplaced_else.RULE,
    reported(
        "too-long",
        Severity.ERROR,
        """
        Nobody can say whether an expression of this length is right, and its cost is bounded so that no file can stall the
        engine. Split it: several criteria of a stage must all hold, each with a message of its own.
        """,
    ),
)
