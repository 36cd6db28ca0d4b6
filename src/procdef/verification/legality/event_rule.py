"""What verification holds against the events of one type, as the module of the type's name declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from procdef.verification.legality.event_in_context import EventInContext, Objection

Leaf = tuple[str, str, str]
"""A JSON pointer, its first key, and the one below that."""


class EventRule(NamedTuple):
    """``objections`` is what is wrong with an event of the type, but for what goes for all types. ``modes`` are those of a
    deal that takes it, ``personal`` the places of what is personal in every process, ``values`` the keys, one below the
    other, under which values of fields stand."""

    objections: Callable[[EventInContext], Iterator[Objection]]
    modes: tuple[str, ...] = ("open",)
    personal: tuple[Leaf, ...] = ()
    values: tuple[str, ...] = ()


def leaves(*pointers: str) -> tuple[Leaf, ...]:
    """The places at these JSON pointers."""
    return tuple((pointer, *pointer[1:].partition("/")[::2]) for pointer in pointers)


REASON = leaves("/reason")
