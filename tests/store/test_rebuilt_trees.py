"""A tree's row or its nodes hold nonsense, which a writer's login can put there: nothing is sealed upon it, and the owner has
the tree made anew from its leaves, as far as these stand for events and no note says otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from rows import event

from postgresql import schema_of, server
from procdef import Actor, Engine, LogBroken, ProcdefError, load, open_store
from procdef.cli import run
from procdef.log.chain import digest_bytes
from procdef.log.checkpoint import Checkpoint, origin
from procdef.log.merkle import Frontier
from procdef.log.signed_note import Signer, signed
from procdef.store import Batch, InspectableStore
from procdef.store.log_queries import stored_notes
from procdef.store.postgres.grants import grants_of
from procdef.store.queries import Hashes
from procdef.store.rows import NoteRow
from procdef.verification import Tally, verify
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))
NOTES = 260

_ROW = "UPDATE {s}.tree SET size = %s, frontier = decode(repeat('ab', %s), 'hex')"
NONSENSE = {
    "a size that the frontier does not fit": "UPDATE {s}.tree SET size = size + 1",
    "a frontier of nothing": "UPDATE {s}.tree SET frontier = ''",
    "a larger size": _ROW % (1000, 32 * 6),
    "a smaller size": _ROW % (256, 32),
    "a negative size": "UPDATE {s}.tree SET size = -1",
    "another frontier of the same size": "UPDATE {s}.tree SET frontier = decode(repeat('ab', length(frontier)), 'hex')",
    "no size": "UPDATE {s}.tree SET size = 0, frontier = ''",
    "a node of nothing": "INSERT INTO {s}.node VALUES (8, 1, decode(repeat('ab', 32), 'hex'))",
    "a node of a level that is not kept": "INSERT INTO {s}.node VALUES (3, 0, decode(repeat('ab', 32), 'hex'))",
    "another node": "UPDATE {s}.node SET hash = decode(repeat('ab', 32), 'hex')",
    "no node": "DELETE FROM {s}.node",
}


@pytest.fixture(params=["new_postgres_log", "names_apart_log"])
def log(request: pytest.FixtureRequest) -> str:
    """A log with a key and a note over it, and events enough for a node."""
    url: str = request.getfixturevalue(request.param)
    with closing(open_store(url)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        engine.rekey(key_of(store), by=BY)
        called = {"deal": "A-1", "do": "note", "note": "called", "by": "maija", "roles": ["seller"]}
        assert {each.status for each in engine.run("b2b-sales", [called] * NOTES, by=BY)} == {"applied"}
        store.seal()
        engine.checkpoint(key_of(store))
    return url


def key_of(store: InspectableStore) -> Signer:
    return Signer(origin(store.log), b"k" * 32)


def findings(log: str) -> list[str]:
    with closing(open_store(log)) as store, store.inspect() as tx:
        return [found.code for found in (*verify(tx, Tally()), *verify_tree(tx, (), Assurance()))]


def state(log: str) -> dict[str, list[tuple[object, ...]]]:
    tables = ("tree", "node", "leaf", "pending", "event", "note")
    return {table: server().execute(f"SELECT * FROM {schema_of(log)}.{table} t ORDER BY t::text") for table in tables}


@pytest.mark.parametrize("what", NONSENSE)
def test_the_owner_has_the_tree_made_anew(what: str, log: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(log)
    server().execute(NONSENSE[what].format(s=schema_of(log)))
    assert "tree-differs" in findings(log)
    assert run(["store", "rebuild-tree", log, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["changed"], told["is"]["size"]) == (True, len(before["leaf"]))
    assert state(log) == before
    with closing(open_store(log)) as store:
        Engine(store).note("A-1", "goes on", by=BY)
        store.seal()
        Engine(store).checkpoint(key_of(store))
    assert findings(log) == []


def test_it_says_what_the_tree_was_and_what_it_is(new_postgres_log: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_store(new_postgres_log)) as store:
        Engine(store).publish(load(PROCESS), by=BY)
        with store.transaction(write=False) as tx:
            root = tx.tree.root.hex()
    against = "the tree was held against no note, as there is none\n"
    assert run(["store", "rebuild-tree", new_postgres_log]) == 0
    assert capsys.readouterr().out == f"the tree is that of its 2 leaves, with the root {root}; nothing was changed\n{against}"
    server().execute(f"UPDATE {schema_of(new_postgres_log)}.tree SET size = 7")
    assert run(["store", "rebuild-tree", new_postgres_log]) == 0
    assert capsys.readouterr().out == (
        "the tree was over 7 events, with a frontier that does not fit, and is over 2 with "
        f"the root {root}, as its leaves make it\n{against}"
    )
    server().execute(f"UPDATE {schema_of(new_postgres_log)}.tree SET size = 1, frontier = decode(repeat('ab', 32), 'hex')")
    assert run(["store", "rebuild-tree", new_postgres_log]) == 0
    assert f"the tree was over 1 event with the root {'ab' * 32}, and is over 2 with" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["a larger size", "a size that the frontier does not fit", "a smaller size", "no size"])
def test_nothing_is_sealed_upon_a_size_that_is_not_the_leaves(what: str, new_postgres_log: str) -> None:
    with closing(open_store(new_postgres_log)) as store:
        Engine(store).publish(load(PROCESS), by=BY)
        server().execute(NONSENSE[what].format(s=schema_of(new_postgres_log)))
        before = state(new_postgres_log)
        for _ in range(2):
            with pytest.raises(LogBroken, match="rebuild-tree"), store.transaction(write=True) as tx:
                tx.append(Batch(events=[event(1)]))
        with pytest.raises(LogBroken, match="rebuild-tree"), store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(n) for n in range(1, 60)]))
        assert state(new_postgres_log) == before


SPOILT = {
    "an event is gone": ("DELETE FROM {s}.event WHERE type = 'log.rekeyed'", "leaf 3 "),
    "an event was rewritten": ("UPDATE {s}.event SET body = body || ' ' WHERE type = 'log.rekeyed'", "leaf 3 "),
    "an event has another hash": ("UPDATE {s}.event SET hash = repeat('a', 64) WHERE type = 'log.rekeyed'", "leaf 3 "),
    "a leaf has another hash": ("UPDATE {s}.leaf SET hash = repeat('a', 64) WHERE idx = 7", "leaf 7 "),
    "a leaf is no hash": ("UPDATE {s}.leaf SET hash = 'x' WHERE idx = 7", "leaf 7 "),
    "a leaf is gone": ("DELETE FROM {s}.leaf WHERE idx = 9", "leaf 9 "),
    "the first leaf is gone": ("DELETE FROM {s}.leaf WHERE idx = 0", "leaf 0 "),
    "a leaf that no event has comes last": (
        "INSERT INTO {s}.leaf SELECT count(*), 'deal:x', 1, repeat('a', 64) FROM {s}.leaf", "stand for no event",
    ),
    "two events of a stream changed places": (
        "UPDATE {s}.leaf SET idx = -1 WHERE idx = 20; UPDATE {s}.leaf SET idx = 20 WHERE idx = 21; "
        "UPDATE {s}.leaf SET idx = 21 WHERE idx = -1", "leaf 20 ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_leaves_that_do_not_stand_for_the_events_are_left_as_evidence(
    what: str, log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    statement, named = SPOILT[what]
    server().execute(*statement.format(s=schema_of(log)).split("; "), NONSENSE["a larger size"].format(s=schema_of(log)))
    before = state(log)
    assert run(["store", "rebuild-tree", log]) == 1
    told = capsys.readouterr().err
    assert named in told
    assert "nothing was changed" in told
    assert state(log) == before


def test_a_note_that_the_log_does_not_begin_with_is_not_contradicted(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who has the key signed another history."""
    with closing(open_store(log)) as store:
        text = str(signed(Checkpoint(origin(store.log), 9, b"r" * 32).text, key_of(store)))
    schema = schema_of(log)
    server().execute(f"INSERT INTO {schema}.note VALUES (9, '{text}')", NONSENSE["no node"].format(s=schema))
    before = state(log)
    assert run(["store", "rebuild-tree", log]) == 1
    assert "does not begin with the 9 events of the note stored over them" in capsys.readouterr().err
    assert state(log) == before


