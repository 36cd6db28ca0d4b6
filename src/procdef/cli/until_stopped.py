"""Work that goes on until somebody stops it, and ends between two pieces of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(threading.Event):
    """Set once somebody asked for the end; ``interrupted``: with Ctrl-C."""

    interrupted = False


@contextmanager
def until_stopped() -> Iterator[Stopped]:
    """While the block runs, Ctrl-C and a request to terminate are noted, so that what is under way is ended first."""
    stopped = Stopped()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        if stopped.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stopped.interrupted = stopped.interrupted or number == signal.SIGINT
        stopped.set()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
