"""What is erased is gone for good, and nothing else is: chains, tree, rules and reports go on as before."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, InvalidArgument, StepRefused, StoreError, open_store
from procdef.language import load_source
from procdef.store import Deals, Leaf, Private, Requests
from procdef.unsafe_characters import alike
from procdef.verification import Tally, verify

SELLER, MANAGER = Actor("s-1", frozenset({"seller"})), Actor("m-1", frozenset({"manager"}))
PROCESS = b"""procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  company: {type: text}
  email: {type: email}
  value: {type: money, personal: true}
  size: {type: integer}
  contacts: {type: list, items: {name: {type: text}, role: {type: choice, options: [user, buyer]}}}
deal: {value: value, correct_by: manager}
lost: {reasons: {price: Price}, note: required, reopen: {by: manager, within: 90 days}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions:
      approve: {title: Approve, by: manager, decision: true, four_eyes: true, voided_by: [email]}
    next: offer
  offer:
    title: Offer
    owner: seller
    entry_criteria: {known: {require: [email]}, big: {check: size >= 10, waivable_by: manager}}
    next: won
    back: lead
  won: {title: Won, owner: seller, outcome: won}
"""
GIVEN: dict[str, Any] = {
    "company": "Virtanen Oy \u00e4\u00f6",
    "email": "pekka.virtanen@example.fi",
    "value": "123456.78",
    "size": 5,
    "contacts": [{"name": "Pekka Virtanen", "role": "buyer"}, {"name": "Liisa Lahtinen", "role": "user"}],
}
SECRETS = ("Virtanen", "pekka.virtanen", "123456.78", "Lahtinen", "told me all", "too dear for Pekka", "VIRTANEN-1")


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    store = open_store("memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'log.db'}")
    engine = Engine(store)
    engine.publish(load_source(PROCESS, "sale.yaml"), by=MANAGER)
    with pytest.raises(StepRefused):
        engine.start("sale", "VIRTANEN-1", by=Actor("nobody"), values=GIVEN)
    engine.start("sale", "VIRTANEN-1", by=SELLER, values=GIVEN, request="virtanen-start")
    engine.note("VIRTANEN-1", "Pekka told me all", by=SELLER)
    with pytest.raises(StepRefused):
        engine.record("VIRTANEN-1", {"email": "no address", "company": "Virtanen Group"}, by=SELLER)
    engine.start("sale", "OTHER", by=SELLER, values={"company": "Laine", "email": "a@laine.fi"})
    engine.note("OTHER", "Was recommended by Pekka Virtanen", by=SELLER)
    yield engine
    store.close()


def findings(engine: Engine) -> list[str]:
    with engine.store.inspect() as tx:
        return [f"{wrong.code} {wrong.stream} {wrong.n} {wrong.found}" for wrong in verify(tx, Tally())]


def private(engine: Engine) -> list[str]:
    with engine.store.transaction(write=False) as tx:
        return [row.value.decode() for row in tx.scan(Private())]


def test_all_of_a_deal_goes_with_its_name_its_requests_and_the_starts_refused_under_it(engine: Engine) -> None:
    stream = engine.deal("VIRTANEN-1").stream
    done = engine.erase("VIRTANEN-1", basis="art-17", by=MANAGER)
    assert (done.deals, done.purged) == ((stream,), True)
    assert sorted(private(engine)) == ['"Laine"', '"OTHER"', '"Was recommended by Pekka Virtanen"', '"a@laine.fi"']
    deal = engine.deal(stream)
    assert (deal.key, deal.name) == (None, stream)
    assert deal.values == {"size": 5, "contacts": [{"role": "buyer"}, {"role": "user"}]}
    assert deal.erased == ("company", "email", "value")
    (row,) = (row for row in engine.deals(Deals()) if row.stream == stream)
    assert (row.name, row.key, row.amount) == (stream, None, None)
    with engine.store.transaction(write=False) as tx:
        assert list(tx.scan(Requests(stream))) == []
    assert findings(engine) == []


def test_one_field_goes_wherever_the_deals_log_holds_it_and_the_others_stay(engine: Engine) -> None:
    engine.record("VIRTANEN-1", {"company": "Virtanen Holding"}, by=SELLER)
    done = engine.erase("VIRTANEN-1", ["company"], basis="art-17", by=MANAGER)
    stream = engine.deal("VIRTANEN-1").stream
    assert [(leaf.stream, leaf.path) for leaf in done.leaves] == [
        (stream, "/values/company"),
        (stream, "/arguments/values/company"),
        (stream, "/values/company"),
    ]
    deal = engine.deal("VIRTANEN-1")
    assert deal.erased == ("company",)
    assert deal.values == {name: value for name, value in GIVEN.items() if name != "company"}
    assert findings(engine) == []


def test_a_list_loses_its_personal_cells_only(engine: Engine) -> None:
    engine.erase("VIRTANEN-1", ["contacts"], basis="art-17", by=MANAGER)
    assert engine.deal("VIRTANEN-1").values["contacts"] == [{"role": "buyer"}, {"role": "user"}]
    assert findings(engine) == []


def test_the_name_of_a_deal_can_go_alone(engine: Engine) -> None:
    stream = engine.deal("VIRTANEN-1").stream
    done = engine.erase("VIRTANEN-1", ["deal"], basis="art-17", by=MANAGER)
    assert {leaf.stream for leaf in done.leaves} == {stream, "system"}
    assert engine.deal(stream).values == GIVEN
    engine.start("sale", "VIRTANEN-1", by=SELLER)
    assert engine.deal("VIRTANEN-1").stream != stream
    assert findings(engine) == []


def test_a_person_goes_from_every_deal_and_every_text_that_names_them(engine: Engine) -> None:
    done = engine.erase_person("virtanen", basis="art-17", by=MANAGER)
    assert len(done.deals) == 2
    assert not any("virtanen" in value.casefold() for value in private(engine))
    assert '"Laine"' in private(engine)
    assert findings(engine) == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Called Žofie Ångström", "Z\u030cofie A\u030angstro\u0308m"),
        ("Called Z\u030cofie A\u030angstro\u0308m", "ŽOFIE ÅNGSTRÖM"),
        ("STRASSE 5", "straße"),
        ("Pekka\n  Virtanen", "pekka virtanen"),
        ("Pekka\u00a0Virtanen", " pekka\tvirtanen "),
        ("Pek\u00adka \u200bVirtanen", "Pekka Virtanen"),
        ('Pekka "the\\boss" Virtanen', 'pekka "the\\boss" virtanen'),
    ],
)
def test_a_person_is_found_however_the_name_was_typed(engine: Engine, written: str, typed: str) -> None:
    engine.note("OTHER", written, by=SELLER)
    assert [each.path for each in engine.held_on(typed) if each.n == 3] == ["/text"]
    with pytest.raises(StepRefused):
        engine.note("OTHER", "By hand", by=Actor(alike(typed), {"nobody"}))
    engine.erase_person(typed, basis="art-17", by=MANAGER)
    assert engine.in_the_open(typed) == [f"event 4 of {engine.deal('OTHER').stream}"]
    assert findings(engine) == []


def test_another_letter_or_other_digits_are_another_person(engine: Engine) -> None:
    engine.note("OTHER", "Ångström, +358 40 1234", by=SELLER)
    assert engine.held_on("angstrom") == []
    assert engine.held_on("358401234") == []


def test_a_text_in_hashes_and_numbers_of_the_log_stands_nowhere(engine: Engine) -> None:
    engine.note("OTHER", "Nobody", by=SELLER)
    for digit in "0123456789abcdef":
        places = engine.in_the_open(digit * 2)
        assert [place for place in places if place == f"event 3 of {engine.deal('OTHER').stream}"] == []
    stream = engine.deal("OTHER").stream
    assert [engine.in_the_open(text) for text in (stream, stream[5:13], "deal.noted", "claimed", "+358")] == [[]] * 5
    assert engine.in_the_open(SELLER.id) != []


DAMAGED = [b"\xff", b"", b'"half', b"[" * 100_000]


def damage(file: Path, stream: str, path: str, value: object) -> None:
    with closing(sqlite3.connect(file)) as log:
        log.execute("UPDATE private SET value = ? WHERE stream = ? AND path = ?", (value, stream, path))
        log.commit()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[Engine, Path]]:
    file = tmp_path / "log.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        engine.publish(load_source(PROCESS, "sale.yaml"), by=MANAGER)
        engine.start("sale", "VIRTANEN-1", by=SELLER, values=GIVEN)
        engine.note("VIRTANEN-1", "Somebody else", by=SELLER)
        engine.start("sale", "OTHER", by=SELLER, values={"company": "Virtanen"})
        yield engine, file


@pytest.mark.parametrize("value", [*DAMAGED, 7, 1.5])
def test_one_damaged_value_keeps_nobody_from_being_told_or_erased(stored: tuple[Engine, Path], value: object) -> None:
    engine, file = stored
    stream = engine.deal("VIRTANEN-1").stream
    assert engine.unreadable() == []
    damage(file, stream, "/text", value)
    hurt = [Leaf(stream, 2, "/text")]
    assert len(engine.held_on("virtanen")) == 5
    assert engine.unreadable() == hurt
    assert len(engine.erase_person("virtanen", basis="art-17", by=MANAGER).leaves) == 5
    assert engine.held_on("virtanen") == []
    assert engine.unreadable() == hurt
    assert engine.deal(stream).key is None
    assert engine.erase(stream, basis="art-17", by=MANAGER).leaves
    assert engine.unreadable() == []
    assert findings(engine) == []


def test_a_deal_whose_name_is_damaged_keeps_it_until_it_is_erased(stored: tuple[Engine, Path]) -> None:
    engine, file = stored
    stream = engine.deal("OTHER").stream
    damage(file, stream, "/key", b"\xff")
    engine.erase("OTHER", ["company"], basis="art-17", by=MANAGER)
    assert engine.deal("OTHER").stream == stream
    engine.erase("OTHER", basis="art-17", by=MANAGER)
    assert engine.deal(stream).key is None
    assert findings(engine) == []


def test_request_keys_that_name_a_person_are_told_and_go(engine: Engine) -> None:
    engine.note("OTHER", "Called", by=SELLER, request="Zoe-2")
    engine.note("OTHER", "Called again", by=SELLER, request="crm-3")
    stream = engine.deal("OTHER").stream
    (asked,) = engine.requests_on("ZOE")
    assert (asked.stream, asked.n, asked.deal, asked.request) == (stream, 3, "OTHER", "Zoe-2")
    assert engine.erase_person("zoe", basis="art-17", by=MANAGER, dry_run=True).requests == 1
    n, done = engine.deal("OTHER").n, engine.erase_person("zoe", basis="art-17", by=MANAGER)
    assert (done.leaves, done.deals, done.requests, done.purged) == ((), (), 1, True)
    assert engine.deal("OTHER").n == n
    assert engine.requests_on("zoe") == []
    with engine.store.transaction(write=False) as tx:
        assert [row.key for row in tx.scan(Requests(stream))] == ["crm-3"]
    with pytest.raises(InvalidArgument, match="nothing of that"):
        engine.erase_person("zoe", basis="art-17", by=MANAGER)
    assert findings(engine) == []


def test_the_keys_that_go_with_a_deals_name_are_counted_once(engine: Engine) -> None:
    assert engine.erase_person("virtanen", basis="art-17", by=MANAGER).requests == 1


def test_what_was_erased_reads_so_and_when_and_why_is_told(engine: Engine) -> None:
    stream = engine.deal("VIRTANEN-1").stream
    engine.erase("VIRTANEN-1", basis="ticket/88", by=MANAGER)
    events = engine.events(stream)
    assert events[0]["data"]["values"]["email"] == "(erased)"
    assert events[1]["data"]["text"] == "(erased)"
    assert events[-1]["data"]["basis"] == "ticket/88"
    (erasure,) = [each for each in engine.erasures() if each.stream == stream]
    assert (erasure.by, erasure.basis, erasure.purged) == ("m-1", "ticket/88", True)
    assert engine.erasures() == sorted(engine.erasures(), key=lambda each: each.at)


def test_an_erased_value_is_unset_for_every_rule_and_voids_nothing(engine: Engine) -> None:
    engine.do("VIRTANEN-1", "approve", by=MANAGER, decision="approve")
    engine.waive("VIRTANEN-1", "offer.big", by=MANAGER, reason="ok")
    stream = engine.deal("VIRTANEN-1").stream
    engine.erase("VIRTANEN-1", basis="art-17", by=MANAGER)
    assert engine.deal(stream).standing == {"lead.approve": ("m-1",)}
    with pytest.raises(StepRefused) as refused:
        engine.advance(stream, by=SELLER)
    assert [(item.code, item.id) for item in refused.value.unmet] == [("criterion-unmet", "offer.known")]
    engine.record(stream, {"email": "new@example.fi"}, by=SELLER)
    assert engine.deal(stream).erased == ("company", "value")
    engine.do(stream, "approve", by=MANAGER, decision="approve")
    engine.waive(stream, "offer.big", by=MANAGER, reason="ok")
    engine.advance(stream, by=SELLER)
    assert findings(engine) == []


def test_a_criterion_that_requires_an_erased_value_is_waived_or_met_by_another_value(engine: Engine) -> None:
    source = PROCESS.replace(b"version: 1", b"version: 2").replace(b"[email]}, big", b"[email], waivable_by: manager}, big")
    engine.publish(load_source(source, "sale.yaml"), by=MANAGER)
    given = {"email": "eeva.eno@example.fi", "size": 20}
    for deal in ("EENO-1", "EENO-2"):
        engine.start("sale", deal, by=SELLER, values=given)
        engine.record(deal, {**given, "company": "Eno Oy"}, by=SELLER)
        engine.do(deal, "approve", by=MANAGER, decision="approve")
        engine.erase(deal, ["email"], basis="art-17", by=MANAGER)
        with pytest.raises(StepRefused) as refused:
            engine.advance(deal, by=SELLER)
        assert [(item.code, item.id) for item in refused.value.unmet] == [("criterion-unmet", "offer.known")]
    engine.waive("EENO-1", "known", by=MANAGER, reason="They have none")
    engine.record("EENO-2", {"email": "other@example.fi"}, by=SELLER)
    engine.do("EENO-2", "approve", by=MANAGER, decision="approve")
    for deal in ("EENO-1", "EENO-2"):
        assert engine.advance(deal, by=SELLER).deal.stage == "offer"
    assert findings(engine) == []


def test_who_set_a_value_that_was_erased_still_may_not_approve_alone(engine: Engine) -> None:
    both = Actor("b-1", frozenset({"seller", "manager"}))
    engine.record("VIRTANEN-1", {"email": "set.by@b.fi"}, by=both)
    engine.erase("VIRTANEN-1", ["email"], basis="art-17", by=MANAGER)
    for who in (both, Actor("s-1", frozenset({"manager"}))):
        with pytest.raises(StepRefused) as refused:
            engine.do("VIRTANEN-1", "approve", by=who, decision="approve")
        assert [item.code for item in refused.value.unmet] == ["four-eyes"]
    engine.do("VIRTANEN-1", "approve", by=MANAGER, decision="approve")


def test_lost_and_finished_deals_can_be_erased_from(engine: Engine) -> None:
    engine.lose("VIRTANEN-1", "price", by=SELLER, note="too dear for Pekka")
    stream = engine.deal("VIRTANEN-1").stream
    engine.erase("VIRTANEN-1", basis="art-17", by=MANAGER)
    assert engine.deal(stream).mode == "lost"
    engine.reopen(stream, by=MANAGER, reason="again")
    assert findings(engine) == []


@pytest.mark.parametrize("basis", ["", "he asked us to", "x" * 65, "a@b", None, "-x"])
def test_a_basis_is_a_word(engine: Engine, basis: Any) -> None:
    with pytest.raises(InvalidArgument, match="basis"):
        engine.erase("VIRTANEN-1", basis=basis, by=MANAGER)


@pytest.mark.parametrize(
    ("fields", "message"), [(["compny"], "no field 'compny'"), (["size"], "nothing of that"), ([], "nothing of that")]
)
def test_what_is_not_held_is_not_erased(engine: Engine, fields: list[str], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        engine.erase("VIRTANEN-1", fields, basis="art-17", by=MANAGER)


def test_where_a_text_stands_that_nothing_erases_is_told(engine: Engine) -> None:
    stream = engine.deal("VIRTANEN-1").stream
    assert engine.in_the_open("virtanen") == []
    with pytest.raises(StepRefused):
        engine.do("VIRTANEN-1", "virtanen", by=MANAGER)
    engine.note("VIRTANEN-1", "Seen", by=Actor("Päivi Virtanen", {"seller"}))
    engine.erase("VIRTANEN-1", basis="art-17", by=MANAGER)
    n = engine.deal(stream).n
    assert engine.in_the_open("VIRTANEN") == [f"event {n - 2} of {stream}", f"event {n - 1} of {stream}"]
    assert engine.in_the_open("päivi v") == [f"event {n - 1} of {stream}"]
    assert [place.split(" of ")[0] for place in engine.in_the_open("entry_criteria")] == ["the text"]


@pytest.mark.parametrize("wrong", [None, 7, b"x", 1.5, ["a"], {}, ""])
def test_what_is_no_person_is_told(engine: Engine, wrong: Any) -> None:
    with pytest.raises(InvalidArgument):
        engine.erase_person(wrong, basis="art-17", by=MANAGER)
    with pytest.raises(InvalidArgument):
        engine.held_on(wrong)


@pytest.mark.parametrize("wrong", ["company", 7, [7], [None]])
def test_what_is_no_list_of_fields_is_told(engine: Engine, wrong: Any) -> None:
    with pytest.raises(InvalidArgument):
        engine.erase("VIRTANEN-1", wrong, basis="art-17", by=MANAGER)


def test_a_dry_run_erases_nothing(engine: Engine) -> None:
    before = private(engine)
    done = engine.erase("VIRTANEN-1", basis="art-17", by=MANAGER, dry_run=True)
    assert done.leaves
    assert not done.purged
    assert private(engine) == before


def test_what_a_restored_backup_brought_back_is_erased_again(engine: Engine) -> None:
    done = engine.erase("OTHER", ["email"], basis="art-17", by=MANAGER)
    with pytest.raises(InvalidArgument, match="nothing of that"):
        engine.erase_again(done.leaves, basis="art-17", by=MANAGER)
    stream = engine.deal("OTHER").stream
    again = engine.erase_again([*done.leaves, Leaf(stream, 1, "/values/company")], basis="art-17", by=MANAGER)
    assert [leaf.path for leaf in again.leaves] == ["/values/company"]
    assert findings(engine) == []


def test_all_that_is_held_on_a_person_can_be_told(engine: Engine) -> None:
    held = engine.held_on("Pekka Virtanen")
    told = [(each.deal, each.path, each.value) for each in held]
    assert ("VIRTANEN-1", "/values/contacts/0/name", "Pekka Virtanen") in told
    assert ("OTHER", "/text", "Was recommended by Pekka Virtanen") in told


def test_no_byte_of_it_is_left_in_any_file(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    engine = Engine(open_store(f"sqlite:///{file}"))
    engine.publish(load_source(PROCESS, "sale.yaml"), by=MANAGER)
    for number in range(40):
        name = f"VIRTANEN-{number}"
        engine.start("sale", name, by=SELLER, values=GIVEN, request=f"virtanen-{number}")
        engine.note(name, "Pekka told me all", by=SELLER)
        engine.lose(name, "price", by=SELLER, note="too dear for Pekka")
    assert [secret for secret in SECRETS if secret.encode() in _bytes(tmp_path)] == list(SECRETS)
    for number in range(40):
        assert engine.erase(f"VIRTANEN-{number}", basis="art-17", by=MANAGER).purged
    assert [secret for secret in SECRETS if secret.encode() in _bytes(tmp_path)] == []
    assert findings(engine) == []
    assert not engine.purge_pending()
    engine.store.close()
    assert [secret for secret in SECRETS if secret.encode() in _bytes(tmp_path)] == []


def _bytes(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(folder.iterdir()))


def test_while_it_is_purged_no_small_log_lies_in_a_temporary_file(stored: tuple[Engine, Path]) -> None:
    engine, _ = stored
    store: Any = engine.store
    connection, said = store.connections.take(os.getpid()), []
    store.give_back(connection)
    connection.set_trace_callback(said.append)
    assert store.purge()
    assert said.index("PRAGMA temp_store = MEMORY") < said.index("VACUUM")


def test_while_another_program_reads_the_purge_is_pending_and_can_be_finished(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    engine = Engine(open_store(f"sqlite:///{file}"))
    engine.publish(load_source(PROCESS, "sale.yaml"), by=MANAGER)
    engine.start("sale", "VIRTANEN-1", by=SELLER, values=GIVEN)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event").fetchone()
        done = engine.erase("VIRTANEN-1", basis="art-17", by=MANAGER)
        assert not done.purged
        assert engine.purge_pending(done.deals[0])
        reader.execute("COMMIT")
    assert engine.purge(by=MANAGER)
    assert not engine.purge_pending()
    assert b"Virtanen" not in _bytes(tmp_path)
    assert findings(engine) == []
    engine.store.close()


def test_nothing_is_erased_while_a_trigger_could_keep_it(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        engine.publish(load_source(PROCESS, "sale.yaml"), by=MANAGER)
        engine.start("sale", "VIRTANEN-1", by=SELLER, values=GIVEN)
        with closing(sqlite3.connect(file)) as planted:
            planted.execute("CREATE TABLE kept (value BLOB)")
            planted.execute("CREATE TRIGGER t AFTER DELETE ON Private BEGIN INSERT INTO kept VALUES (old.value); END")
        with pytest.raises(StoreError, match=r"the trigger t on procdef's tables could keep .* drop it"):
            engine.erase("VIRTANEN-1", basis="art-17", by=SELLER)
        assert not engine.erasures()
        with closing(sqlite3.connect(file)) as planted:
            planted.execute("DROP TRIGGER t")
        assert engine.erase("VIRTANEN-1", basis="art-17", by=SELLER).purged
