"""What an erasure says: on what basis, and each value once. Whether the values are gone, the bytes of its stream tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procdef.events.opened_event import OpenedEvent
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule

_BASIS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")


def of_a_deal(context: EventInContext) -> Iterator[Objection]:
    """What is wrong with an erasure in the stream of a deal."""
    return objections(context.step)


def objections(step: OpenedEvent) -> Iterator[Objection]:
    """What is wrong with an erasure in whatever stream."""
    if _BASIS.fullmatch(step.data["basis"]) is None:
        yield "a word or a reference as basis", "something else"
    leaves = step.data["leaves"]
    if len({(n, pointer) for _, n, pointer in leaves}) != len(leaves):
        yield "each value erased once", "one of them twice"


RULE = EventRule(of_a_deal, modes=("open", "lost", "done"))
