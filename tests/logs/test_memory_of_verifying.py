"""Verifying takes no more memory for more deals, in a sound log and in one that lost its events."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, load, open_store
from procdef.log.checkpoint import HeldNote
from procdef.log.signed_note import Signer
from procdef.store import Tx
from procdef.verification import Irregularity, Tally, verify
from procdef.verification.since_note import verify_since
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

FEW, MANY = 350, 1050
SELLER = Actor("maija", frozenset({"seller"}))
SOURCE = """\
procdef: 1
id: sales
version: 1
title: Sales
languages: [en]
roles: {seller: {title: Seller}}
fields: {email: {type: email}}
stages:
  lead: {title: Lead, start: true, owner: seller, required_actions: {call: {title: Call}}, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""


def steps(deals: int) -> Iterator[dict[str, Any]]:
    for number in range(deals):
        who = {"by": "maija", "roles": ["seller"], "deal": f"D{number}"}
        yield {**who, "do": "start", "values": {"email": f"d{number}@a.example"}, "request": f"s{number}"}
        yield {**who, "do": "advance"}
        yield {**who, "do": "do", "action": "call"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, str]]:
    """A log of few deals and one of many, each with a note over its first events."""
    folder, made = tmp_path_factory.mktemp("memory"), {}
    (folder / "sales.yaml").write_text(SOURCE)
    for deals in (1, FEW, MANY):
        with closing(open_store(f"sqlite:///{folder}/{deals}.db?synchronous=NORMAL")) as store:
            engine, definition = Engine(store), load(folder / "sales.yaml")
            engine.publish(definition, by=SELLER)
            signer = Signer(engine.origin, bytes([7] * 32))
            engine.rekey(signer, by=SELLER)
            note = str(engine.checkpoint(signer))
            assert sum(1 for _ in engine.run(definition, steps(deals), by=SELLER)) == 3 * deals
        made[deals] = folder / f"{deals}.db", note
    return made


def everything(tx: Tx, note: str) -> Iterator[Irregularity]:
    yield from verify(tx, Tally())
    yield from verify_tree(tx, (HeldNote("held", note.encode()),), Assurance())


def since(tx: Tx, note: str) -> Iterator[Irregularity]:
    yield from verify_since(tx, HeldNote("held", note.encode()), (), Tally(), Assurance())


def peak(file: Path, note: str, check: Any) -> tuple[int, int]:
    """The most memory that the check held, and how much it found."""
    with closing(open_store(f"sqlite:///{file}")) as store, store.inspect() as tx:
        tracemalloc.start()
        found = sum(1 for _ in check(tx, note))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most, found


@pytest.mark.parametrize("check", [everything, since])
def test_three_times_the_deals_take_no_more_memory(check: Any, logs: dict[int, tuple[Path, str]]) -> None:
    peak(*logs[1], check)  # what is imported once is no memory of the check; what is cached, few deals fill
    few, many = peak(*logs[FEW], check), peak(*logs[MANY], check)
    assert few[1] == many[1] == 0
    assert many[0] < few[0] * 1.2 + 100_000


def test_rows_without_events_take_no_more_memory(logs: dict[int, tuple[Path, str]], tmp_path: Path) -> None:
    peaks = []
    for deals in (1, FEW, MANY):
        file = tmp_path / f"{deals}.db"
        with closing(sqlite3.connect(logs[deals][0])) as before, closing(sqlite3.connect(file)) as after:
            before.backup(after)
            after.execute("DELETE FROM event WHERE stream LIKE 'deal:%'")
            after.commit()
        peaks.append(peak(file, logs[deals][1], everything))  # of which the first is of what is imported once
    assert peaks[2][1] > 4 * MANY, "a finding for each row"
    assert peaks[2][0] < peaks[1][0] * 1.2 + 100_000
