"""Tells an unknown name once, wherever it stands: whoever misspelt it where it is declared has one mistake, not ten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from procdef.diagnostics import Diagnostic, Related, SubjectKind

_UNKNOWN = frozenset(["unknown-role", "unknown-field", "unknown-name", "unknown-stage"])


def once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings in their order, each unknown name told at its first place, with the others beside it."""
    first: dict[tuple[SubjectKind | None, str], int] = {}
    others: dict[int, list[Related]] = {}
    kept: list[Diagnostic] = []
    for item in found:
        key = (item.kind, item.subject or "")
        if item.code not in _UNKNOWN or item.subject is None:
            kept.append(item)
        elif key in first:
            others.setdefault(first[key], []).append(Related(item.span, "here too"))
        else:
            first[key] = len(kept)
            kept.append(item)
    for at, places in others.items():
        kept[at] = replace(kept[at], related=(*kept[at].related, *places))
    return kept
