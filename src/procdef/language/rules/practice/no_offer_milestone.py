"""The hit rate counts the deals won among those that got an offer. Without an action that marks the offer it cannot be told.
Write `milestone: offer` at the action with which the customer gets it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def no_offer_milestone(draft: Draft) -> Iterator[Finding]:
    """A process in which no action has ``milestone: offer``; reported once, at ``stages``."""
    if all(action.milestone != "offer" for action in draft.process.actions.values()):
        message = "no action marks the offer, so there is no hit rate; add `milestone: offer` to the one that sends it"
        yield Finding("no-offer-milestone", Place(("stages",), "key"), message)


RULE = Rule("no-offer-milestone", Severity.WARNING, "practice", __doc__, no_offer_milestone)
