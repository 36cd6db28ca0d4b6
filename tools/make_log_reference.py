#!/usr/bin/env python3
"""Write the table "Data by type" of docs/log.md from the declarations of events; the text around it is written by hand.

python3 tools/make_log_reference.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from procdef.events.declaration import OF_DEALS, EventType  # noqa: E402
from procdef.events.types import EVENT_TYPES  # noqa: E402
from procdef.events.value_kinds import Key  # noqa: E402

PAGE = ROOT / "docs" / "log.md"
BEGIN = "<!-- events: made by tools/make_log_reference.py from src/procdef/events/types; change them there -->\n"
END = "<!-- end of events -->\n"


def page() -> str:
    """The page with its table made anew."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + "\n".join(_table()) + "\n\n" + END + after


def _table() -> Iterator[str]:
    yield "| type | stream | deal | data |"
    yield "|---|---|---|---|"
    for kind in EVENT_TYPES:
        if kind.written:
            yield f"| `{kind.name}` | {', '.join(kind.streams)} | {_deals(kind)} | {_data(kind)} |"
    planned = [f"`{kind.name}` ({', '.join(map(_marked, kind.keys))})" for kind in EVENT_TYPES if not kind.written]
    if planned:
        yield ""
        yield f"Known to format 1, and not written yet, in `system`: {', '.join(planned)}."


def _deals(kind: EventType) -> str:
    """Of what mode the deals are that take it."""
    if OF_DEALS not in kind.streams:
        return ""
    return ", ".join(kind.modes) or "new"


def _data(kind: EventType) -> str:
    told = "; ".join(map(_told, kind.keys))
    return f"{told}. {kind.note[0].upper()}{kind.note[1:]}" if kind.note else told


def _told(key: Key) -> str:
    kind = "" if key.kind.name == key.name else f" {key.kind.name}"
    return f"{_marked(key)}{kind}" + (f": {key.note}" if key.note else "")


def _marked(key: Key) -> str:
    return f"`{key.name}{'*' * key.private}{'?' * (not key.needed)}`"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
