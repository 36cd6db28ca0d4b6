"""From the ``fields`` of a clean tree to fields with the types of their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from procdef.expression import Kind
from procdef.expression.given_values import coerce
from procdef.expression.placeholders import bare
from procdef.expression.types import FieldType
from procdef.language.value_forms import text, titled
from procdef.language.yaml.tree import Tree
from procdef.model import Field

Raw = Mapping[str, Any]
_PRIVATE = frozenset({Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL})
_REFUSING = frozenset({Kind.TEXT, Kind.PHONE, Kind.URL})
"""The kinds that refuse placeholders. What is no e-mail address is none in any case."""


class FieldBuilder:
    """Builds fields. ``placeholders`` are the texts that its text fields refuse, ``whole_currency`` one without decimals."""

    def __init__(
        self, tree: Tree, language: str, placeholders: Iterable[str], whole_currency: str | None = None
    ) -> None:
        self._whole = whole_currency
        self._tree = tree
        self._language = language
        self._placeholders = {bare(written): written for written in reversed([*placeholders])}

    def field(self, name: str, raw: Raw, *above: str) -> Field:
        """One field from its entry in ``fields``, or a column from its entry ``above``."""
        kind = Kind(raw["type"])
        route = (*above, name) if above else ("fields", name)
        columns = {column: self.field(column, spec, *route, "items") for column, spec in raw.get("items", {}).items()}
        titles = titled(raw.get("options", {}), self._language)
        type_ = FieldType(
            kind=kind,
            private=raw.get("personal", kind in _PRIVATE),
            minimum=_limit(kind, raw.get("min")),
            maximum=_limit(kind, raw.get("max")),
            options=tuple(titles),
            many=raw.get("many", False),
            columns={column: spec.type for column, spec in columns.items()},
            placeholders=self._placeholders if kind in _REFUSING else {},
            required=raw.get("required", False),
            whole_currency=self._whole if kind is Kind.MONEY else None,
        )
        return Field(
            id=name,
            type=type_,
            title=text(raw["title"], self._language) if "title" in raw else None,
            help=text(raw["help"], self._language) if "help" in raw else None,
            titles=titles,
            columns=columns,
            line=self._tree.line(*route),
        )


def _limit(kind: Kind, raw: object) -> Decimal | date | datetime | None:
    if raw is None:
        return None
    if kind in (Kind.DATE, Kind.DATETIME):
        return cast("date | datetime", coerce(FieldType(kind), raw))
    return Decimal(str(raw).removesuffix("%").strip())
