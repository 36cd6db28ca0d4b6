"""Rules on plans of migrations, reported while one is held against the versions that it leads from and to."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule, reported_elsewhere

_TOLD = (
    ("plan-process", "A plan says what becomes of deals of one process, and this one is for another. Give the plan for the "
     "process that is migrated, or correct its `process`."),
    ("plan-version", "Deals go from one published version to another, so both have to be there and differ. Publish the "
     "version, or correct `from` and `to`."),
    ("plan-type", "A value, or what was done, is carried over as it is: it never becomes something of another kind. Map it "
     "to something of the same kind, or drop it with `null`."),
    ("plan-personal", "Personal values never come into the open, and no one value for many deals is about one person. Map the "
     "field to one of personal values, drop it with `null`, or leave it out of `set`."),
    ("plan-swapped", "A plan leads from the ids that deals have now to those of the new version: `old: new`. Swap the two ids, "
     "or `from` and `to` where the plan is to lead back."),
    ("plan-twice", "A deal has one value, and one history, under each id. Drop one of the two with `null`, or map it to "
     "another id."),
    ("plan-win", "No deal is won, or not won any more, by going over to another version. Map the stage to one on the same side "
     "of the win."),
    ("plan-value", "What `set` gives has to be a value of its field, as whoever records it would have to give it. Write a "
     "value that the field takes, or leave the field out."),
)  # fmt: skip
RULES: tuple[Rule, ...] = tuple(reported_elsewhere("plans", code, Severity.ERROR, told) for code, told in _TOLD)
