"""A process that is killed at one of its steps: what it calls of C by these names is counted."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

IMPORT = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom killer import KILLED, killed_at\n"
"""The beginning of a program of its own that kills what it forks."""
KILLED = -signal.SIGKILL


def killed_at(at: int, watched: Iterable[str], work: Callable[[], int | None]) -> int:
    """Do the work in a fork that is killed before its step of that number (from 1; 0 is none); where it has fewer, it ends
    well. The exit code: ``KILLED``, or what the work came to. What it prints is thrown away."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        names, counted = frozenset(watched), 0

        def look(frame: FrameType, event: str, called: Any) -> None:
            nonlocal counted
            if event == "c_call" and called.__name__ in names:
                counted += 1
                if counted == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        if at:
            sys.setprofile(look)
        code = work()
        sys.setprofile(None)
        os._exit(code or 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
