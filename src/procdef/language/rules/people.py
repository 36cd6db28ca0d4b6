"""Rules on directories of people, reported while a file of people is checked."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere

reported = partial(reported_elsewhere, "people")

RULES: tuple[Rule, ...] = (
    reported(
        "bad-person-id",
        Severity.ERROR,
        """
        The id of a person stands in the log for good, and in what people type: `--as maija`. It is a word without blanks,
        commas and colons, of 64 characters at most. What people call somebody stands under `name`.
        """,
    ),
    reported(
        "lookalike-people",
        Severity.ERROR,
        """
        Who approves and who asked for it are told apart by their ids. Two ids that look alike are read as one person by
        everybody who looks at the log; give one of the two another id.
        """,
    ),
    reported(
        "personal-id",
        Severity.WARNING,
        """
        Ids and logins of people are kept in the log and cannot be erased from it. An e-mail address or a phone number says more
        than it takes to tell people apart; use a short name, such as `maija`.
        """,
    ),
    reported(
        "bad-date",
        Severity.ERROR,
        """
        The order of day and month differs from country to country, so dates are written with the year first: `2026-07-01`.
        Correct what is written otherwise, and days that no calendar has.
        """,
    ),
    reported(
        "reversed-dates",
        Severity.ERROR,
        "A period that ends before it begins has no day at all, and nobody has the role. Swap the two dates, or correct one.",
    ),
    reported(
        "overlapping-periods",
        Severity.WARNING,
        """
        Periods of one role, or of one deputy, that have days in common are likely a slip in one of the dates. Correct it, or
        write the two as one period.
        """,
    ),
    reported(
        "login-twice",
        Severity.ERROR,
        """
        By the login the command line knows who takes a step. Of two people with one login it could not know which; give each
        their own, or leave it out of one.
        """,
    ),
    reported(
        "unknown-person",
        Severity.ERROR,
        "A deputy who is nobody stands in for nobody. Correct the id, or add the person to `people`.",
    ),
    reported(
        "own-deputy",
        Severity.ERROR,
        "Nobody stands in for themself while they are away. Name somebody else as the deputy.",
    ),
    reported(
        "deputy-of-deputy",
        Severity.WARNING,
        """
        A deputy has the roles that the absent person has themself, and none that those have from somebody else: there are no
        chains. Name the third person a deputy of the first as well, where that is meant.
        """,
    ),
    reported(
        "deputy-circle",
        Severity.WARNING,
        """
        People who stand in for each other on the same days may all be away, and nobody is there. Name somebody else for some of
        the days, or suppress the finding where they are never away together.
        """,
    ),
    reported(
        "person-without-roles",
        Severity.WARNING,
        "Somebody without roles who stands in for nobody may do nothing. Give them a role, or remove them.",
    ),
    reported(
        "role-of-no-process",
        Severity.WARNING,
        """
        A role that no process has gives no rights: most often it is misspelt. Use the id that the process gives the role. It
        is only told where processes are known: from the database, or from `--process FILE`.
        """,
    ),
    reported(
        "too-few-people",
        Severity.WARNING,
        """
        With `four_eyes` a decision is for somebody who does not own the deal and did not set what it depends on, and with
        `at_least` for several different people. Where the directory has too few people with its roles, deals wait for good.
        Give the role to more people, name a deputy for the days on which somebody is missing, or suppress the finding where
        those deals never come to it. It is only told where processes are known, of the day of the check and of later ones.
        """,
    ),
)
