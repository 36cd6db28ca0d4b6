"""What people write as the `outcome` of a stage, which takes `won` alone."""

from __future__ import annotations

_WON = frozenset(
    {"won", "win", "wins", "success", "true", "yes", "closed won"}
    | {"ganado", "ganada", "gewonnen", "gagné", "gagnée", "voitettu", "vinto", "ganho", "vunnen", "vunnet"}
)
_LOST = frozenset(
    {"perdido", "perdida", "verloren", "perdu", "perdue", "hävitty", "menetetty", "perso", "förlorad"}
    | {"lost", "lose", "loss", "fail", "failed", "failure", "false", "no", "dead", "rejected", "closed lost"}
)
NO_STAGE = (
    "a stage cannot be {value}: a deal is lost from any stage, for a reason that `lost:` lists at the top of the file; "
    "remove the stage, and write `lost: {reasons: ...}` there"
)
"""What to say of an outcome that ``means_lost``."""


def means_won(written: object) -> bool:
    """Whether somebody who writes this means that the deal is won."""
    return _plain(written) in _WON


def means_lost(written: object) -> bool:
    """Whether somebody who writes this means that the deal is lost."""
    return _plain(written) in _LOST


def _plain(written: object) -> str:
    return str(written).lower().replace("_", " ").replace("-", " ")
