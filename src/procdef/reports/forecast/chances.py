"""How likely a deal in a stage is won: what the process declares, and what its log says."""

from __future__ import annotations

WEIGHT = 10
"""As how many decided deals the declared probability counts."""


def overall(won: int, decided: int) -> float | None:
    """The share of all decided deals that were won; ``None`` before anything was decided."""
    return won / decided if decided else None


def chance(declared: float | None, won: int, decided: int, of_all: float | None) -> float | None:
    """(won + 10 q) / (decided + 10), between 0 and 1.

    ``decided`` are the deals that had been in the stage and were won or lost, ``won`` those of them that were won. q is the
    declared probability; where the stage declares none, the share of all decided deals that were won (``of_all``), whatever
    stages they had been in. ``None`` where there is neither. (This is the mean of a beta distribution with the parameters
    10 q and 10 (1 - q) after these decisions.)
    """
    expected = of_all if declared is None else declared
    return None if expected is None else (won + WEIGHT * expected) / (decided + WEIGHT)
