"""Erasures, one a line."""

from __future__ import annotations

from procdef.engine.erasing import Erasure


def erased_text(found: Erasure) -> str:
    """When, where, by whom, how much, on what basis, and whether its bytes are gone."""
    count = len(found.leaves)
    purged = "purged" if found.purged else "purge pending"
    return f"{found.at}  {found.stream}  {found.by}  {count} value{'s' * (count != 1)}  {found.basis}  {purged}"
