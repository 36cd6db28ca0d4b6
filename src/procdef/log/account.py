"""Whom this process runs as, by the word of the operating system."""

from __future__ import annotations

import os


def system_account() -> str:
    """The name of the account, or its number where it has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
