"""What a command comes to: everything that stands in its way, or the deal afterwards."""

from __future__ import annotations

from typing import Any

from oracle import moving, settling, working
from oracle.cases import Case
from oracle.deals import Deal, Item, copied

VERBS: dict[str, tuple[Any, Any, Any]] = {
    "start": (moving.alone_start, moving.rest_start, moving.effect_start),
    "advance": (moving.alone_advance, moving.rest_advance, moving.effect_advance),
    "back": (moving.alone_back, moving.rest_back, moving.effect_back),
    "finish": (moving.alone_finish, moving.rest_finish, moving.effect_finish),
    "record": (working.alone_record, working.rest_record, working.effect_record),
    "do": (working.alone_do, working.rest_do, working.effect_do),
    "assign": (working.alone_assign, working.nothing, working.effect_assign),
    "note": (working.alone_note, working.nothing, working.effect_note),
    "waive": (settling.alone_waive, settling.rest_waive, settling.effect_waive),
    "lose": (settling.alone_lose, settling.rest_lose, settling.effect_lose),
    "reopen": (settling.alone_reopen, settling.rest_reopen, settling.effect_reopen),
}


def outcome(case: Case) -> tuple[set[Item], Deal]:
    """What is unmet, and the deal after the step where nothing is."""
    alone, rest, effect = VERBS[case["step"]["do"]]
    found: set[Item] = next((faults for faults in alone(case) if faults), set()) or rest(case)
    deal: Deal = copied(case["deal"] or {})
    if not found:
        effect(case, deal)
        happened = case["step"].get("happened") or case["now"]
        deal["active"] = max(happened, deal.get("active", happened))
    return found, deal
