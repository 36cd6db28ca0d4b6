"""Each way to cheat on a stored log, at forty places: what finds it, and what does not.

Streams are verified one by one, so a cheat on one stream is committed at all forty places of one copy, and must be found in
each of these streams and in no other. What concerns the log as a whole is done forty times.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from biglog import PLACES, SELLER, Kept, bytes_and_meaning, copied, make, note_over, opened, play, tree
from cheats import CHEATS, DEFINITION, Cheat, events_of, put, rechain, reseal, take_the_tree_away

PAGE = Path(__file__).parents[2] / "docs" / "auditor.md"


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return make(tmp_path_factory.mktemp("big"))


@pytest.fixture
def file(kept: Kept, tmp_path: Path) -> Path:
    return copied(kept.file, tmp_path / "here.db")


@pytest.fixture
def log(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def deals(log: sqlite3.Connection, luck: random.Random, number: int = PLACES) -> list[str]:
    """Deals at random, in an order that does not depend on their UUIDs."""
    rows = log.execute("SELECT stream FROM leaf WHERE n = 1 AND stream LIKE 'deal:%' ORDER BY idx").fetchall()
    return [stream for (stream,) in luck.sample(rows, number)]


def found_by_stream(file: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in bytes_and_meaning(file):
        found.setdefault(each.stream, set()).add(each.code)
    return found


def test_the_log_is_large_and_clean(kept: Kept) -> None:
    assert bytes_and_meaning(kept.file) == []
    assert tree(kept.file, kept.note) == set()
    with closing(sqlite3.connect(kept.file)) as log:
        assert log.execute("SELECT count(*) FROM event").fetchone()[0] > 2500


def commit(cheat: Cheat, streams: list[str], log: sqlite3.Connection, luck: random.Random) -> None:
    log.execute("BEGIN")
    for stream in streams:
        cheat.commit(log, luck, stream)
    log.execute("COMMIT")


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.what)
def test_a_cheat_on_a_deal_is_found_at_every_place(cheat: Cheat, file: Path, log: sqlite3.Connection) -> None:
    luck = random.Random(cheat.what)
    streams = deals(log, luck)
    commit(cheat, streams, log, luck)
    found = found_by_stream(file)
    assert [stream for stream in streams if not found.get(stream, set()) & set(cheat.codes)] == []
    if "another deal" not in cheat.what:
        others = {stream: codes for stream, codes in found.items() if stream not in (*streams, "log")}
        assert set().union(*others.values()) <= {"leaf-gap"}, others  # told of the leaf after the gap


def test_a_definition_replaced_is_found_at_every_place(file: Path, log: sqlite3.Connection) -> None:
    luck, names = random.Random(1), [f"definition:p{k}" for k in range(1, PLACES + 1)]
    commit(DEFINITION, names, log, luck)
    found = [each for each in bytes_and_meaning(file) if each.code in DEFINITION.codes]
    assert len({(each.stream, each.expected) for each in found}) == PLACES


def test_a_value_put_back_is_found_at_every_place(kept: Kept, file: Path, log: sqlite3.Connection) -> None:
    back = random.Random(2).sample(kept.erased, PLACES)
    log.executemany("INSERT INTO private (stream, n, path, salt, value) VALUES (?, ?, ?, ?, ?)", back)
    found = found_by_stream(file)
    assert all("value-not-erased" in found[stream] for stream, *_ in back)
    assert len(found) == PLACES


def test_an_event_of_another_log_is_found_at_every_place(kept: Kept, file: Path, log: sqlite3.Connection) -> None:
    """In its new deal it has the right number, the right hash before it and the right name: only the log is another."""
    luck = random.Random(3)
    streams = deals(log, luck)
    with closing(sqlite3.connect(kept.other)) as other:
        sources = deals(other, luck)
        for stream, source in zip(streams, sources, strict=True):
            n = luck.randrange(2, 6)
            event, prev = events_of(other, source)[n - 1], events_of(log, stream)[n - 1]["prev"]
            put(log, {**event, "stream": stream, "prev": prev})
            rechain(log, stream)
    found = found_by_stream(file)
    assert [stream for stream in streams if "projection" not in found.get(stream, set())] == []


def rewritten(log: sqlite3.Connection, luck: random.Random, stream: str) -> None:
    """Somebody else did it, and the whole chain of the deal says so."""
    events = events_of(log, stream)
    command = luck.choice(events)["cmd"]["id"]
    for event in events:
        if event["cmd"]["id"] == command:
            put(log, {**event, "by": {**event["by"], "id": "somebody-else"}})
    rechain(log, stream)


def each_place(log: sqlite3.Connection, seed: int, look: Callable[[random.Random, str], None]) -> None:
    luck = random.Random(seed)
    for stream in deals(log, luck):
        look(luck, stream)


def test_a_deal_rewritten_consistently_is_found_by_the_tree(kept: Kept, file: Path, log: sqlite3.Connection) -> None:
    before = log.execute("SELECT stream, n, body, hash FROM event").fetchall()
    bodies = {row[0]: [each for each in before if each[0] == row[0]] for row in before}

    def look(luck: random.Random, stream: str) -> None:
        log.execute("BEGIN")
        rewritten(log, luck, stream)
        log.execute("COMMIT")
        assert "tree-differs" in tree(file)
        for _, n, body, digest in bodies[stream]:
            log.execute("UPDATE event SET body = ?, hash = ? WHERE stream = ? AND n = ?", (body, digest, stream, n))
            log.execute("UPDATE leaf SET hash = ? WHERE stream = ? AND n = ?", (digest, stream, n))
        assert tree(file) == set()

    each_place(log, 4, look)


def test_a_tree_that_was_taken_away_is_missed(kept: Kept, file: Path, log: sqlite3.Connection) -> None:
    each_place(log, 7, lambda luck, stream: rewritten(log, luck, stream))
    take_the_tree_away(log)
    assert {each.code for each in bytes_and_meaning(file)} == {"tree-missing"}
    assert "tree-missing" in tree(file, kept.note)


def test_a_log_rewritten_consistently_is_found_only_by_a_held_note(
    kept: Kept, file: Path, log: sqlite3.Connection
) -> None:
    """Each place adds to the forgery, which nothing within the database contradicts."""

    def look(luck: random.Random, stream: str) -> None:
        log.execute("BEGIN")
        rewritten(log, luck, stream)
        reseal(log)
        log.execute("COMMIT")
        assert tree(file) == set()
        assert "note-not-kept" in tree(file, kept.note)

    each_place(log, 5, look)
    assert bytes_and_meaning(file) == []


def test_what_came_after_the_note_is_held_by_nothing(kept: Kept, file: Path, log: sqlite3.Connection) -> None:
    size = int(kept.note.split("\n")[1])
    rows = log.execute("SELECT stream, n FROM leaf WHERE idx >= ? ORDER BY idx", (size,)).fetchall()
    places = random.Random(6).sample(rows, PLACES)
    log.execute("BEGIN")
    for stream, n in places:
        event = events_of(log, stream)[n - 1]
        put(log, {**event, "by": {**event["by"], "id": "somebody-else"}})
        rechain(log, stream)
    kept_notes = log.execute("SELECT size, text FROM note").fetchall()
    reseal(log)
    log.executemany("INSERT INTO note VALUES (?, ?)", kept_notes)
    log.execute("COMMIT")
    assert bytes_and_meaning(file) == []
    assert tree(file, kept.note) == set()


def test_an_old_copy_is_found_only_by_a_held_note(kept: Kept) -> None:
    assert len(kept.copies) == PLACES
    for copy in kept.copies:
        assert tree(copy) == set()
        assert "note-not-kept" in tree(copy, kept.note)
    assert bytes_and_meaning(kept.copies[20]) == []


def test_a_fork_is_found_only_by_a_note_over_the_other_side(kept: Kept, tmp_path: Path) -> None:
    for k, copy in enumerate(kept.copies[:-1]):
        with opened(copied(copy, tmp_path / f"fork-{k}.db")) as engine:
            play(engine, 1000, 1001)
            engine.note("D1000", "On this side", by=SELLER)
            with engine.store.transaction(write=False) as tx:
                size = tx.tree.size
        ours = note_over(kept.file, size, kept.signer)
        assert tree(tmp_path / f"fork-{k}.db") == set()
        assert "note-not-kept" in tree(tmp_path / f"fork-{k}.db", ours)
        assert "note-not-kept" in tree(kept.file, note_over(tmp_path / f"fork-{k}.db", size, kept.signer))
    assert bytes_and_meaning(tmp_path / "fork-7.db") == []


NOTE = "only a held note: `note-not-kept`"
WHOLE = [
    ("an event of another log put in, the deal's chain made anew", "`projection`"),
    ("a personal value that was erased put back", "`value-not-erased`"),
    ("a deal rewritten, its chain made anew", "`tree-differs`"),
    ("deals rewritten, their chains made anew and the tree taken away", "`tree-missing`"),
    ("the log rewritten, every chain and the tree made anew", NOTE),
    ("an old copy of the database in its place", NOTE),
    ("two databases that go on from one copy", "only a note held over the other one: `note-not-kept`"),
    ("events after the last held note rewritten, with chains and tree", "**nothing**, until a note over them is held"),
]


def table() -> str:
    rows = [(cheat.what, " or ".join(f"`{code}`" for code in cheat.codes)) for cheat in (*CHEATS, DEFINITION)]
    lines = ["| what somebody does to the database | what finds it |", "|---|---|"]
    return "\n".join(lines + [f"| {what} | {how} |" for what, how in rows + WHOLE]) + "\n"


def test_the_table_for_auditors_is_that_of_this_suite(request: pytest.FixtureRequest) -> None:
    begin, end = "<!-- cheats -->\n", "<!-- /cheats -->\n"
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(begin)
    after = rest.partition(end)[2]
    if request.config.getoption("--update-golden"):
        PAGE.write_text(f"{before}{begin}{table()}{end}{after}", "utf-8")
    assert PAGE.read_text("utf-8") == f"{before}{begin}{table()}{end}{after}"
