"""The keys of a log and the notes that they sign."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef import Actor, Engine, InvalidArgument, LogBroken, NewerLog, NoteInvalid, UnknownDeal, open_store
from procdef.log.checkpoint import Checkpoint, HeldNote, origin, read_checkpoint
from procdef.log.keys import LogKey, Naming, key_at, keys_of, own_checkpoint, rekeying
from procdef.log.proofs import check_consistency, check_inclusion
from procdef.log.signed_note import Signer, Verifier, opened, signed
from procdef.store import Batch, Events, NoteRow, log_queries
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

LOG = "0198b0a0-0000-7000-8000-000000000000"


def key(desk: Desk, first: int = 1) -> Signer:
    with desk.store.transaction(write=False) as tx:
        return Signer(origin(tx.log), bytes([first] * 32))


def system(desk: Desk) -> list[dict[str, object]]:
    with desk.store.transaction(write=False) as tx:
        return [json.loads(event.body) for event in tx.scan(Events("system"))]


def clean(desk: Desk) -> bool:
    with desk.store.inspect() as tx:
        return list(verify(tx, Tally())) == []


def test_the_first_key_signs_for_itself(desk: Desk) -> None:
    first = key(desk)
    desk.engine.rekey(first, by=desk.manager)
    event = system(desk)[-1]
    assert event["type"] == "log.rekeyed"
    assert event["by"] == {"auth": "app", "id": "jaana", "roles": ["manager"]}
    data = event["data"]
    assert isinstance(data, dict)
    assert data.keys() == {"new", "signature"}
    message = f"procdef.log/rekeyed\n{event['log']}\n\n{first.verifier}\n".encode()
    assert first.verifier.verify(message, b64decode(data["signature"]))
    assert clean(desk)


def test_a_key_comes_even_before_the_first_process(desk: Desk) -> None:
    engine = Engine(open_store("memory:"))
    with engine.store.transaction(write=False) as tx:
        name = origin(tx.log)
    engine.rekey(Signer.new(name), by=desk.manager)
    with engine.store.transaction(write=False) as tx:
        assert [event.type for event in tx.scan(Events("system"))] == ["log.created", "log.rekeyed"]


def test_the_next_key_is_signed_for_by_the_one_before_and_each_has_its_sizes(desk: Desk) -> None:
    first, second = key(desk), key(desk, 2)
    desk.engine.rekey(first, by=desk.manager)
    early = desk.engine.checkpoint(first)
    desk.offered()
    desk.engine.rekey(second, old=first, by=desk.manager)
    late = desk.engine.checkpoint(second)
    data = system(desk)[-1]["data"]
    assert isinstance(data, dict)
    assert (data["old"], data["new"]) == (str(first.verifier), str(second.verifier))
    keys = desk.engine.log_keys()
    sizes = [read_checkpoint(str(note))[0].size for note in (early, late)]
    assert keys == (LogKey(first.verifier, sizes[0], sizes[1] - 1), LogKey(second.verifier, sizes[1], None))
    assert [key_at(keys, size) for size in (sizes[0] - 1, *sizes)] == [None, *keys]
    with desk.store.transaction(write=False) as tx:
        assert [own_checkpoint(tx.log, keys, str(note)).size for note in (early, late)] == sizes
    assert clean(desk)


@pytest.mark.parametrize("what", ["other name", "no old", "wrong old", "the same", "one before"])
def test_a_key_that_cannot_be_the_next_one_is_refused(desk: Desk, what: str) -> None:
    first, second, third = key(desk), key(desk, 2), key(desk, 3)
    desk.engine.rekey(first, by=desk.manager)
    desk.engine.rekey(second, old=first, by=desk.manager)
    new, old = {
        "other name": (Signer("procdef.log/other", third.seed), second),
        "no old": (third, None),
        "wrong old": (third, first),
        "the same": (second, second),
        "one before": (first, second),
    }[what]
    before = len(system(desk))
    with pytest.raises(InvalidArgument):
        desk.engine.rekey(new, old=old, by=desk.manager)
    assert len(system(desk)) == before


def test_a_first_key_has_none_before_it(desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="no key yet"):
        desk.engine.rekey(key(desk), old=key(desk, 2), by=desk.manager)


def test_a_checkpoint_is_over_the_tree_as_it_stands_and_is_kept(desk: Desk) -> None:
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    desk.offered()
    note = desk.engine.checkpoint(signer)
    with desk.store.transaction(write=False) as tx:
        expected = Checkpoint(origin(tx.log), tx.size, tx.tree.root)
    assert read_checkpoint(str(note))[0] == expected
    assert opened(str(note), [signer.verifier]) == note
    assert desk.engine.checkpoints() == [NoteRow(expected.size, str(note))]
    assert desk.engine.checkpoint(signer) == note
    assert len(desk.engine.checkpoints()) == 1
    assert desk.engine.checkpoint(signer, extensions=["audit 2026"]).text == expected.text + "audit 2026\n"


@pytest.mark.parametrize("line", ["", "a\nb", "a\n", "a\n\n— x AAAA", "a\r"])
def test_a_further_line_is_one_line(desk: Desk, line: str) -> None:
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    with pytest.raises(NoteInvalid):
        desk.engine.checkpoint(signer, extensions=[line])
    assert desk.engine.checkpoints() == []


def test_only_the_present_key_signs(desk: Desk) -> None:
    first, second = key(desk), key(desk, 2)
    with pytest.raises(InvalidArgument, match="no key yet"):
        desk.engine.checkpoint(first)
    desk.engine.rekey(first, by=desk.manager)
    desk.engine.rekey(second, old=first, by=desk.manager)
    with pytest.raises(InvalidArgument, match="not the log's key"):
        desk.engine.checkpoint(first)


@pytest.mark.parametrize("what", ["root", "size", "signature", "origin", "form"])
def test_nothing_is_signed_that_does_not_begin_with_a_note_held_elsewhere(desk: Desk, what: str) -> None:
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    true = read_checkpoint(str(desk.engine.checkpoint(signer)))[0]
    desk.offered()
    untrue = {
        "root": true._replace(root=bytes(32)),
        "size": true._replace(size=true.size + 100),
        "signature": true,
        "origin": true._replace(origin="procdef.log/other"),
        "form": true,
    }[what]
    by = replace(signer, seed=bytes(32)) if what == "signature" else signer
    held = HeldNote("held", b"no note" if what == "form" else str(signed(untrue.text, by)).encode())
    with pytest.raises(LogBroken, match="the note held"):
        desk.engine.checkpoint(signer, held=[held])
    assert len(desk.engine.checkpoints()) == 1
    desk.engine.checkpoint(signer, held=[HeldNote("held", str(signed(true.text, signer)).encode())])


def test_nothing_is_signed_that_does_not_begin_with_the_newest_stored_note(desk: Desk) -> None:
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    desk.offered()
    with desk.store.transaction(write=True) as tx:
        untrue = Checkpoint(origin(tx.log), tx.size - 1, bytes(32))
        tx.append(Batch(notes=[NoteRow(untrue.size, str(signed(untrue.text, signer)))]))
    with pytest.raises(LogBroken, match="does not begin with"):
        desk.engine.checkpoint(signer)


def test_names_of_keys_that_nobody_signed_for_are_told_and_passed_over() -> None:
    a, b, c = (Signer(origin(LOG), bytes([byte] * 32)) for byte in (1, 2, 3))
    sound = [Naming(3, 2, rekeying(LOG, a)), Naming(9, 5, rekeying(LOG, b, a))]
    unsound = {
        "nothing in it": {},
        "of another type": {"new": 1, "signature": 2},
        "of another log": rekeying("other", c, b),
        "signed by itself": rekeying(LOG, c) | {"old": str(b.verifier)},
        "not after the one before": rekeying(LOG, c, a),
        "without the one before": rekeying(LOG, c),
        "one before, again": rekeying(LOG, a, b),
        "of another name": rekeying(LOG, Signer("x", c.seed), b),
        "no signature": rekeying(LOG, c, b) | {"signature": "AA=="},
        "no base64": rekeying(LOG, c, b) | {"signature": "\u00e4"},
    }
    for what, data in unsound.items():
        keys, wrong = keys_of(LOG, [*sound, Naming(10, 6, data)])
        assert keys == [LogKey(a.verifier, 4, 9), LogKey(b.verifier, 10)], what
        assert [(found.code, found.stream, found.n) for found in wrong] == [("key-unsigned", "system", 6)], what
    assert keys_of(LOG, [Naming(3, 2, {}), *sound])[0] == keys_of(LOG, sound)[0]


def test_an_event_that_cannot_be_read_names_no_key() -> None:
    for body in (b"", b"[]", b'{"v":1,"type":"log.rekeyed","data":[]}', b"[" * 100_000, b"\xff"):
        assert log_queries._told(body) == ({}, None)


def test_a_key_that_only_a_later_procdef_knows_is_no_tampering_and_stops_every_signature(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}")) as store:
        engine, by = Engine(store), Actor("jaana")
        signer = Signer.new(engine.origin)
        engine.rekey(signer, by=by)
        engine.checkpoint(signer)
        with closing(sqlite3.connect(tmp_path / "log.db")) as log:
            changed = "CAST(replace(body, '{\"new\"', '{\"kind\":\"ml-dsa\",\"new\"') AS BLOB)"
            log.execute(f"UPDATE event SET body = {changed} WHERE type = 'log.rekeyed'")
            log.commit()
        with pytest.raises(NewerLog, match=r"the key data\.kind"):
            engine.checkpoint(signer)
        with store.transaction(write=False) as tx:
            keys, wrong = log_queries.log_keys(tx)
    assert (keys, [(found.code, found.found) for found in wrong]) == ([], [("newer-log", "the key data.kind")])


def test_a_published_key_is_read_back_from_the_log(desk: Desk) -> None:
    desk.engine.rekey(key(desk), by=desk.manager)
    assert Verifier.parse(str(desk.engine.log_keys()[0].verifier)) == key(desk).verifier


def test_an_event_and_an_earlier_log_are_proved_by_the_stored_notes(desk: Desk) -> None:
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    early = desk.engine.checkpoint(signer)
    desk.offered()
    with pytest.raises(InvalidArgument, match="no stored checkpoint covers"):
        desk.engine.prove("D", 1)
    late = desk.engine.checkpoint(signer)
    first, last = (read_checkpoint(str(note))[0] for note in (early, late))
    keys = [signer.verifier]
    for name, n, body in (("D", 2, "action"), ("system", 1, "log.created"), ("definition:small", 1, "published")):
        shown = check_inclusion(desk.engine.prove(name, n), keys)
        assert body in json.loads(shown.body)["type"] or name == "D"
        assert shown.checkpoint == (last if name == "D" else first)
    assert check_inclusion(desk.engine.prove("system", 1, last.size), keys).checkpoint == last
    held = [HeldNote("held", str(note).encode()) for note in (early, late)]
    for old, new in ((first.size, last.size), held, (first.size, held[1]), (held[0], last.size)):
        assert check_consistency(desk.engine.prove_extended(old, new), first, keys) == last
    for name, n, size in (("D", 99, None), ("system", 1, 2), ("none:1", 1, None)):
        with pytest.raises((InvalidArgument, UnknownDeal)):
            desk.engine.prove(name, n, size)
    for old, new in ((last.size, first.size), (0, 1)):
        with pytest.raises(InvalidArgument):
            desk.engine.prove_extended(old, new)
    with pytest.raises(LogBroken, match="the note x does not hold"):
        desk.engine.prove_extended(0, HeldNote("x", b"no note"))


def test_a_log_that_was_tampered_with_proves_nothing(desk: Desk) -> None:
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    desk.engine.checkpoint(signer)
    with desk.store.transaction(write=True) as tx:
        size = tx.size
        tx.append(Batch(notes=[NoteRow(1, str(signed(Checkpoint(origin(tx.log), 1, bytes(32)).text, signer)))]))
    for prove in (lambda: desk.engine.prove("system", 1, 1), lambda: desk.engine.prove_extended(1, 1)):
        with pytest.raises(LogBroken):
            prove()
    assert check_inclusion(desk.engine.prove("system", 1, size), [signer.verifier]).idx == 0


@pytest.mark.parametrize("name", ["system", "log", "definition:office", "definition:", "deal:", "deal:x"])
def test_no_deal_is_named_like_a_stream(name: str, desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="names its own streams"):
        desk.engine.start("small", name, by=desk.seller)
    (result,) = desk.engine.run(
        "small", [{"by": "maija", "roles": ["seller"], "deal": name, "do": "start"}], by=desk.manager
    )
    assert result.status == "error"


def test_a_stream_and_a_deal_that_was_named_so_are_proved_apart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an earlier version let be done."""
    with monkeypatch.context() as earlier:
        earlier.setattr("procdef.engine.new_deal_name", str)
        stream = desk.engine.start("small", "system", by=desk.seller, stage="lead").deal.stream
    signer = key(desk)
    desk.engine.rekey(signer, by=desk.manager)
    desk.engine.checkpoint(signer)
    assert desk.engine.deal("system").stream == stream
    for name in ("system", stream):
        proved = check_inclusion(desk.engine.prove(name, 1), [signer.verifier])
        assert json.loads(proved.body)["stream"] == name
    assert clean(desk)
