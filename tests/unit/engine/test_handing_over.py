"""A deal is handed to a person: a role behind the id, as in ``--as``, is no part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef import Actor, Engine, InvalidArgument, load, open_store

PROCESS = Path(__file__).parents[3] / "processes" / "crm-opportunities.yaml"
MANAGER = Actor("m", frozenset({"seller"}))


@pytest.fixture
def engine() -> Engine:
    engine = Engine(open_store("memory:"))
    engine.publish(load(PROCESS), by=MANAGER)
    engine.start("crm-opportunities", "D1", by=MANAGER)
    return engine


@pytest.mark.parametrize(("written", "meant"), [("m:seller", "m"), ("anna:seller, seller", "anna"), ("u:1:seller", "u:1")])
def test_a_person_with_a_role_is_no_owner(engine: Engine, written: str, meant: str) -> None:
    before = len(list(engine.events("D1")))
    with pytest.raises(InvalidArgument, match=f"write {meant}$"):
        engine.assign("D1", written, by=MANAGER)
    assert len(list(engine.events("D1"))) == before


@pytest.mark.parametrize("written", ["m", "urn:person", "tenant:anna", ":seller"])
def test_a_colon_alone_is_no_role(engine: Engine, written: str) -> None:
    engine.assign("D1", written, by=MANAGER)
    assert engine.deal("D1").owner == written
