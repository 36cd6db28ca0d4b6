"""A refused step as a seller reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from procdef.render.values import deal_heading
from procdef.results.refusal import StepRefused, Unmet
from procdef.results.suggestion import Suggestion

_FURTHEST = 100
"""Columns; a line that is longer has its place right behind it, out of the common column."""


class RefusalLine(NamedTuple):
    """A line, and the place in the definition that stands at its end, in one column with the others."""

    text: str
    place: str | None = None


def refusal_text(refused: StepRefused) -> str:
    """The headline, then each unmet thing with why, how to mend it and who can."""
    name, cannot, step = refused.headline.rpartition(" cannot ")
    return "\n".join([f"{deal_heading(name, refused.title)}{cannot}{step}:", *item_lines(refused.unmet)])


def item_lines(items: Iterable[Unmet], indent: str = "  ", you: Iterable[str] = ()) -> list[str]:
    """Unmet things, the places where their rules stand in one column; ``you`` are the roles of who reads it."""
    return in_columns([line for item in items for line in _lines(item, indent, frozenset(you))])


def in_columns(lines: Sequence[RefusalLine]) -> list[str]:
    """The lines as text, their places below each other."""
    widths = [len(line.text) for line in lines if line.place and len(line.text) <= _FURTHEST]
    column = max(widths, default=0) + 4
    return [f"{line.text:<{column - 2}}  ({line.place})" if line.place else line.text for line in lines]


def _lines(item: Unmet, indent: str, you: frozenset[str]) -> list[RefusalLine]:
    of_criterion = item.code.startswith("criterion-")
    label = f"{item.id.rpartition('.')[2]}: " if of_criterion else ""
    lines = [RefusalLine(f"{indent}- {label}{item.message}")]
    if item.why:
        lines.append(RefusalLine(f"{indent}    {item.why}"))
    if of_criterion or item.expression:
        lines[-1] = lines[-1]._replace(place=item.place)
    if item.fix:
        lines.append(RefusalLine(f"{indent}    fix: {item.fix}"))
    if item.people and not item.suggestion and you.isdisjoint(item.who):
        lines.append(RefusalLine(f"{indent}    who could: {', '.join(item.people)}"))
    if item.filling:
        lines.append(RefusalLine(f"{indent}    {with_roles(item.filled_by, item.filling, you)}"))
    if item.suggestion:
        lines.append(RefusalLine(f"{indent}    {with_roles(item.who, item.suggestion, you, item.people)}"))
    return lines


def with_roles(who: Sequence[str], suggestion: Suggestion, you: Iterable[str] = (), people: Sequence[str] = ()) -> str:
    """The command for a suggested step, with the roles that may give it, and some of the people who have them."""
    if not who:
        return suggestion.command
    mine = " (you)" if not frozenset(you).isdisjoint(who) else f" ({', '.join(people)})" if people else ""
    return f"{' or '.join(who)}{mine}: {suggestion.command}"
