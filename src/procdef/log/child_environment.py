"""What programs that procdef starts see of its environment: nothing that is meant for procdef itself."""

from __future__ import annotations

import os

_OURS = "PROCDEF_"
"""What the names of our variables begin with. One may hold the log's private key, another who somebody is."""


def child_environment() -> dict[str, str]:
    """The environment for every program that is started: that of this process without our own variables."""
    return {name: value for name, value in os.environ.items() if not name.upper().lstrip("_").startswith(_OURS)}
