"""What a fork must not cut in two: it waits for what other threads have begun, and keeps them from beginning more."""

from __future__ import annotations

import os
import threading
from time import monotonic
from typing import Protocol
from weakref import WeakSet

SECONDS = 5.0
"""How long a fork waits for other threads; what they have still open then is of no use to the new process, which is told."""

opening = threading.RLock()
"""Held while a file of a database is made, opened or closed, and while this process is forked."""


class Forkable(Protocol):
    """What is told of every fork of this process."""

    def before_fork(self, deadline: float) -> None:
        """End what can be ended, and wait for other threads until ``deadline`` (of ``time.monotonic``)."""

    def after_fork(self, child: bool) -> None:
        """Go on, in the process that was forked or in the new one (``child``)."""


_forkables: WeakSet[Forkable] = WeakSet()
_waiting: list[Forkable] = []


def tell(forkable: Forkable) -> None:
    """Tell this object, for as long as there is one, of every fork."""
    with opening:
        _forkables.add(forkable)


def _before() -> None:
    opening.acquire()
    deadline = monotonic() + SECONDS
    for forkable in tuple(_forkables):
        _waiting.append(forkable)
        forkable.before_fork(deadline)


def _after(child: bool) -> None:
    try:
        while _waiting:
            _waiting.pop().after_fork(child)
    finally:
        opening.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before, after_in_parent=lambda: _after(child=False), after_in_child=lambda: _after(child=True)
    )
