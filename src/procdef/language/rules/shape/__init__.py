"""Rules on keys, types and words, most of them reported while a file is held against the schema."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere
from procdef.language.rules.shape import no_value_field, wrong_field_type

reported = partial(reported_elsewhere, "shape")

RULES: tuple[Rule, ...] = (
    reported(
        "unknown-key",
        Severity.ERROR,
        "An unknown key would be ignored, and what it was meant to ensure would not happen. Correct its spelling.",
    ),
    reported("missing-key", Severity.ERROR, "The process cannot be understood without this key. Add it."),
    reported(
        "wrong-type",
        Severity.ERROR,
        "The value is of another type than the key takes. Write it in the form that the message shows.",
    ),
    wrong_field_type.RULE,
    reported(
        "empty",
        Severity.ERROR,
        "An empty list or mapping says nothing. Fill it in, or remove the key where a file can do without it.",
    ),
    reported(
        "missing-default-text",
        Severity.ERROR,
        "Every text must exist in the default language, so that no reader sees a gap. Add it.",
    ),
    reported(
        "needs-currency",
        Severity.ERROR,
        "An amount of money means nothing without a currency. Add `currency` at the top.",
    ),
    reported(
        "needs-calendar",
        Severity.ERROR,
        "Business hours and days are counted on a calendar. Add `calendar` with a time zone at the top.",
    ),
    reported(
        "reason-overruled",
        Severity.WARNING,
        "Leaving things unfinished always asks for a reason, so `reason: optional` beside it misleads. Remove it.",
    ),
    reported("unknown-word", Severity.ERROR, "The key takes one of a few words. Use one of those listed."),
    reported("out-of-range", Severity.ERROR, "The number is outside the range that makes sense here. Correct it."),
    reported(
        "min-over-max",
        Severity.ERROR,
        "No value can be at least the greater limit and at most the smaller. Swap `min` and `max`.",
    ),
    reported(
        "check-or-require",
        Severity.ERROR,
        "A criterion either checks an expression or requires fields. Keep exactly one of the two.",
    ),
    reported(
        "within-or-until",
        Severity.ERROR,
        """
        A deadline comes either so long after the stage was entered, or at the time that a field of the deal holds. Keep exactly
        one of the two.
        """,
    ),
    reported(
        "escalates-to-nobody",
        Severity.ERROR,
        "A time after which somebody is told means nothing without whom. Name the roles in `escalate_to`.",
    ),
    reported(
        "misplaced-table",
        Severity.ERROR,
        """
        A table in `by` says who decides, row by row, and how many times: it belongs to a decision, and all that it says stands
        in its rows. Set `decision: true`, write each role as a row, `{roles: manager}`, and `at_least` into the rows.
        """,
    ),
    reported("duplicate-item", Severity.ERROR, "The same item twice in one list is a slip. Remove one."),
    reported(
        "newer-language",
        Severity.ERROR,
        "The file is written for another version of the language. Use a procdef that reads it.",
    ),
    reported(
        "bad-id",
        Severity.ERROR,
        """
        Ids are permanent and stand in logs, so their form is fixed: lower-case letters, digits and underscores. Put
        what people read into the `title`.
        """,
    ),
    reported(
        "reserved-id",
        Severity.ERROR,
        "The id is a word of the expression language and would be ambiguous there. Choose another.",
    ),
    reported(
        "duplicate-id",
        Severity.ERROR,
        "The log names criteria and actions by id alone, so no two in a stage may share one. Rename one.",
    ),
    reported(
        "bad-duration",
        Severity.ERROR,
        "A deadline must not be ambiguous. Write a whole number and a unit: `3 days`, `4 business hours`.",
    ),
    reported(
        "bad-calendar",
        Severity.ERROR,
        """
        Deadlines are counted on these days and hours. Days are `mon-fri` or `sat-wed`, hours `09:00-17:00`, over midnight
        `22:00-06:00`, dates `2026-12-24`; each day has its hours once, and those of two days do not overlap.
        """,
    ),
    reported(
        "unknown-currency",
        Severity.ERROR,
        "Amounts in an unknown currency cannot be shown or added up. Use its ISO 4217 code, three capital letters such as EUR.",
    ),
    reported(
        "unknown-time-zone",
        Severity.ERROR,
        "Due times and dates depend on the time zone, summer time included. Use its IANA name, such as Europe/Helsinki.",
    ),
    reported(
        "unknown-country",
        Severity.ERROR,
        """
        Holidays are looked up by country, and working time is counted around them. Use the ISO code of the country, two
        capital letters such as FI.
        """,
    ),
    reported(
        "unknown-language",
        Severity.ERROR,
        "A language that programs do not recognise is offered to nobody. Use its code, such as en or fi.",
    ),
    no_value_field.RULE,
)
