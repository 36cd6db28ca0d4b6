"""Errors as they travel between processes."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import procdef
from procdef import Actor, DefinitionInvalid, Engine, ProcdefError, StepRefused, StoreError, load, open_store
from procdef.store.port import Conflict

PAGE = Path(__file__).parents[2] / "docs" / "embedding.md"
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


def kinds(of: type[ProcdefError] = ProcdefError) -> Iterator[type[ProcdefError]]:
    """Every error that callers see: in place of one that is a ``Conflict``, which a step is tried again for, its reason is
    raised."""
    for kind in of.__subclasses__():
        if not issubclass(kind, Conflict):
            yield kind
            yield from kinds(kind)


def test_each_error_has_a_code_of_its_own_and_a_status() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(codes) == len(set(codes)) >= 19
    assert all(400 <= kind.http_status < 600 for kind in kinds())


def test_the_codes_and_statuses_are_documented() -> None:
    rows = re.findall(r"^\| (`[A-Z].*?) \| (`[a-z].*?) \| ([\d ]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {}
    for names, codes, statuses in rows:
        for name, code in zip(re.findall(r"`(\w+)`", names), re.findall(r"`([\w-]+)`", codes), strict=True):
            told[name] = (code, statuses.split()[0])
    assert told == {kind.__name__: (kind.code, str(kind.http_status)) for kind in kinds()}


SELLER = Actor("maija", frozenset({"seller"}))
STRANGER = Actor("eve", frozenset({"guest"}))


def opened() -> Engine:
    engine = Engine(open_store("memory:"))
    refused(engine)
    return engine


FAILING: dict[str, tuple[Callable[[Engine], object], str, int, str | None]] = {
    "an unknown deal": (lambda e: e.deal("X"), "unknown-deal", 404, "X"),
    "a step on one": (lambda e: e.note("X", "Hello", by=SELLER), "unknown-deal", 404, "X"),
    "an origin that is none": (lambda e: e.start("crm-opportunities", "E", by=SELLER, origin="X"), "unknown-deal", 404, "X"),
    "a proof of one": (lambda e: e.prove("X", 1), "unknown-deal", 404, "X"),
    "an unknown process": (lambda e: e.definition("crm"), "unknown-process", 404, "crm"),
    "an unknown version": (lambda e: e.definition("crm-opportunities", 9), "unknown-process", 404, "crm-opportunities@9"),
    "a deal that exists": (lambda e: e.start("crm-opportunities", "D", by=SELLER), "deal-exists", 409, "D"),
    "a version that exists": (
        lambda e: e.publish(load(PROCESS.read_text("utf-8") + "# changed\n"), by=SELLER),
        "version-exists", 409, "crm-opportunities@1",
    ),
    "a request key used again": (
        lambda e: [e.note("D", text, by=SELLER, request="key-1") for text in ("one", "two")],
        "request-conflict", 409, "key-1",
    ),
    "a name that is none": (lambda e: e.deal(" "), "invalid-argument", 400, "deal"),
    "a key that is none": (lambda e: e.note("D", "Hello", by=SELLER, request="?"), "invalid-argument", 400, "request"),
    "a time that is none": (lambda e: e.note("D", "Hello", by=SELLER, happened="x"), "invalid-argument", 400, "happened"),
    "an argument of another type": (lambda e: e.note("D", 5, by=SELLER), "invalid-argument", 400, "text"),  # type: ignore[arg-type]
    "nobody": (lambda e: e.note("D", "Hello", by="maija"), "invalid-argument", 400, "by"),  # type: ignore[arg-type]
    "a refused step": (lambda e: e.advance("D", by=SELLER), "step-refused", 409, "D"),
    "a step of somebody else": (lambda e: e.advance("D", by=STRANGER), "step-refused", 403, "D"),
    "a faulty file": (lambda e: load("procdef: 1\nid: Sales\n"), "definition-invalid", 422, "<text>"),
}  # fmt: skip


@pytest.mark.parametrize(("fail", "code", "status", "subject"), FAILING.values(), ids=FAILING.keys())
def test_an_error_says_what_kind_it_is_and_what_it_is_about(
    fail: Callable[[Engine], object], code: str, status: int, subject: str | None
) -> None:
    with pytest.raises(ProcdefError) as told:
        fail(opened())
    for error in (told.value, pickle.loads(pickle.dumps(told.value)), copy.deepcopy(told.value)):
        assert (error.code, error.http_status, error.subject) == (code, status, subject)
        shown = json.loads(json.dumps(error.as_dict()))
        assert (shown["code"], shown["message"], shown["subject"]) == (code, str(error), subject)
    assert "procdef " not in str(told.value)
    assert "--" not in str(told.value)


def test_no_error_outside_of_the_command_line_names_a_command() -> None:
    source = Path(procdef.__file__).parent
    named = re.compile(r"(?<!`)`procdef [a-z]|[\" ]--[a-z]")
    for module in source.rglob("*.py"):
        if {"cli", "render", "bundle"} & {*module.relative_to(source).parts}:
            continue
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Raise) and node.exc is not None:
                texts = [part.value for part in ast.walk(node.exc) if isinstance(part, ast.Constant)]
                assert [text for text in texts if isinstance(text, str) and named.search(text)] == [], module


def test_an_error_of_the_store_names_the_database(tmp_path: Path) -> None:
    file = tmp_path / "deals.db"
    for unfit in (tmp_path, tmp_path / "no folder" / "deals.db"):
        with pytest.raises(StoreError) as told:
            open_store(unfit)
        assert (told.value.code, told.value.subject) == ("store-error", str(unfit))
    engine = Engine(open_store(f"{file}?busy=0"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as told:
            engine.publish(load(PROCESS), by=SELLER)
    assert (told.value.code, told.value.http_status, told.value.subject) == ("store-busy", 503, str(file))
    engine.store.close()
