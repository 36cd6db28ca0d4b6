"""What was worked out again, as people read it."""

from __future__ import annotations

from procdef.audit.reevaluated import Judged
from procdef.render.text_layout import WIDTH, wrapped


def judged_text(found: Judged, width: int = WIDTH) -> str:
    """A rule that comes out otherwise, or is not judged."""
    outcome = f"stored {found.stored}, " + (f"now {found.again}" if found.again else f"not judged: {found.why}")
    lines = [f"{found.kind} {found.rule}: {outcome}"]
    lines += wrapped(f"{found.stream} event {found.n} ({found.event}), {found.time}", width)
    place = f" [{found.place}]" if found.place else ""
    return "\n".join(lines + (wrapped(f"{found.text}{place}", width) if found.text else []))
