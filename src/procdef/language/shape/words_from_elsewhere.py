"""Words that other programs have for types of fields and for keys, and those of this language that they stand for."""

from __future__ import annotations

from collections.abc import Collection

from procdef.words_of_languages import PERIODS, TYPES, plain

_TYPES = {
    **dict.fromkeys(("dropdown", "select", "picklist", "enum", "radio", "option", "options", "multiselect", "tags"), "choice"),
    **dict.fromkeys(("string", "str", "varchar", "textarea", "note", "memo"), "text"),
    **dict.fromkeys(("currency", "price", "amount", "euro", "eur", "usd"), "money"),
    **dict.fromkeys(("yes/no", "yesno", "yes_no", "bool", "checkbox", "flag", "tickbox"), "boolean"),
    **dict.fromkeys(("int", "whole", "whole number", "count"), "integer"),
    **dict.fromkeys(("float", "decimal", "double", "numeric"), "number"),
    **dict.fromkeys(("percentage", "%", "pct"), "percent"),
    **dict.fromkeys(("timestamp", "date time", "date and time", "date_time"), "datetime"),
    **dict.fromkeys(("link", "website", "web", "hyperlink", "uri"), "url"),
    **dict.fromkeys(("phone number", "telephone", "tel", "mobile"), "phone"),
    **dict.fromkeys(("mail", "e-mail", "email address"), "email"),
    **dict.fromkeys(("table", "array", "rows", "grid"), "list"),
}
_KEYS = {"if": "when", "condition": "when", "conditions": "when", "only_if": "when"}
_KEYS |= dict.fromkeys(("by", "who", "approver", "approvers", "owner", "owners", "approved_by"), "roles")
_KEYS |= dict.fromkeys(("times", "count", "approvals", "minimum", "min", "number"), "at_least")


def type_of_field(written: str, known: Collection[str]) -> str | None:
    """The type of a field that a word of another program stands for."""
    found = _TYPES.get(" ".join(written.lower().split())) or TYPES.get(plain(written))
    return found if found in known else None


def key_meant(written: str, known: Collection[str]) -> str | None:
    """The key that a word of another program stands for, where it is taken there."""
    bare = written.strip().lower().replace(" ", "_").replace("-", "_")
    found = bare if bare in known else _KEYS.get(written.lower())
    return found if found in known else None


def word_meant(written: str, known: Collection[str]) -> str | None:
    """Which of a few words, as the periods of a goal, a word of another language stands for."""
    found = PERIODS.get(plain(written))
    return found if found in known else None
