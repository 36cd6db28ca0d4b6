"""Why nothing is suggested for what is not tried: that it cannot be, where that is proved, or that no steps were found."""

from __future__ import annotations

from procdef.proof.integers import Undecided
from procdef.scenarios.coverage import Item, ends_of
from procdef.scenarios.suggesting.tries import Tries

_NOT_FOUND = "no steps were found that try it, which does not mean that there are none"
_NO_VALUES = {
    "true": "no values make it true",
    "false": "no values make it false",
    "met": "no values meet it",
    "unmet": "there are no values that do not meet it",
    "": "no deal comes to need it",
}


def reason(tries: Tries, item: Item) -> str:
    """A sentence without an end."""
    reach = tries.plans.reach
    if item.kind in ("stages", "starts") and item.stage not in reach.stages:
        return "no deal can come there"
    if item.kind == "starts":
        return "no deal can start there" if not _starts(tries, item.stage) else _NOT_FOUND
    if item.kind == "ways":
        return _NOT_FOUND if ends_of(item) in reach.ways else "no deal can take this way"
    sites = tries.sites(item)
    if item.kind in ("criteria",) and tries.process.stages[item.stage].start:
        sites = [*sites, item.stage]
    if not any(site in reach.stages for site in sites):
        return f"no deal can come to {item.stage or 'any stage'}"
    wanted = [each for each in tries.wanted(item) if each]
    if wanted:
        try:
            if all(tries.plans.inquiry.search.example(each) is None for each in wanted):
                return _NO_VALUES.get(item.what, _NO_VALUES[""])
        except Undecided:
            return "it was not found out within the bound whether values do that"
    if item.of in tries.process.actions and item.kind != "when" and item.of not in reach.actions:
        return "no deal can do this action"
    return _NOT_FOUND


def _starts(tries: Tries, stage: str) -> bool:
    return tries.plans.started(tries.process.stages[stage]) is not None
