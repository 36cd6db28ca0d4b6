"""Decimals that never round."""

from __future__ import annotations

from decimal import Context, Inexact

# 250 tokens make at most 125 factors of 22 digits, so that nothing ever rounds in 6,000.
EXACT = Context(prec=6_000, Emax=999_999, Emin=-999_999, traps=[Inexact])
"""One wide context that would rather fail than round."""
