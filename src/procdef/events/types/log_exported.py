"""Events or personal values left the log."""

from __future__ import annotations

from typing import Any

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import COUNT, DIGEST, STAMP, ValueKind, are_some_texts, is_text, needed, optional
from procdef.log.envelope import STREAMS, is_stream, is_time


def is_filter(value: Any) -> bool:
    """Between which times, of which deals, with or without personal values."""
    if type(value) is not dict or type(value.get("with_personal")) is not bool:
        return False
    if not all(is_time(value[end]) for end in ("from", "to") if end in value):
        return False
    return "deals" not in value or (are_some_texts(value["deals"]) and all(map(_is_deal, value["deals"])))


def _is_deal(stream: str) -> bool:
    return stream.startswith("deal:") and is_stream(stream)


_DEAL = {"type": "string", "pattern": f"^{STREAMS['deal']}$"}
FILTER = ValueKind(
    "filter",
    is_filter,
    keys=(
        optional("from", STAMP),
        optional("to", STAMP),
        optional("deals", ValueKind("list of streams", list, {"type": "array", "items": _DEAL, "minItems": 1})),
        needed("with_personal", ValueKind("`true` or `false`", bool, {"type": "boolean"})),
    ),
)

WORDS = "proof|person|export [a-z][a-z0-9-]{0,15}"
"""What left the log, as a regular expression: no free text stands here, which might name somebody."""
WHAT = ValueKind("text", is_text, {"type": "string", "pattern": f"^({WORDS})$"})

EVENT = EventType(
    name="log.exported",
    about=__doc__,
    keys=(
        needed("what", WHAT, "`proof`, `person`, or `export` and the name of a format: up to 16 of `a-z0-9-`, a letter first"),
        needed(
            "filter", FILTER, "`from?` and `to?` times, `deals?` by their streams, `with_personal`, `true` or `false`"
        ),
        needed("rows", COUNT, "how many"),
        needed("sha256", DIGEST, "of the file, or of the lines"),
    ),
    note="of a `person` nothing is said but that it was one",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="{what}: {rows} rows",
)
