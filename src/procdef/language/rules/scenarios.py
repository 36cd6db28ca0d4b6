"""Rules on files of scenarios, reported while one is held against its process."""

from __future__ import annotations

from functools import partial

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere

reported = partial(reported_elsewhere, "scenarios")

RULES: tuple[Rule, ...] = (
    reported(
        "unreadable-process",
        Severity.ERROR,
        """
        Scenarios test the process that `process` names, and nothing can be said of them while that cannot be read or has errors
        of its own. Write the path of its file from the folder of the scenarios, and mend what `procdef check` finds in it.
        """,
    ),
    reported(
        "unreadable-people",
        Severity.ERROR,
        """
        Where `people` names a file, roles come from the directory of people in it, and nothing can be played while that cannot
        be read or has errors of its own. Write its path from the folder of the scenarios, and mend what `procdef people check`
        finds in it; or write the people themselves, each with their roles.
        """,
    ),
    reported(
        "not-in-process",
        Severity.ERROR,
        """
        A step or an expectation names a stage, an action, a field or something else that the process does not have, so it tests
        nothing. Write an id that the process declares; where the process was changed, change its scenarios with it.
        """,
    ),
    reported(
        "unlisted-person",
        Severity.ERROR,
        """
        Roles alone decide who may take a step, and nobody knows the roles of somebody who is not among `people`. Write the
        person there with their roles, or name one of those who are there.
        """,
    ),
    reported(
        "bad-time",
        Severity.ERROR,
        """
        A time is written as 2026-03-02T09:00, and read on the clocks of the process's time zone, or with an offset behind it.
        Where a text is none, or those clocks never show it, nobody can say which time was meant; write another one.
        """,
    ),
    reported(
        "impossible-expectation",
        Severity.ERROR,
        """
        No deal of this process can ever stand as it is expected to, whatever the steps before, so the scenario could only fail.
        Look at what the process says of this place, and expect that, or change the process.
        """,
    ),
)
