"""The types of fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """The type of a field, as written in a definition."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    LIST = "list"


NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
"""The kinds that can be counted with."""
TEXTS = frozenset((Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.CHOICE))
"""The kinds whose values are texts."""

Scalar = str | int | Decimal | bool | date | datetime
Value = Scalar | tuple[str, ...] | tuple[Mapping[str, Scalar], ...]
"""A value in Python: text, ``int``, ``Decimal``, ``bool``, ``date``, aware ``datetime`` in UTC, a set of options as their
sorted ids, or the rows of a list."""

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""A value as the log holds it. Decimals are text; there are no floats."""


@dataclass(frozen=True, slots=True)
class FieldType:
    """What a field may hold. ``private``: its values are personal data and never stand in facts or messages. ``many``: it
    holds a set of its options, rather than one.

    ``placeholders`` are the texts that it refuses, as they are written, by what is left of them without case and marks.
    ``required``, of a column: no row lacks it. ``whole_currency``: the currency of money that has no decimals.
    """

    kind: Kind
    private: bool = False
    minimum: Decimal | date | datetime | None = None
    maximum: Decimal | date | datetime | None = None
    options: tuple[str, ...] = ()
    many: bool = False
    columns: Mapping[str, FieldType] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    whole_currency: str | None = None
