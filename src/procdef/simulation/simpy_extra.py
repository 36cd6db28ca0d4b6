"""SimPy, which is installed with an extra and imported where something is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procdef.errors import ExtraMissing

if TYPE_CHECKING:
    from simpy import Environment


def environment(now: float) -> Environment:
    """An empty world whose clock stands at ``now``. Raises ``ExtraMissing`` where SimPy is not installed."""
    try:
        from simpy import Environment
    except ImportError:
        raise ExtraMissing('simulating needs the package simpy; run pip install "procdef[simulate]"') from None
    return Environment(now)
