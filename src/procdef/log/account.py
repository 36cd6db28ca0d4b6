"""Whom this process runs as, by the word of the operating system."""

from __future__ import annotations

import os


def system_account() -> str:
    """The name of the account, or its number where it has none; not what the environment says, which anybody can set."""
    if hasattr(os, "getuid"):
        import pwd

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return str(os.getuid())
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
