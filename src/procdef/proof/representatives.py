"""A few values for each field that stand for all others: no condition tells a value from the one that stands for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef.expression import FieldType, Kind, Value
from procdef.expression.types import TEXTS
from procdef.proof.cells import Group
from procdef.proof.domains import choices, domain, examples, is_counted, texts, value_of, whole_number
from procdef.proof.evaluated import judged
from procdef.proof.formulas import Formula
from procdef.proof.inquiry import Inquiry
from procdef.proof.integers import Undecided


def representatives(
    inquiry: Inquiry, formulas: list[Formula]
) -> tuple[dict[str, list[Value | None]], dict[str, Value]]:
    """The values to try, by field, and those that are taken to be filled in once and for all.

    Two of a kind stand for a kind of which there are several, as a value may change into another of its kind. Raises
    ``Undecided`` where fields or the time hang together, or where it is not certain that these values stand for all.
    """
    process = inquiry.process
    actions = process.actions.values()
    asked = frozenset[str]().union(*(each.expression.fields for each in inquiry.conditions))
    voiding = {name for action in actions for name in action.voided_by}
    done = frozenset[str]().union(*(each.expression.actions for each in inquiry.conditions))
    recorded = {name for action in actions for name in action.records}
    required = {name for each in process.criteria.values() for name in each.require}
    telling = {name for action in actions if action.path in done for name in action.records}
    free = (recorded | required) - asked - voiding - telling
    relevant = (asked | voiding | recorded | required) - free
    numbers = frozenset[int]().union(*(each.atoms for each in formulas))
    for name in relevant & (recorded | required):
        numbers |= inquiry.atoms.is_set(name).atoms
    found: dict[str, list[Value | None]] = {}
    for group in inquiry.search.groups(numbers):
        if group.action is not None:
            continue
        if (
            len(group.fields) > 1
            or any(atom.clock for atom in group.atoms)
            or not all(cell.sure for cell in group.cells)
        ):
            raise Undecided
        if not group.fields:
            continue
        (name,) = group.fields
        found[name] = _of_group(inquiry, group, name, name in voiding)
    for name in relevant - found.keys():
        found[name] = [None, *examples(process.fields[name].type)]
    return found, {name: examples(process.fields[name].type)[0] for name in sorted(free)}


def _of_group(inquiry: Inquiry, group: Group, name: str, voiding: bool) -> list[Value | None]:
    of = inquiry.process.fields[name].type
    if voiding and choices(of) is None and any(atom.node.op == "in" for atom in group.atoms):
        raise Undecided
    by_truth: dict[tuple[int, ...], list[Value]] = {}
    own = [cell.values[name] for cell in group.cells if name in cell.values]
    for value in (*own, *_further(of, own)):
        truths = tuple(judged(inquiry.atoms, group.atoms, {name: value}, {}).values())
        kind = by_truth.setdefault(truths, [])
        if value not in kind and len(kind) < (2 if voiding else 1):
            kind.append(value)
    return [None, *(value for kind in by_truth.values() for value in kind)]


def _further(of: FieldType, own: list[Any]) -> Iterator[Value]:
    few = choices(of)
    if few is not None:
        yield from few
    elif is_counted(of):
        reach = domain(of)
        one = int(1 / reach.step)
        for place in (whole_number(of, value) for value in own):
            for each in (place + one, place - one, place + 1, place - 1):
                if reach.first <= each <= reach.last:
                    yield value_of(of, each)
    elif of.kind in TEXTS and not of.many:
        yield from texts(of, [str(each) for each in own])
    elif of.kind is Kind.LIST:
        yield from ((*each, *each) for each in own)
    yield from examples(of)
