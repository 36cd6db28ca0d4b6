"""A progress bar on stderr for what takes longer than a second: only on a terminal, and not when quiet is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock, Thread
from typing import Protocol

_PATIENCE = 1.0
"""Seconds before the bar appears."""
_BEAT = 0.1


class Appearance(Protocol):
    """What the bar asks of the settings of a command: whether to be quiet, and whether colour is wanted."""

    @property
    def quiet(self) -> bool: ...
    @property
    def color(self) -> bool: ...


class Bar:
    """The line on which progress is told."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.erase: Callable[[], None] | None = None
        """Takes the bar off the terminal until it is drawn anew; none while there is no bar."""

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Print in this block; the bar goes on below what was printed on the same terminal."""
        with self.lock:
            if self.erase is None:
                yield
                return
            if sys.stdout.isatty():
                self.erase()
            yield
            sys.stdout.flush()


@contextmanager
def progress(what: str, now: Appearance, done: Callable[[], int], total: int | None = None) -> Iterator[Bar]:
    """Watch the block: ``done`` is asked ten times a second how many of ``total`` are behind us (``None``: not known)."""
    bar = Bar()
    if now.quiet or not sys.stderr.isatty():
        yield bar
        return
    over = Event()
    watcher = Thread(target=_watch, args=(what, now, done, total, over, bar), daemon=True)
    watcher.start()
    try:
        yield bar
    finally:
        over.set()
        watcher.join()


def _watch(what: str, now: Appearance, done: Callable[[], int], total: int | None, over: Event, bar: Bar) -> None:
    if over.wait(_PATIENCE):
        return
    from rich.console import Console
    from rich.control import Control
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.segment import ControlType

    from procdef.cli.output import wanted

    console = Console(stderr=True, no_color=not wanted(now.color, sys.stderr))
    columns = (TextColumn(what), BarColumn(), TextColumn("{task.percentage:>3.0f} %" if total else ""))
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()) if total else (TimeElapsedColumn(),)
    drawn = Progress(*columns, *times, console=console, transient=True, redirect_stdout=False, auto_refresh=False)
    task = drawn.add_task(what, total=total)
    with bar.lock:
        drawn.start()
        away = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))
        bar.erase = partial(console.control, away)
    while not over.wait(_BEAT):
        with bar.lock:
            drawn.update(task, completed=done(), refresh=True)
    with bar.lock:
        drawn.stop()
        bar.erase = None
