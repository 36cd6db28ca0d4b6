"""The small pieces of a definition: texts, ids, durations, options."""

from __future__ import annotations

from typing import Any

from procdef.calendar import Duration, parse_duration
from procdef.language.faulty_parts import STAND_IN
from procdef.model import Text


def text(raw: Any, language: str) -> Text:
    """A text: plain (in the default language) or by language."""
    if isinstance(raw, dict):
        return Text(
            {language: STAND_IN, **raw}, language
        )  # nobody knows the default language where `languages` is faulty
    return Text({language: str(raw)}, language)


def ids(raw: Any) -> tuple[str, ...]:
    """One id, a list of ids, or nothing."""
    if raw is None:
        return ()
    return (raw,) if isinstance(raw, str) else tuple(raw)


def duration(raw: str) -> Duration:
    """A duration that the shape rules have found sound; raises ValueError on any other."""
    found = parse_duration(raw)
    if found is None:
        raise ValueError(f"not a duration: {raw}")
    return found


def duration_unless_always(raw: str) -> Duration | None:
    """A duration, or ``None`` for ``always``; raises ValueError on anything else."""
    return None if raw == "always" else duration(raw)


def titled(raw: Any, language: str) -> dict[str, Text]:
    """Options, ways or reasons: a list of ids, or ids with a text or with a mapping that has a title."""
    if isinstance(raw, list):
        return {item: text(item, language) for item in raw}
    return {name: text(_title(spec), language) for name, spec in raw.items()}


def _title(spec: Any) -> Any:
    return spec["title"] if isinstance(spec, dict) and "title" in spec else spec
