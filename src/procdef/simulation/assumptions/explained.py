"""Assumptions with where each of them comes from, so that whoever reads the file can judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from procdef.simulation.assumptions.model import Assumptions

Route = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """``notes`` say where what stands at a place of the file comes from, and how often it was seen: at ``("stages", "closing",
    "lost")`` for example. ``about`` is what is to be said of the whole."""

    assumptions: Assumptions
    notes: Mapping[Route, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
