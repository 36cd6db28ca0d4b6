"""What of a deal has no place in a new version of its process, so that somebody has to say what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from procdef.changes.comparison import Comparison
from procdef.deal import Deal
from procdef.expression.types import FieldType, Kind
from procdef.model import Action, Field, ProcessDefinition

_Test = Callable[[Any], bool]


class Clash(NamedTuple):
    """``what``: ``stage`` (the present one), ``path`` (a stage it passed), ``field`` or ``action``; ``id`` is its id.

    ``why``: ``gone``; of a field also ``type`` (it holds another kind of value), ``option`` (the option that the deal has
    is gone), ``column`` (a column that the deal filled in is gone or of another type), ``currency`` or ``shown`` (a personal
    value would be none any more); of an action ``decision`` (it became one, or is none any more) or ``table`` (who decides
    follows from other rows); of a stage ``win`` (the deal would be won, or not be won any more).
    """

    what: str
    id: str
    why: str


class Clashes:
    """What can clash between two versions, found once for all deals."""

    def __init__(self, old: ProcessDefinition, new: ProcessDefinition, found: Comparison) -> None:
        self._stages = frozenset(old.stages) - frozenset(new.stages)
        wins = [frozenset(stage.id for stage in each.stages.values() if stage.wins) for each in (old, new)]
        self._wins = wins[1] if wins[0] != wins[1] else None
        self._fields: Mapping[str, tuple[tuple[str, _Test], ...]] = dict(_fields(old, new))
        """By field the reasons for which a value of it may clash, each with the test of a value."""
        self._actions: Mapping[str, str] = {
            part.id: why
            for part in found.parts
            if part.what == "action" and part.was is not None and (why := _why(part.was, part.now)) is not None
        }

    @property
    def possible(self) -> bool:
        """Whether any deal can clash at all."""
        return bool(self._stages or self._fields or self._actions or self._wins is not None)

    def of(self, deal: Deal) -> Iterator[Clash]:
        """Those of one deal."""
        for stage in dict.fromkeys((deal.stage, *deal.passed)):
            if stage in self._stages:
                yield Clash("stage" if stage == deal.stage else "path", stage, "gone")
        wins = self._wins is not None and not self._wins.isdisjoint(deal.path)
        if self._wins is not None and deal.stage not in self._stages and wins != (deal.won is not None):
            yield Clash("stage", deal.stage, "win")
        for name, tests in self._fields.items():
            if name in deal.values:
                value = deal.values[name]
                yield from (Clash("field", name, why) for why in dict.fromkeys(why for why, test in tests if test(value)))
        for path, why in self._actions.items():
            if deal.standing.get(path):
                yield Clash("action", path, why)


def unread(clashes: Iterable[Clash]) -> frozenset[str]:
    """The fields whose values the new version cannot read, so that they are as good as empty in it."""
    return frozenset(each.id for each in clashes if each.what == "field" and each.why in ("gone", "type", "column"))


def _why(was: Action, now: Action | None) -> str | None:
    """Why completions of an action may not count for what it is now."""
    if now is None:
        return "gone"
    if now.decision != was.decision:
        return "decision"
    return None if same_rows(was, now) else "table"


def same_rows(was: Action, now: Action) -> bool:
    """Whether the rows of both say the same, one by one."""
    rows = [[(row.when, row.roles, row.at_least) for row in each.table] for each in (was, now)]
    return rows[0] == rows[1]


def _any(_value: Any) -> bool:
    return True


def _fields(old: ProcessDefinition, new: ProcessDefinition) -> Iterator[tuple[str, tuple[tuple[str, _Test], ...]]]:
    money = old.currency != new.currency
    for name, was in old.fields.items():
        tests = tuple(_tests(was, new.fields.get(name), money))
        if tests:
            yield name, tests


def shows_more(was: FieldType, now: FieldType) -> bool:
    """Whether what is personal in the one is not in the other."""
    if was.kind is not Kind.LIST or now.kind is not Kind.LIST:
        return _is_personal(was) and not _is_personal(now)
    return any(
        (was.private or kind.private) and not (now.private or now.columns[column].private)
        for column, kind in was.columns.items()
        if column in now.columns
    )


def _is_personal(kind: FieldType) -> bool:
    return kind.private or any(column.private for column in kind.columns.values())


def _tests(was: Field, now: Field | None, money: bool) -> Iterator[tuple[str, _Test]]:
    if now is None:
        yield "gone", _any
        return
    if was.type.kind != now.type.kind or was.type.many != now.type.many:
        yield "type", _any
        return
    if shows_more(was.type, now.type):
        yield "shown", _any
    if was.type.kind is Kind.LIST:
        for column, kind in was.type.columns.items():
            yield from _column_tests(column, kind, now.type.columns.get(column), money)
    else:
        yield from _value_tests(was.type, now.type, money)


def _value_tests(was: FieldType, now: FieldType, money: bool) -> Iterator[tuple[str, _Test]]:
    gone = frozenset(was.options) - frozenset(now.options)
    if gone:
        yield "option", lambda value: not gone.isdisjoint(value if isinstance(value, list) else (value,))
    if money and was.kind is Kind.MONEY:
        yield "currency", _any


def _column_tests(column: str, was: FieldType, now: FieldType | None, money: bool) -> Iterator[tuple[str, _Test]]:
    """The same for the cells of a column of a list."""
    if now is None or was.kind != now.kind or was.many != now.many:
        yield "column", lambda rows: any(column in row for row in rows)
        return
    for why, test in _value_tests(was, now, money):
        yield why, partial(_in_a_row, column, test)


def _in_a_row(column: str, test: _Test, rows: Any) -> bool:
    return any(column in row and test(row[column]) for row in rows)
