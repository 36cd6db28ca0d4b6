"""The feed of a log: where it goes on, when it refuses to, and that nobody waits for whoever reads it."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from procdef import Engine, FeedItem, HistoryDiffers, InvalidArgument, open_store
from procdef.engine import feeding

if TYPE_CHECKING:
    from conftest import Desk

CURSORS: dict[str, Any] = {
    "an item": lambda item: item,
    "its position and hash": lambda item: (item.position, item.hash),
    "the same from JSON": lambda item: [item.position, item.hash],
    "its position": lambda item: item.position,
}


def noted(desk: Desk, count: int) -> list[FeedItem]:
    """A deal with so many notes, and all that the log has by then."""
    if not list(desk.engine.deals()):
        desk.engine.start("small", "D", by=desk.seller, stage="lead")
    for number in range(count):
        desk.engine.note("D", f"Note {number}", by=desk.seller)
    return list(desk.engine.feed())


@pytest.mark.parametrize("kind", CURSORS)
def test_it_goes_on_after_what_was_read_last(kind: str, desk: Desk) -> None:
    items = noted(desk, 3)
    for place, item in enumerate(items, 1):
        assert list(desk.engine.feed(after=CURSORS[kind](item))) == items[place:]
    assert [item.position for item in items] == list(range(len(items)))


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_every_event_comes_once_however_many_are_read_at_a_time(
    size: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = noted(desk, 7)
    monkeypatch.setattr(feeding, "BATCH", size)
    assert list(desk.engine.feed()) == items
    assert list(desk.engine.feed(after=items[2])) == items[3:]


def test_what_is_written_meanwhile_comes_the_next_time(desk: Desk) -> None:
    before = noted(desk, 2)
    for item in desk.engine.feed():
        desk.engine.note("D", f"Seen {item.position}", by=desk.seller)
    assert len(list(desk.engine.feed(after=before[-1]))) == len(before)


@pytest.mark.parametrize("beyond", [0, 1, 10**12])
def test_it_is_told_when_the_log_ends_before_that(beyond: int, desk: Desk) -> None:
    size = len(noted(desk, 2))
    assert list(desk.engine.feed(after=size - 1)) == []
    for after in (size + beyond, (size + beyond, "aa")):
        with pytest.raises(HistoryDiffers, match=f"the log has {size} events"):
            desk.engine.feed(after=after)


@pytest.mark.parametrize(
    "after", [-2, 1.0, True, None, "7", (1,), (1, 2), (1, "a", "b"), (-1, "a"), (True, "a"), b"ab", {}]
)
def test_what_is_no_place_in_a_log_is_an_argument_at_fault(after: Any, desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="after"):
        desk.engine.feed(after=after)


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["an item", "its position and hash", "the same from JSON"])
def test_a_log_that_was_restored_and_went_on_otherwise_is_told_by_the_hash(
    kind: str, desk: Desk, tmp_path: Path
) -> None:
    kept = noted(desk, 1)
    desk.store.close()
    shutil.copy(desk.store.path, tmp_path / "backup")
    with closing(open_store(desk.store.path)) as store:
        desk.engine = Engine(store, clock=lambda: desk.now)
        lost = noted(desk, 3)[-1]
    shutil.copy(tmp_path / "backup", desk.store.path)
    with closing(open_store(desk.store.path)) as store:
        desk.engine = Engine(store, clock=lambda: desk.now)
        with pytest.raises(HistoryDiffers):
            desk.engine.feed(after=CURSORS[kind](lost))
        again = noted(desk, 3)
        with pytest.raises(HistoryDiffers, match=f"another event stands at position {lost.position}"):
            desk.engine.feed(after=CURSORS[kind](lost))
        assert list(desk.engine.feed(after=CURSORS[kind](kept[-1]))) == again[len(kept) :]


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
@pytest.mark.parametrize("reading", ["feed", "deals"])
def test_the_write_ahead_log_does_not_grow_while_somebody_reads(reading: str, desk: Desk) -> None:
    for number in range(3):
        desk.engine.start("small", f"D{number}", by=desk.seller, stage="lead")
    rows = getattr(desk.engine, reading)()
    next(rows)
    log = Path(f"{desk.store.path}-wal")
    for _ in range(150):
        desk.engine.note("D1", "x" * 20_000, by=desk.seller)
    assert log.stat().st_size < 8_000_000
    with closing(open_store(desk.store.path)) as other:
        assert other.purge()  # which needs that nobody reads
    assert len(list(rows)) > 1


def test_a_cursor_that_is_not_there_yet_is_told_how_to_begin(desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="to begin with the first event leave it out, or say -1"):
        desk.engine.feed(after=None)  # type: ignore[arg-type]
    assert next(desk.engine.feed(after=-1)).position == 0