_LEAVES_ANEW = (
    "DELETE FROM {s}.leaf WHERE NOT EXISTS (SELECT FROM {s}.event e WHERE e.stream = leaf.stream AND e.n = leaf.n); "
    "UPDATE {s}.leaf SET idx = -idx; "
    "UPDATE {s}.leaf l SET idx = o.place FROM (SELECT stream, n, row_number() OVER (ORDER BY -idx) - 1 AS place "
    "FROM {s}.leaf) o WHERE o.stream = l.stream AND o.n = l.n"
)
FORGED = {
    "the key was never named": "DELETE FROM {s}.event WHERE type = 'log.rekeyed'",
    "the note is none": "UPDATE {s}.note SET text = 'x'; DELETE FROM {s}.event WHERE n = (SELECT max(n) FROM {s}.event)",
    "the note is that of a smaller tree": (
        "DELETE FROM {s}.note WHERE size > 4; UPDATE {s}.note SET size = 264; "
        "DELETE FROM {s}.event WHERE n = (SELECT max(n) FROM {s}.event)"
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_history_that_stored_notes_cannot_be_held_against_gets_no_tree(
    what: str, log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The owner removed an event with its leaf, and what the notes could have shown by."""
    with closing(open_store(log)) as store, store.transaction(write=True) as tx:
        leaves = [digest_bytes(digest) or b"" for digest in tx.scan(Hashes())]
        tree = Frontier()
        for leaf in leaves[:4]:
            tree.add(leaf)
        early = str(signed(Checkpoint(origin(store.log), 4, tree.root).text, key_of(store)))
        held = str(next(iter(stored_notes(tx))).text)
        tx.append(Batch(notes=[NoteRow(4, early)]))
    (tmp_path / "held.note").write_text(held)
    (tmp_path / "early.note").write_text(early)
    schema = schema_of(log)
    server().execute(*f"{FORGED[what]}; {_LEAVES_ANEW}".format(s=schema).split("; "))
    before = state(log)
    held_against: list[list[str]] = [[], ["held.note"], ["early.note"]]
    for names in held_against:
        notes = [f"--note={tmp_path / name}" for name in names]
        assert run(["store", "rebuild-tree", log, *notes]) in (1, 2), names
        told = capsys.readouterr().err
        assert names or ("the note stored over" in told and "nothing was changed" in told)
        assert state(log) == before
    with closing(open_store(log)) as store, pytest.raises(ProcdefError):
        Engine(store).checkpoint(key_of(store))


def test_a_note_that_nobody_signed_is_passed_over_only_for_one_that_somebody_holds(
    log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A writer's login may put one there."""
    with closing(open_store(log)) as store:
        good = str(Engine(store).checkpoint(key_of(store)))
        other = Signer(origin(store.log), b"o" * 32)
        text = str(signed(Checkpoint(origin(store.log), 9, b"r" * 32).text, other))
    (tmp_path / "held.note").write_text(good)
    schema = schema_of(log)
    server().execute(f"INSERT INTO {schema}.note VALUES (9, '{text}'), (7, 'x')", NONSENSE["no node"].format(s=schema))
    before = state(log)
    assert run(["store", "rebuild-tree", log]) == 1
    assert "the note stored over 7 events does not hold" in capsys.readouterr().err
    assert state(log) == before
    assert run(["store", "rebuild-tree", log, "--note", str(tmp_path / "held.note")]) == 0
    assert capsys.readouterr().out.endswith("the tree was held against 2 notes\n")


def test_a_note_of_a_size_above_the_last_is_named(log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Until the owner deletes that row."""
    server().execute(f"INSERT INTO {schema_of(log)}.note VALUES (9999, 'x')")
    named = "the note stored over 9999 events does not hold"
    with closing(open_store(log)) as store:
        with pytest.raises(LogBroken, match=named):
            Engine(store).checkpoint(key_of(store))
        Engine(store).note("A-1", "after the note", by=BY)
    assert run(["audit", "proof", "A-1", "-o", str(tmp_path / "bundle.zip"), "--db", log]) == 1
    assert named in capsys.readouterr().err
    assert run(["store", "rebuild-tree", log]) == 1
    assert named in capsys.readouterr().err
    server().execute(f"DELETE FROM {schema_of(log)}.note WHERE size = 9999")
    assert run(["audit", "proof", "A-1", "-o", str(tmp_path / "bundle.zip"), "--db", log]) == 0


def test_a_note_that_is_held_is_asked_too(log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_store(log)) as store:
        good = str(Engine(store).checkpoint(key_of(store)))
        later = str(signed(Checkpoint(origin(store.log), 9999, b"r" * 32).text, key_of(store)))
        other = str(signed(Checkpoint(origin(store.log), 9, b"r" * 32).text, key_of(store)))
    server().execute(NONSENSE["a larger size"].format(s=schema_of(log)))
    before = state(log)
    cases = (later, "9999 events, and the leaves are"), (other, "does not begin with the 9 events"), ("x", "held.note")
    for text, why in cases:
        (tmp_path / "held.note").write_text(text)
        assert run(["store", "rebuild-tree", log, "--note", str(tmp_path / "held.note")]) in (1, 2)
        assert why in capsys.readouterr().err
        assert state(log) == before
    (tmp_path / "held.note").write_text(good)
    assert run(["store", "rebuild-tree", log, "--note", str(tmp_path / "held.note")]) == 0


@pytest.fixture
def writer(new_postgres_log: str) -> Iterator[str]:
    role = f"{schema_of(new_postgres_log)}_writer"
    server().execute(f"CREATE ROLE {role} LOGIN", "\n".join(grants_of(schema_of(new_postgres_log), {"writer": role})))
    yield new_postgres_log.replace("owner@", f"{role}@", 1)
    server().execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_only_the_owner_may(writer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["store", "rebuild-tree", writer]) == 3
    assert "the owner of its tables" in capsys.readouterr().err


def test_what_waits_is_sealed_afterwards_and_who_writes_meanwhile_waits_for_nothing(log: str) -> None:
    server().execute(NONSENSE["another frontier of the same size"].format(s=schema_of(log)))
    with closing(open_store(log)) as store, psycopg.connect(server().url) as other:
        other.execute(f"SELECT 1 FROM {schema_of(log)}.tree FOR UPDATE")
        Engine(store).note("A-1", "meanwhile", by=BY)
        with store.transaction(write=False) as tx:
            assert tx.waiting.events == 1
        assert run(["store", "rebuild-tree", f"{log}&busy=0.2"]) == 3  # while somebody is at the tree
        other.rollback()
        assert run(["store", "rebuild-tree", log]) == 0
        store.seal()
    assert findings(log) == []


def test_a_file_has_no_such_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(tmp_path / "log.db").close()
    for command in (["rebuild-tree"], ["grants", "--reader", "r"]):
        assert run(["store", *command, str(tmp_path / "log.db")]) == 2
        told = capsys.readouterr().err
        assert "a SQLite file" in told
        assert told.count("\n") == 1


def test_leaves_that_a_login_added_are_removed_as_the_message_says(
    new_postgres_log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = schema_of(new_postgres_log)
    step = ["start", "b2b-sales", "A-1", "--stage=prospecting", "--as", "maija:seller", "--db", new_postgres_log]
    with closing(open_store(new_postgres_log)) as store:
        Engine(store).publish(load(PROCESS), by=BY)
    server().execute(f"INSERT INTO {schema}.leaf SELECT count(*), 'deal:x', 1, repeat('a', 64) FROM {schema}.leaf")
    assert run(step) == 1
    told = capsys.readouterr().err
    assert "rebuild-tree" in told
    assert told.count("audit verify") == 1
    assert run(["store", "rebuild-tree", new_postgres_log]) == 1
    server().execute(capsys.readouterr().err.partition("the owner deletes them (")[2].partition(")")[0])
    assert run(["store", "rebuild-tree", new_postgres_log]) == 0
    assert run(step) == 0
