"""What stood in the way of steps, and what was waived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from procdef.store.rows import GateRow


@dataclass(frozen=True, slots=True)
class Obstacles:
    """How often each item was unmet (``(item, code)``: times, most first) and each criterion waived for a move."""

    unmet: tuple[tuple[str, str, int], ...]
    waived: tuple[tuple[str, int], ...]


def obstacles(gates: Iterable[GateRow], since: str | None, until: str | None) -> Obstacles:
    """Counts over the steps that occurred in ``since <= t < until`` (UTC text)."""
    unmet: Counter[tuple[str, str]] = Counter()
    waived: Counter[str] = Counter()
    for gate in gates:
        if (since is not None and gate.occurred < since) or (until is not None and gate.occurred >= until):
            continue
        if gate.result == "waived":
            waived[gate.item] += 1
        else:
            unmet[gate.item, gate.code] += 1
    return Obstacles(tuple((item, code, n) for (item, code), n in unmet.most_common()), tuple(waived.most_common()))
