"""Waivers that end because what they read has changed: like approvals that are voided, they are told with what did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from procdef.events.types.criterion_waived import path_of

_ENDING_ALL = ("stage.advanced", "stage.returned", "deal.lost", "deal.finished")
_OF_ACTIONS = ("action.completed", "action.voided")


def lapsed(events: Iterable[Mapping[str, Any]]) -> dict[int, list[str]]:
    """By the number of an event what is to be said of waivers that it ended; ``events`` are those of a deal, from its first on.

    Waivers that end with a change of stage are not told: that they hold until then is what they are for.
    """
    standing: dict[str, tuple[int, frozenset[str]]] = {}
    told: dict[int, list[str]] = {}
    for event in events:
        data, kind = event["data"], event["type"]
        if kind == "criterion.waived":
            standing[path_of(data["criterion"])] = (event["n"], frozenset(data["reads"]))
        elif kind in _ENDING_ALL:
            standing.clear()
        changed = {*data.get("changed", ()), *([data["action"]] if kind in _OF_ACTIONS else ())}
        ended = [criterion for criterion, (_, reads) in standing.items() if changed and not reads.isdisjoint(changed)]
        if kind == "deal.migrated":
            ended = [criterion for criterion, (n, _) in standing.items() if n not in data.get("waived", ())]
        for criterion in ended:
            del standing[criterion]
        if ended:
            told[event["n"]] = [f"the waiver of {criterion} has lapsed" for criterion in ended]
    return told
