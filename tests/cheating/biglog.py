"""A log of thousands of events with a key, and what somebody kept of it: a note, and copies from along the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from procdef import Actor, Engine, load, open_store
from procdef.log.checkpoint import Checkpoint, HeldNote, origin
from procdef.log.merkle import root_at
from procdef.log.signed_note import Signer, signed
from procdef.store import Leaf, Private
from procdef.store.log_queries import perfect_of
from procdef.verification import Irregularity, Tally, verify
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

PLACES = 40
DEALS = 240
SOURCE = """\
procdef: 1
id: p{number}
version: 1
title: Process {number}
languages: [en]
currency: EUR
roles: {{seller: {{title: Seller}}}}
fields: {{company: {{type: text, personal: false}}, email: {{type: email}}, amount: {{type: money}}}}
deal: {{value: amount}}
lost: {{reasons: {{price: Too dear}}}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {{research: {{title: Research, records: [company]}}}}
    next: offer
  offer:
    title: Offer
    owner: seller
    required_actions: {{price: {{title: Price, records: [amount], evidence: note}}}}
    next: delivery
  delivery: {{title: Delivery, owner: seller, outcome: won, required_actions: {{deliver: {{title: Deliver}}}}}}
"""
SELLER = Actor("maija", frozenset({"seller"}), auth="signed")


class Kept(NamedTuple):
    """The file; a note over all but its last events; copies from earlier on; the key; what was erased (salt and value)."""

    file: Path
    note: str
    copies: list[Path]
    signer: Signer
    erased: list[tuple[str, int, str, bytes, bytes]]
    other: Path


def copied(source: Path, target: Path) -> Path:
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)
    return target


@contextmanager
def opened(file: Path) -> Iterator[Engine]:
    with closing(open_store(f"sqlite:///{file}?synchronous=NORMAL")) as store:
        yield Engine(store)


def steps(number: int) -> list[dict[str, Any]]:
    """A deal of twelve events: refused once, won, and every third without its end."""
    told: list[dict[str, Any]] = [
        {"do": "start", "values": {"email": f"buyer{number}@customer.example"}},
        {"do": "advance"},
        {"do": "do", "action": "research", "values": {"company": f"Company {number}"}},
        {"do": "advance"},
        {"do": "do", "action": "price", "values": {"amount": str(100 + number)}, "evidence": "told on the phone"},
        {"do": "note", "note": f"They like number {number}"},
        {"do": "advance"},
        {"do": "do", "action": "deliver", "note": "left at the gate"},
        {"do": "finish"},
    ]
    about = {"deal": f"D{number}", "by": "maija", "roles": ["seller"]}
    return [{**about, **step} for step in (told[:7] if number % 3 == 0 else told)]


def play(engine: Engine, first: int, end: int) -> None:
    played = engine.run("p0", [step for number in range(first, end) for step in steps(number)], by=SELLER)
    assert {result.status for result in played} == {"applied", "refused"}


def make(folder: Path) -> Kept:
    """The log, and what was kept of it."""
    file, other = folder / "deals.db", folder / "other.db"
    with opened(other) as engine:
        _publish(engine, folder, 1)
        play(engine, 0, PLACES + 1)
    copies = []
    with opened(file) as engine:
        _publish(engine, folder, PLACES + 1)
        signer = Signer(engine.origin, bytes([7] * 32))
        engine.rekey(signer, by=SELLER)
        for k, (first, end) in enumerate(pairwise(DEALS * k // PLACES for k in range(PLACES + 1))):
            play(engine, first, end)
            copies.append(copied(file, folder / f"copy-{k}.db"))
        with engine.store.transaction(write=False) as tx:
            emails = [row for row in tx.scan(Private()) if row.path == "/values/email"][: PLACES + 5]
        engine.erase_again([Leaf(*row[:3]) for row in emails], basis="art-17", by=SELLER)
        note = str(engine.checkpoint(signer))
        for number in range(PLACES + 5):
            engine.note(f"D{number}", "After the note", by=SELLER)
    return Kept(file, note, copies, signer, [tuple(row) for row in emails], other)


def _publish(engine: Engine, folder: Path, number: int) -> None:
    for each in range(number):
        source = folder / f"p{each}.yaml"
        source.write_text(SOURCE.format(number=each), "utf-8")
        engine.publish(load(source), by=SELLER)


def bytes_and_meaning(file: Path) -> list[Irregularity]:
    """What ``audit verify`` finds in the events and rows."""
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store, store.inspect() as tx:
        return list(verify(tx, Tally()))


def tree(file: Path, *held: str) -> set[str]:
    """The codes that ``audit verify`` finds in the tree, with these notes."""
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store, store.inspect() as tx:
        notes = tuple(HeldNote(f"held-{k}", text.encode()) for k, text in enumerate(held))
        return {found.code for found in verify_tree(tx, notes, Assurance())}


def note_over(file: Path, size: int, signer: Signer) -> str:
    """The note that the log's key makes over the first ``size`` events of that file."""
    with opened(file) as engine, engine.store.transaction(write=False) as tx:
        checkpoint = Checkpoint(origin(tx.log), size, root_at(size, perfect_of(tx)))
    return str(signed(checkpoint.text, signer))
