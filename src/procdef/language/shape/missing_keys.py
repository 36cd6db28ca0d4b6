"""What is told of a key that is not there."""

from __future__ import annotations

from procdef.diagnostics import Finding, Place, Route
from procdef.language.shape.schema_keys import file_kind
from procdef.language.shape.shown_values import where


def missing_key(key: str, route: Route) -> Finding:
    """The finding on a ``key`` that the mapping at a route needs; of a file's first key, which says of what kind it is, with
    the line that is to be written."""
    of = file_kind()
    if key == of.key and not route:
        said = "the first line is missing; a {content} begins with `{begins}`"
        details = {"content": of.content, "begins": of.begins}
    else:
        said, details = 'the key "{subject}" is missing in {where}; add it', {"where": where(route)}
    return Finding("missing-key", Place(route, "key"), said, subject=key, kind="key", details=details)
