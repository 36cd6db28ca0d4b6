"""Faults that are found while a text is read."""

from __future__ import annotations

from dataclasses import dataclass

from procdef.language.yaml.tree import Stretch


@dataclass(frozen=True, slots=True)
class ReadingFault:
    """A fault found while reading, at a stretch of the text."""

    code: str
    at: Stretch
    message: str
    first: Stretch | None = None
