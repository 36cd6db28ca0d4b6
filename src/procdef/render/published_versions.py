"""Published versions, and what differs between two, as people read it."""

from __future__ import annotations

from procdef.audit.definition_differences import Difference
from procdef.audit.published_versions import PublishedVersion
from procdef.render.full_log import person_text
from procdef.render.text_layout import WIDTH, wrapped


def published_text(found: PublishedVersion) -> str:
    """A version: when, by whom, and what it is known by."""
    return (
        f"{found.process} v{found.version}  {found.recorded}  by {person_text(found.who)}\n"
        f"  SHA-256 {found.sha256} over {found.size} bytes\n  event {found.n} of definition:{found.process}, {found.hash}"
    )


def difference_text(found: Difference, width: int = WIDTH) -> str:
    """A difference; the text of a unified diff stays as it is."""
    if found.what == "text":
        return "\n".join(["", *found.details])
    places = [f"{name} line {line}" for name, line in (("old", found.old), ("new", found.new)) if line]
    head = f"{found.what} {found.id} {found.change}" + (f" ({', '.join(places)})" if places else "")
    return "\n".join([head, *(part for detail in found.details for part in wrapped(detail, width, "  ", "    "))])
