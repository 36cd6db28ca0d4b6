"""What a verification finds: something in a log that should not be so."""

from __future__ import annotations

from typing import NamedTuple


class Irregularity(NamedTuple):
    """Something in the log that should not be so: a stable code, the event (``n`` 0: the stream as a whole), and what
    was expected and found there."""

    code: str
    stream: str
    n: int
    expected: str
    found: str
