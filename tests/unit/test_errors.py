"""Errors as they travel between processes."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from procdef import Actor, DefinitionInvalid, Engine, ProcdefError, StepRefused, load, open_store

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"


def refused(engine: Engine) -> StepRefused:
    seller = Actor("maija", frozenset({"seller"}))
    engine.publish(load(PROCESS), by=seller)
    engine.start("crm-opportunities", "D", by=seller, values={"product": "GTX Pro"})
    with pytest.raises(StepRefused) as told:
        engine.advance("D", by=seller)
    return told.value


def test_a_refusal_survives_the_way_to_another_process() -> None:
    engine = Engine(open_store("memory:"))
    before = refused(engine)
    for after in (pickle.loads(pickle.dumps(before)), copy.deepcopy(before)):
        assert (after.headline, after.unmet, after.replayed, str(after)) == (
            before.headline, before.unmet, before.replayed, str(before)
        )  # fmt: skip
        count = len(engine.events("D"))
        engine.record_refusal(after)
        assert len(engine.events("D")) == count + 1


def test_what_is_wrong_in_a_file_survives_it_too() -> None:
    with pytest.raises(DefinitionInvalid) as told:
        load("procdef: 1\nid: Sales\n")
    after = pickle.loads(pickle.dumps(told.value))
    assert (after.diagnostics, str(after)) == (told.value.diagnostics, str(told.value))


def test_an_invalid_definition_without_findings_still_says_something() -> None:
    assert str(DefinitionInvalid(())) == "the process has errors"


@pytest.mark.parametrize("kind", ProcdefError.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_other_error_survives_it(kind: type[ProcdefError]) -> None:
    if kind not in (StepRefused, DefinitionInvalid):
        assert pickle.loads(pickle.dumps(kind("words"))).args == ("words",)
