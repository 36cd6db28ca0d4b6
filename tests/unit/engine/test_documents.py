"""Evidence that is a file: which files are opened for it, and which never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: signing
version: 1
title: Signing
languages: [en]
roles: {seller: {title: Seller}}
fields: {amount: {type: integer}}
stages:
  talk:
    title: Talk
    start: true
    required_actions: {sign: {title: Sign, evidence: document}}
    next: signed
  signed: {title: Done, outcome: won}
"""


def engine(folder: Path, via: str = "api") -> Engine:
    """An engine on a file in the folder, with a deal D."""
    found = Engine(open_store(f"sqlite:///{folder / 'deals.db'}"), via=via)
    found.publish(load(PROCESS), by=SELLER)
    found.start("signing", "D", by=SELLER)
    return found


@pytest.mark.parametrize("name", ["deals.db", "deals.db-wal", "deals.db-shm", "other name"])
def test_the_database_is_no_document(name: str, tmp_path: Path) -> None:
    signing = engine(tmp_path)
    (tmp_path / "other name").symlink_to(tmp_path / "deals.db")
    with pytest.raises(StepRefused) as refused:
        signing.do("D", "sign", by=SELLER, evidence=str(tmp_path / name))
    assert [(item.code, item.id) for item in refused.value.unmet] == [("bad-value", "evidence")]
    signing.store.close()
