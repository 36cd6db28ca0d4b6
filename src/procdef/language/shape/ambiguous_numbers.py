"""Numbers of the file that can be read in two ways where money or a whole number is due."""

from __future__ import annotations

from decimal import Decimal

from procdef.diagnostics import Finding, Place, Route
from procdef.expression.three_decimals import TWO_READINGS, two_readings


def read_in_two_ways(raw: object, route: Route) -> Finding | None:
    """The finding on a number with exactly three decimals, or nothing."""
    readings = two_readings(str(raw)) if isinstance(raw, Decimal) else None
    if readings is None:
        return None
    details = {"point": readings[0], "thousands": readings[1]}
    return Finding("ambiguous-number", Place(route), TWO_READINGS, subject=str(raw), kind="value", details=details)
