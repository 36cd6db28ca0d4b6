"""What the tree, the notes over it and the notes that others hold tell of a log that was tampered with."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from forgery import change, findings
from story import MANAGER, SELLER

from earlier_layouts import without_a_tree
from procdef import Engine, NoteInvalid, open_store
from procdef.log.checkpoint import Checkpoint, HeldNote, origin, read_checkpoint
from procdef.log.merkle import Frontier, frontier_at
from procdef.log.signed_note import Signer, signed
from procdef.store import Hashes
from procdef.store.log_queries import perfect_of
from procdef.verification import Irregularity, Tally
from procdef.verification.since_note import verify_since
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree


class Kept(NamedTuple):
    """A log with two keys and a note by each, and some events after them."""

    file: Path
    early: str
    late: str
    first: Signer
    second: Signer


def copied(source: Path, target: Path) -> Path:
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)
    return target


@pytest.fixture(scope="module")
def kept(honest: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    file = copied(honest, tmp_path_factory.mktemp("kept") / "deals.db")
    with closing(open_store(f"sqlite:///{file}?synchronous=NORMAL")) as store:
        engine = Engine(store)
        with store.transaction(write=False) as tx:
            first, second = (Signer(origin(tx.log), bytes([byte] * 32)) for byte in (1, 2))
        engine.rekey(first, by=MANAGER)
        early = str(engine.checkpoint(first))
        noted = {"do": "note", "deal": "C", "by": "maija", "roles": ["seller"], "note": "Again"}
        assert all(result.status == "applied" for result in engine.run("every-kind", [noted] * 400, by=SELLER))
        engine.rekey(second, old=first, by=MANAGER)
        late = str(engine.checkpoint(second))
        engine.note("C", "The last word", by=SELLER)
        engine.note("B", "And another", by=SELLER)
    return Kept(file, early, late, first, second)


@pytest.fixture
def here(kept: Kept, tmp_path: Path) -> Kept:
    return kept._replace(file=copied(kept.file, tmp_path / "here.db"))


def seal(file: Path, *held: str, assurance: Assurance | None = None) -> list[Irregularity]:
    with closing(open_store(f"sqlite:///{file}")) as store, store.inspect() as tx:
        notes = tuple(HeldNote(f"note-{k}", text.encode()) for k, text in enumerate(held))
        return list(verify_tree(tx, notes, assurance or Assurance()))


def since(file: Path, note: str, *held: str, tally: Tally | None = None) -> list[Irregularity]:
    with closing(open_store(f"sqlite:///{file}")) as store, store.inspect() as tx:
        notes = tuple(HeldNote(f"note-{k}", text.encode()) for k, text in enumerate(held))
        return list(verify_since(tx, HeldNote("since", note.encode()), notes, tally or Tally(), Assurance()))


def codes(found: list[Irregularity]) -> set[str]:
    return {each.code for each in found}


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as log:
        for statement in statements:
            log.execute(statement)
        log.commit()


def size(note: str) -> int:
    return read_checkpoint(note)[0].size


def test_an_honest_log_is_as_it_was_signed(kept: Kept) -> None:
    assurance = Assurance()
    assert findings(kept.file) == []
    assert seal(kept.file, kept.early, kept.late, assurance=assurance) == []
    assert str(assurance) == f"anchored at {size(kept.late)} events by note-1"
    assert assurance.total == size(kept.late) + 2


def test_stored_notes_alone_are_no_anchor(kept: Kept) -> None:
    assurance = Assurance()
    assert seal(kept.file, assurance=assurance) == []
    assert (assurance.anchored, str(assurance)) == (False, "self-consistent only")


HARM = {
    "another root in the tree": ("tree-differs", ["UPDATE tree SET frontier = zeroblob(length(frontier))"]),
    "a tree that does not fit its size": ("tree-differs", ["UPDATE tree SET frontier = x'00'"]),
    "another node": ("tree-differs", ["UPDATE node SET hash = zeroblob(32)"]),
    "a node of another type": ("tree-differs", ["UPDATE node SET hash = 'x'"]),
    "a node that is gone": ("tree-differs", ["DELETE FROM node"]),
    "a node too many": ("tree-differs", ["INSERT INTO node SELECT 8, 70, hash FROM node LIMIT 1"]),
    "a node of another level": ("tree-differs", ["INSERT INTO node SELECT 9, 0, hash FROM node LIMIT 1"]),
    "another leaf": ("tree-differs", [f"UPDATE leaf SET hash = '{'0' * 64}' WHERE idx = 300"]),
    "a leaf that is gone": ("tree-differs", ["DELETE FROM leaf WHERE idx = 300"]),
    "a leaf that is none": ("unreadable", ["UPDATE leaf SET hash = 'x' WHERE idx = 300"]),
    "a leaf in capitals": ("unreadable", ["UPDATE leaf SET hash = upper(hash) WHERE idx = 300"]),
    "a note of another size": ("note-unreadable", ["UPDATE note SET size = size + 1"]),
    "a note that is none": ("note-unreadable", ["UPDATE note SET text = 'x' || size"]),
    "a note of another type": ("note-unreadable", ["UPDATE note SET text = x'00'"]),
    "a note with another signature": ("note-signature", [
        "UPDATE note SET text = substr(text, 1, length(text) - 20) || "
        "CASE substr(text, -20, 1) WHEN 'B' THEN 'C' ELSE 'B' END || substr(text, -19)"]),
    "a key that nobody signed for": ("key-unsigned", [
        "UPDATE event SET body = replace(body, '\"signature\":\"', '\"signature\":\"AAAA') WHERE type = 'log.rekeyed'"]),
    "the naming of a key taken away": ("note-signature", ["UPDATE event SET type = 'x' WHERE type = 'log.rekeyed'"]),
}  # fmt: skip


@pytest.mark.parametrize("what", HARM)
def test_harm_to_the_tree_or_its_notes_is_found(what: str, here: Kept) -> None:
    code, statements = HARM[what]
    execute(here.file, *statements)
    assert code in codes(seal(here.file))


def test_an_earlier_event_changed_with_all_its_hashes_contradicts_every_note_after_it(here: Kept) -> None:
    with closing(sqlite3.connect(here.file)) as log:
        (deal,) = log.execute("SELECT stream FROM deal WHERE key = 'C'").fetchone()
        change(log, (deal, 50), lambda event: event["by"].update(id="someone"))
    found = seal(here.file, here.early, here.late)
    assert {"tree-differs", "note-not-kept"} == codes(found)
    assert [each.expected.rpartition(" of ")[2] for each in found if each.code == "note-not-kept"] == [
        f"the stored note over {size(here.late)} events", "the note note-1",
    ]  # fmt: skip


def forged_whole(here: Kept, *, key: Signer | None = None) -> None:
    """Everything that can be made anew is: the tree, the nodes, and the notes by whoever has a key."""
    with closing(sqlite3.connect(here.file)) as log:
        (deal,) = log.execute("SELECT stream FROM deal WHERE key = 'C'").fetchone()
        change(log, (deal, 50), lambda event: event["by"].update(id="someone"))
        tree, nodes = Frontier(), []
        sizes = [of for (of,) in log.execute("SELECT size FROM note ORDER BY size")] if key else []
        (name,) = log.execute("SELECT log FROM tree").fetchone()
        log.execute("DELETE FROM note WHERE size > (SELECT min(size) FROM note)")
        for (digest,) in log.execute("SELECT hash FROM leaf ORDER BY idx").fetchall():
            nodes += tree.add(bytes.fromhex(digest))
            if key and tree.size in sizes[1:]:
                text = str(signed(Checkpoint(origin(name), tree.size, tree.root).text, key))
                log.execute("INSERT INTO note VALUES (?, ?)", (tree.size, text))
        log.execute("DELETE FROM node")
        log.executemany("INSERT INTO node VALUES (?, ?, ?)", nodes)
        log.execute("UPDATE tree SET frontier = ?", (bytes(tree),))
        log.commit()


def test_a_history_rewritten_as_a_whole_contradicts_a_note_that_somebody_holds(here: Kept) -> None:
    forged_whole(here)
    assert seal(here.file) == []
    assert {"note-not-kept", "held-note-missing"} == codes(seal(here.file, here.late))
    assert seal(here.file, here.early) == []


def test_even_with_the_key(here: Kept) -> None:
    forged_whole(here, key=here.second)
    assert seal(here.file) == []
    assert {"note-not-kept", "held-note-missing"} == codes(seal(here.file, here.late))
    assert "note-not-kept" in codes(since(here.file, here.late))


def test_an_end_cut_off_contradicts_a_note_over_it(here: Kept) -> None:
    backup = copied(here.file, here.file.with_name("backup.db"))
    execute(here.file, f"DELETE FROM leaf WHERE idx >= {size(here.late) - 1}", "DELETE FROM note WHERE size > 200")
    assert "note-not-kept" in codes(seal(here.file, here.late))
    assert "note-not-kept" in codes(since(here.file, here.late))
    assert seal(backup, here.late) == []


def test_a_note_that_the_log_lost_is_told(here: Kept) -> None:
    execute(here.file, "DELETE FROM note")
    assert codes(seal(here.file, here.late)) == {"held-note-missing"}


def test_a_note_by_another_key_or_of_another_log_is_no_anchor(here: Kept) -> None:
    true = read_checkpoint(here.late)[0]
    by_first = str(signed(true.text, here.first))
    other = true._replace(origin="procdef.log/other")
    assert codes(seal(here.file, by_first)) == {"note-signature"}
    assert {"note-signature", "note-not-kept"} <= codes(seal(here.file, str(signed(other.text, here.second))))
    before_any_key = Checkpoint(true.origin, 0, bytes(32))
    assert {"note-signature", "note-not-kept"} <= codes(seal(here.file, str(signed(before_any_key.text, here.first))))


def test_what_is_no_note_is_no_evidence(here: Kept) -> None:
    with pytest.raises(NoteInvalid):
        seal(here.file, "no note")
    with pytest.raises(NoteInvalid):
        since(here.file, "no note")


def test_only_what_came_since_a_note_is_looked_at(here: Kept) -> None:
    tally = Tally()
    assert since(here.file, here.late, tally=tally) == []
    assert (tally.streams, tally.events) == (2, 2)
    assert since(here.file, here.early, here.late) == []
    execute(here.file, "UPDATE event SET recorded = 'x' WHERE stream = (SELECT stream FROM deal WHERE key = 'A')")
    assert since(here.file, here.late) == []
    execute(here.file, "UPDATE event SET recorded = 'x' WHERE stream = 'definition:every-kind'")
    assert "projection" in codes(since(here.file, here.late))


def test_what_came_since_a_note_is_held_against_its_meaning_too(here: Kept) -> None:
    execute(here.file, "UPDATE deal SET stage = 'elsewhere' WHERE key IN ('A', 'B', 'C')")
    found = since(here.file, here.late)
    assert codes(found) == {"deal-differs"}
    with closing(sqlite3.connect(here.file)) as log:
        grown = {stream for (stream,) in log.execute("SELECT stream FROM deal WHERE key IN ('B', 'C')")}
    assert {each.stream for each in found} == grown


def test_a_note_over_less_than_the_one_since_which_is_held_against_the_log_too(here: Kept) -> None:
    true = read_checkpoint(here.early)[0]
    untrue = str(signed(true._replace(root=bytes(32)).text, here.first))
    assert since(here.file, here.late, here.early) == []
    assert codes(since(here.file, here.late, untrue)) == {"note-not-kept", "held-note-missing"}
    execute(here.file, "UPDATE leaf SET hash = 'x' WHERE idx = 1")
    assert "note-not-kept" in codes(since(here.file, here.late, here.early))


def newest(sql: str) -> Callable[[sqlite3.Connection, str], None]:
    def harm(log: sqlite3.Connection, deal: str) -> None:
        (n,) = log.execute("SELECT max(n) FROM event WHERE stream = ?", (deal,)).fetchone()
        log.execute(sql, {"deal": deal, "n": n})

    return harm


LONGER = "CAST(body || ' ' AS BLOB)"
SINCE = {
    "a body": ("leaf-hash", newest(f"UPDATE event SET body = {LONGER} WHERE stream = :deal AND n = :n")),
    "a body's form": ("unreadable", newest("UPDATE event SET body = 7 WHERE stream = :deal AND n = :n")),
    "an event": ("events-missing", newest("DELETE FROM event WHERE stream = :deal AND n = :n")),
    "a leaf": ("leaf-hash", newest("UPDATE leaf SET hash = '00' || substr(hash, 3) WHERE stream = :deal AND n = :n")),
    "a leaf's form": ("unreadable", newest("UPDATE leaf SET hash = 7 WHERE stream = :deal AND n = :n")),
    "a column": ("projection", newest("UPDATE event SET id = 'x' WHERE stream = :deal AND n = :n")),
    "a value": ("value-missing", newest("DELETE FROM private WHERE stream = :deal AND n = :n")),
    "a value's form": ("unreadable", newest("UPDATE private SET value = 7 WHERE stream = :deal AND n = :n")),
    "an earlier event": ("chain-broken", newest(f"UPDATE event SET body = {LONGER} WHERE stream = :deal AND n = 3")),
    "its form": ("unreadable", newest("UPDATE event SET body = 7 WHERE stream = :deal AND n = 3")),
    "the event before": ("note-not-kept", newest(f"UPDATE leaf SET hash = '{'0' * 64}' WHERE stream = :deal AND n = :n - 1")),
    "the leaf before": ("leaf-missing", newest("UPDATE leaf SET n = 99999 WHERE stream = :deal AND n = :n - 1")),
    "the tree": ("tree-differs", newest("UPDATE tree SET frontier = zeroblob(length(frontier))")),
    "a kept node": ("note-not-kept", newest("UPDATE node SET hash = zeroblob(32)")),
    "a kept node's form": ("note-not-kept", newest("UPDATE node SET hash = 'x'")),
}


@pytest.mark.parametrize("what", SINCE)
def test_harm_to_what_came_since_a_note_is_found(what: str, here: Kept) -> None:
    code, harm = SINCE[what]
    with closing(sqlite3.connect(here.file)) as log:
        (deal,) = log.execute("SELECT stream FROM deal WHERE key = 'C'").fetchone()
        harm(log, deal)
        log.commit()
    assert code in codes(since(here.file, here.late))


def test_a_deal_that_grew_is_vouched_for_back_to_its_start(here: Kept) -> None:
    """Its events are forged from before the note on, and the tree since the note, but not the nodes that are kept."""
    with closing(sqlite3.connect(here.file)) as log:
        deal, n = log.execute("SELECT stream, n FROM deal WHERE key = 'B'").fetchone()
        log.execute(f"UPDATE leaf SET hash = '{'0' * 64}' WHERE stream = ? AND n = ?", (deal, n - 1))
        log.commit()
        assert codes(since(here.file, here.late)) == {"leaf-hash"}
        change(log, (deal, n - 1), lambda event: event["by"].update(id="someone"))
        with closing(open_store(f"sqlite:///{here.file}")) as store, store.transaction(write=False) as tx:
            tree = frontier_at(size(here.late), perfect_of(tx))
            for digest in tx.scan(Hashes(tree.size)):
                tree.add(bytes.fromhex(digest))
        log.execute("UPDATE tree SET frontier = ?", (bytes(tree),))
        log.commit()
    found = [(each.code, each.stream, each.n) for each in since(here.file, here.late)]
    assert found == [("note-not-kept", deal, n - 1), ("deal-differs", deal, n)]


def test_an_earlier_event_and_all_hashes_of_its_deal_made_anew_are_found_from_the_note(here: Kept) -> None:
    with closing(sqlite3.connect(here.file)) as log:
        (deal,) = log.execute("SELECT stream FROM deal WHERE key = 'C'").fetchone()
        change(log, (deal, 50), lambda event: event["by"].update(id="someone"))
    assert codes(since(here.file, here.late)) & {"note-not-kept", "tree-differs"}


def test_a_log_from_before_the_tree_that_nobody_may_write_is_held_against_the_notes(
    here: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(here.file)) as log:
        without_a_tree(log)
        log.execute("PRAGMA user_version = 2")
        log.commit()
    monkeypatch.setattr("procdef.store.sqlite.database_file.os.access", lambda _, mode: mode != os.W_OK)
    assert seal(here.file) == []
    assert codes(seal(here.file, here.late)) == {"held-note-missing", "tree-missing"}
