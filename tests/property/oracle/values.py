"""The fields of the random processes, and what may be typed into them with what the log makes of it."""

from __future__ import annotations

from typing import Any

UNSET = None
BAD = object()

FIELDS: dict[str, dict[str, Any]] = {
    "size": {"type": "integer", "min": 0, "max": 10},
    "amount": {"type": "money", "min": 0},
    "rate": {"type": "percent", "max": 40},
    "ready": {"type": "boolean"},
    "kind": {"type": "choice", "options": ["fair", "web"]},
    "tags": {"type": "choice", "many": True, "options": ["b", "a", "c"]},
    "mail": {"type": "email"},
    "name": {"type": "text", "personal": False},
    "met": {"type": "date"},
    "rows": {"type": "list", "items": {"n": {"type": "integer"}, "who": {"type": "text"}}},
    "guests": {"type": "list", "items": {"who": {"type": "text", "required": True}, "n": {"type": "integer"}}},
}

TYPED: dict[str, list[tuple[Any, Any]]] = {
    "size": [(3, 3), ("7", 7), (0, 0), (10, 10), ("", UNSET), (11, BAD), ("many", BAD)],
    "amount": [("50", "50"), (1200, "1200"), ("500.00", "500"), (500, "500"), (None, UNSET), ("-1", BAD)],
    "rate": [("5", "5"), ("20", "20"), ("15.0", "15"), (16, "16"), ("", UNSET), (41, BAD)],
    "ready": [(True, True), (False, False), (True, True), (None, UNSET), ("perhaps", BAD)],
    "kind": [("fair", "fair"), ("web", "web"), ("fair", "fair"), (" ", UNSET), ("moon", BAD)],
    "tags": [("a", ["a"]), ("b, a", ["a", "b"]), (["c", "b", "c"], ["b", "c"]), ([], UNSET), (("d",), BAD), ([["a"]], BAD)],
    "mail": [("a@b.example", "a@b.example"), ("c@d.example", "c@d.example"), ("  ", UNSET), ("no address", BAD)],
    "name": [("Acme", "Acme"), (" Acme ", "Acme"), ("Beta", "Beta"), ("", UNSET), ("\u200b\u3164 ", UNSET), ("tbd.", BAD)],
    "met": [("2026-03-02", "2026-03-02"), ("2026-03-05", "2026-03-05"), (None, UNSET), ("soon", BAD)],
    "rows": [
        ([{"n": 1}], [{"n": 1}]),
        ([{"n": 2, "who": "Anna"}, {"n": 3}], [{"n": 2, "who": "Anna"}, {"n": 3}]),
        ([{"n": 0}, {"who": "Olli"}], [{"n": 0}, {"who": "Olli"}]),
        ([{}, {"n": 1}, {"who": "\u2060"}], [{"n": 1}]),
        ([], UNSET),
        ([{}, {"who": " "}], UNSET),
        ([{"colour": "red"}], BAD),
    ],
    "guests": [
        ([{"who": "Anna"}], [{"who": "Anna"}]),
        ([{"who": "Olli", "n": 2}, {}], [{"who": "Olli", "n": 2}]),
        ([], UNSET),
        ([{"who": "Anna"}, {"n": 1}], BAD),
        ([{"who": "- TBD -"}], BAD),
    ],
}
"""Each field's typed values, the harmless ones first, with their form in the log, ``UNSET`` or ``BAD``."""


def meaning_of(field: str, typed: Any) -> Any:
    """The log's form of a typed value, ``UNSET`` or ``BAD``."""
    return next(form for given, form in TYPED[field] if repr(given) == repr(typed))
