"""Most deals are lost, and without `lost` none can be: they stay open for ever, count in the pipeline, and nobody learns why.
Write down the reasons, as in `lost: {reasons: {no_need: No need, no_budget: No budget}}`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def no_lost(draft: Draft) -> Iterator[Finding]:
    """A process without ``lost``; reported once, at ``stages``."""
    if draft.process.lost is None and not draft.faulty.within("lost"):
        sentence = "no deal of this process can be lost; add `lost: {reasons: {no_need: No need}}`, with your reasons"
        yield Finding("no-lost", Place(("stages",), "key"), sentence, key="lost")


RULE = Rule("no-lost", Severity.WARNING, "practice", __doc__, no_lost)
