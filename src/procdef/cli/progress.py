"""A progress bar on stderr for what takes longer than a second: only on a terminal, and not when quiet is asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procdef.cli.settings import Settings

_PATIENCE = 1.0
"""Seconds before the bar appears."""
_BEAT = 0.1


@contextmanager
def progress(what: str, now: Settings, done: Callable[[], int], total: int | None = None) -> Iterator[None]:
    """Watch the block: ``done`` is asked ten times a second how many of ``total`` are behind us (``None``: not known)."""
    if now.quiet or not sys.stderr.isatty():
        yield
        return
    over = Event()
    watcher = Thread(target=_watch, args=(what, now, done, total, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(what: str, now: Settings, done: Callable[[], int], total: int | None, over: Event) -> None:
    if over.wait(_PATIENCE):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from procdef.cli.paint import wanted

    console = Console(stderr=True, no_color=not wanted(now.color, sys.stderr))
    columns = (TextColumn(what), BarColumn(), TextColumn("{task.percentage:>3.0f} %" if total else ""))
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()) if total else (TimeElapsedColumn(),)
    with Progress(*columns, *times, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(what, total=total)
        while not over.wait(_BEAT):
            bar.update(task, completed=done())
