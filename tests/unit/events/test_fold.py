"""The fold takes every type of event that it knows, and its version tells which those are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from procdef.deal import Deal
from procdef.errors import LogBroken, NewerLog
from procdef.events.fold import fold
from procdef.events.opened_event import OpenedEvent
from procdef.events.types import EVENT_TYPES, FOLD
from procdef.events.value_kinds import Key

RELEASED = json.loads(Path(__file__).with_name("released_folds.json").read_text("utf-8"))
"""What each released version of the fold knows: by type the keys of its data. What stands here never changes."""
TIME = "2026-03-02T08:00:00.000000Z"
DEAL = Deal(
    stream="deal:1", process="sales", version=1, definition="ab" * 32, stage="lead", owner="maija", path=("lead",),
    started=TIME, entered=TIME, n=1, head="cd" * 32, at=TIME, latest=TIME, active=TIME, key="ACME",
)  # fmt: skip


def event(kind: str) -> OpenedEvent:
    return OpenedEvent(kind, {}, "deal:1", 2, "ef" * 32, TIME, None, "maija")


def paths(keys: Iterable[Key], under: str = "") -> Iterator[str]:
    for key in keys:
        yield under + key.name
        yield from paths(() if key.kind.free else key.kind.keys, f"{under}{key.name}.")


def test_its_version_grows_with_every_type_and_key() -> None:
    known = {kind.name: sorted(paths(kind.keys)) for kind in EVENT_TYPES}
    assert RELEASED.get(str(FOLD), known) == known, "let FOLD grow: a released procdef does not know all of this"
    assert max(map(int, RELEASED)) <= FOLD


@pytest.mark.parametrize("kind", [kind.name for kind in EVENT_TYPES if kind.fold is None and kind.name != "deal.started"])
def test_what_does_not_fold_changes_only_what_every_event_changes(kind: str) -> None:
    after = DEAL._replace(n=2, head="ef" * 32)
    assert fold(DEAL, event(kind)) == after
    assert fold(DEAL, event("x-others")) == after


def test_a_type_that_only_a_later_procdef_knows_is_not_folded() -> None:
    with pytest.raises(NewerLog, match=r"has the type deal\.split"):
        fold(DEAL, event("deal.split"))


def test_a_deal_begins_with_its_start() -> None:
    with pytest.raises(LogBroken, match=r"event 2 is deal\.noted, but a deal begins with deal\.started"):
        fold(None, event("deal.noted"))
