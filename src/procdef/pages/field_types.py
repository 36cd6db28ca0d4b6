"""What a field takes and how long something lasts, in words."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from procdef.calendar import Duration
from procdef.expression.types import Kind
from procdef.model import Field, ProcessDefinition
from procdef.pages.charts.numbers import Numbers
from procdef.pages.passages import Passage, Words, passage

if TYPE_CHECKING:
    from markupsafe import Markup

_DECIMALS = 9


def duration(length: Duration, words: Words) -> Markup:
    """``10 working days``."""
    key = length.unit if length.amount != 1 else f"one_{length.unit}"
    return words.say(key, n=Numbers(words.language).plain(length.amount))


def option(field: Field, name: str, language: str) -> Passage:
    """An option of a choice by its title; one without a title by its id, which is in no language."""
    title = field.titles.get(name)
    return Passage(name) if title is None or str(title) == name else passage(title, language)


def field_type(field: Field, definition: ProcessDefinition, words: Words) -> Markup:
    """What a field takes: its type with options or columns, its limits, and whether its values are personal data."""
    kind = field.type
    match kind.kind:
        case Kind.MONEY:
            said = words.say("type_money", currency=definition.currency or "")
        case Kind.CHOICE:
            options = [option(field, each, words.language) for each in kind.options]
            said = words.say("type_choices" if kind.many else "type_choice", options=words.listed(options))
        case Kind.LIST:
            columns = [_column(column, definition, words) for column in field.columns.values()]
            said = words.say("type_list", columns=_joined(columns, "; "))
        case other:
            said = words.say(f"type_{other.value}")
    notes = [said]
    limits = _limits(field, words, definition.calendar.zone if kind.kind is Kind.DATETIME else None)
    notes += [limits] if limits is not None else []
    notes += [words.say("needed")] if kind.required else []
    notes += [words.say("personal_data")] if kind.private and kind.kind is not Kind.LIST else []
    return _joined(notes, ", ")


def _column(column: Field, definition: ProcessDefinition, words: Words) -> Markup:
    from markupsafe import Markup

    name = passage(column.title, words.language) if column.title else Passage(column.id)
    return Markup("{} ({})").format(name, field_type(column, definition, words))


def _limits(field: Field, words: Words, zone: tzinfo | None) -> Markup | None:
    least, most = field.type.minimum, field.type.maximum
    shown = {"least": _limit(least, words, zone), "most": _limit(most, words, zone)}
    if least is None and most is None:
        return None
    one_sided = ("earliest", "latest") if isinstance(least or most, date) else ("least", "most")
    return words.say("range" if None not in (least, most) else one_sided[least is None], **shown)


def _limit(limit: Decimal | date | datetime | None, words: Words, zone: tzinfo | None) -> str:
    match limit:
        case None:
            return ""
        case Decimal():
            return Numbers(words.language).plain(limit, _DECIMALS)
        case datetime():
            return limit.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        case _:
            return limit.isoformat()


def _joined(parts: list[Markup], between: str) -> Markup:
    from markupsafe import Markup

    return Markup(between).join(parts)
