"""Files that somebody names: one that is a pipe or a device may never end, or never begin."""

from __future__ import annotations

import stat
from pathlib import Path

from procdef.errors import InvalidArgument


def refuse_endless(file: Path) -> None:
    """Raise ``InvalidArgument`` for a pipe, a socket or a device, before it is opened; what else is wrong, opening tells."""
    if is_endless(file):
        raise InvalidArgument(f"{file} is a pipe or a device, and no file; name a file")


def is_endless(file: Path) -> bool:
    """Whether this is a pipe, a socket or a device."""
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
