"""A file of steps, read line by line while they are played."""

from __future__ import annotations

import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

from procdef.cli.exact_json import exact
from procdef.cli.output import echo
from procdef.errors import InvalidArgument, ProcdefError
from procdef.log.endless_files import refuse_endless
from procdef.open_databases import is_held

_STANDARD_INPUT = Path("-")
_LONGEST = 4 * 1024 * 1024
"""Characters; a longer line is no step, and is never held in memory whole."""


class StepsFile:
    """The steps of a file, in order. A line that is no step becomes an error in its place.

    ``lines`` keeps the line of each step that has no result yet. Once ``stopped`` there are no more steps.
    """

    def __init__(self, path: Path) -> None:
        self.lines: deque[int] = deque()
        self.stopped = False
        self._typed = path == _STANDARD_INPUT
        if not self._typed:
            refuse_endless(path)
        self.size = 0 if self._typed else path.stat().st_size
        self._path = path
        self._read = 0

    def place(self) -> int:
        """How many bytes of ``size`` were read."""
        return self._read

    def __iter__(self) -> Iterator[Mapping[str, Any] | ProcdefError]:
        if is_held(self._path):
            raise InvalidArgument(f"{self._path} is the database; name a file of steps")
        with nullcontext(sys.stdin.buffer) if self._typed else self._path.open("rb") as stream:
            number = 0
            while not self.stopped and (raw := stream.readline(_LONGEST)):
                number += 1
                self._read += len(raw)
                step: Mapping[str, Any] | ProcdefError = {}
                if len(raw) == _LONGEST and not raw.endswith(b"\n"):
                    while (rest := stream.readline(_LONGEST)) and not rest.endswith(b"\n"):
                        self._read += len(rest)
                    step = InvalidArgument(f"the line is longer than {_LONGEST} bytes")
                elif raw.strip():
                    step = _step(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw)
                else:
                    continue
                self.lines.append(number)
                yield step


@contextmanager
def stoppable(file: StepsFile) -> Iterator[None]:
    """While the block runs, Ctrl-C ends the file of steps, so that those at hand are still stored; a second one interrupts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if file.stopped:
            raise KeyboardInterrupt
        file.stopped = True
        echo("\nstopping after the steps at hand; Ctrl-C again stops at once", err=True)

    before = signal.getsignal(signal.SIGINT)
    if before != signal.SIG_IGN:
        signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _step(raw: bytes) -> Mapping[str, Any] | ProcdefError:
    try:
        step = exact(raw.decode())
    except UnicodeDecodeError:
        return InvalidArgument("the line is not UTF-8")
    except RecursionError:
        return InvalidArgument("the line is nested too deep")
    except ValueError as wrong:
        return InvalidArgument(f"the line is not JSON: {wrong}")
    return step if isinstance(step, dict) else InvalidArgument("a step is a JSON object: {...}")
