"""How long a step waits for others, as the address of a store says it."""

from __future__ import annotations

import re

from procdef.errors import InvalidArgument


def busy_seconds(otherwise: float, written: str | None) -> float:
    """How long to wait for others, as an address says it. Raises ``InvalidArgument``."""
    if written is None:
        return otherwise
    if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", written) is None or float(written) > 3600:
        raise InvalidArgument("busy=SECONDS in the store's address is a number from 0 to 3600, such as busy=0.5")
    return float(written)
