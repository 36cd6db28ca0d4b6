"""Where a deal stands, in a copy of the caller's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from procdef import deal as folded
from procdef.errors import InvalidArgument
from procdef.expression.stored_values import revive
from procdef.expression.types import FieldType, Value
from procdef.log.event import copied
from procdef.model import ProcessDefinition
from procdef.results.listed_deal import DealFacts
from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class StandingWaiver(Result):
    """A criterion that somebody let pass, with event ``n``, and that has not been used up. ``reads`` are the fields and
    actions whose change ends it."""

    criterion: str
    n: int
    reads: tuple[str, ...]


class _Typed(DealFacts):
    """With the types of the deal's fields, where its process can be read; they are no part of what is shown."""

    __slots__ = ("_types",)
    _types: Mapping[str, FieldType] | None


@dataclass(frozen=True, slots=True)
class DealView(_Typed):
    """A deal as it stands after its ``n``-th event. ``values`` are in the log's form; ``value`` gives one of them typed.

    ``path`` are the stages by which it came, the present one last, ``passed`` those left behind; ``visit`` counts its
    stays, from 1. ``dues`` are the times by which actions of the present stage are due, by their paths, done or not,
    ``told`` what timers told of them in this visit. ``standing`` holds for each action the people whose completions (of a
    decision: approvals) stand, ``rows`` beside it the row of the decision's table under which each was given and
    ``until`` when it lapses (empty: never), ``given`` when those of this visit were given, of actions that were due,
    ``rejected`` who rejected last, ``changed_by`` who last changed each field, ``former`` who owned it before, each with
    the fields that changed since. What has lapsed does not count, though it stands. ``erased`` are the fields whose
    present value was erased: they are unset. ``waived`` are the criteria of its ``waivers``. ``latest`` is when the
    last step happened, ``active`` the last that was applied, ``contacted`` when a contact was last noted, ``at`` when
    the last event was recorded. ``origin`` is the stream of the deal that it grew from, ``definition`` the SHA-256 of
    the definition that it is pinned to, ``head`` the hash of its last event.
    """

    __qualname__ = "Deal"
    definition: str
    path: tuple[str, ...]
    passed: tuple[str, ...]
    visit: int
    dues: Mapping[str, str]
    told: tuple[tuple[str, ...], ...]
    values: Mapping[str, Any]
    erased: tuple[str, ...]
    standing: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[int, ...]]
    until: Mapping[str, tuple[str, ...]]
    given: Mapping[str, tuple[str, ...]]
    rejected: Mapping[str, str]
    changed_by: Mapping[str, str]
    former: Mapping[str, tuple[str, ...]]
    waivers: tuple[StandingWaiver, ...]
    waived: tuple[str, ...]
    latest: str
    active: str
    contacted: str | None
    origin: str | None
    head: str
    at: str

    def value(self, field: str) -> Value | None:
        """The value of a field: text, ``int``, ``Decimal`` (money, percent and numbers), ``bool``, ``date``, an aware
        ``datetime``, the ids of a set of options, or the rows of a list; ``None`` where it is not filled in.

        Raises ``InvalidArgument`` for a field that the process does not have.
        """
        types = getattr(self, "_types", None)
        if types is None:
            raise InvalidArgument("the process of this deal cannot be read, so the types of its values are not known", "field")
        if field not in types:
            near = get_close_matches(field, types, 1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            raise InvalidArgument(f'the process of this deal has no field "{field}"{hint}', "field")
        return revive(types[field], self.values[field]) if field in self.values else None

    def __reduce__(self) -> tuple[Any, ...]:
        return _typed, (getattr(self, "_types", None), *(getattr(self, each.name) for each in fields(self)))


Deal = DealView
"""Its name in ``procdef``, which stands where Python shows one."""


def _typed(types: Mapping[str, FieldType] | None, *parts: Any) -> DealView:
    view = DealView(*parts)
    object.__setattr__(view, "_types", types)
    return view


def view_of(deal: folded.Deal, definition: ProcessDefinition | None) -> DealView:
    """The deal for a caller, with values that nobody else holds: the engine's own pass the gates, and go into the log.

    Without a definition, where that cannot be read, neither the title nor what the deal is worth is known.
    """
    settings = definition.deal if definition else None
    own: dict[str, Any] = {
        **deal._asdict(),
        "name": deal.name,
        "title": definition.title_of(deal.values) if definition else None,
        "outcome": deal.outcome,
        "amount": deal.values.get(settings.value or "") if settings else None,
        "expected": deal.values.get(settings.close or "") if settings else None,
        "currency": definition.currency if definition else None,
        "passed": deal.passed,
        "values": copied(deal.values),
        "standing": dict(deal.standing),
        "rows": dict(deal.rows),
        "rejected": dict(deal.rejected),
        "changed_by": dict(deal.changed_by),
        "former": dict(deal.former),
        "dues": dict(deal.dues),
        "given": dict(deal.given),
        "until": dict(deal.until),
        "waivers": tuple(StandingWaiver(waiver.criterion, waiver.n, waiver.reads) for waiver in deal.waivers),
        "waived": tuple(waiver.criterion for waiver in deal.waivers),
    }
    types = {name: field.type for name, field in definition.fields.items()} if definition else None
    return _typed(types, *(own[each.name] for each in fields(DealView)))
