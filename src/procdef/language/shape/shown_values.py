"""How messages show values and the places where they stand."""

from __future__ import annotations

from procdef.diagnostics import Route
from procdef.language.shape.schema_keys import file_kind


def where(route: Route) -> str:
    """A route for a message, in quotation marks."""
    return f'"{".".join(str(step) for step in route)}"' if route else file_kind().whole


def shown(value: object) -> str:
    """A value for a message, shortened and written as in YAML."""
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = single(value) or ""
    cut = text if len(text) <= 60 else text[:57] + "..."
    return f'"{cut}"' if isinstance(value, str) else cut


def single(value: object) -> str | None:
    """A single value as text; None for nothing, a mapping or a list."""
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
