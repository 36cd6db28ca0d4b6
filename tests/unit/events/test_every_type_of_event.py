"""A type of event has its place in every table that depends on it and is written apart from its declaration: one that was
forgotten somewhere is named here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path

import pytest

from procdef.audit.bundle import verify_bundle
from procdef.commands import VERBS
from procdef.deal import Deal
from procdef.events.declaration import EventType
from procdef.events.first_of_command import FIRST
from procdef.events.sentence_template import template
from procdef.events.types import BY_NAME, EVENT_TYPES
from procdef.verification.legality.command_order import ordered
from procdef.verification.legality.rules import RULES
from procdef.verification.projections import expected_deal_columns

ROOT = Path(__file__).parents[3]
SECTION = (ROOT / "docs" / "log.md").read_text("utf-8").partition("## Data by type")[2].partition("\n## ")[0]
ROWS = {*re.findall(r"^\| `([a-z.]+)` \|", SECTION, re.MULTILINE)}
"""The first column of the table "Data by type"."""
WRITTEN = [kind.name for kind in EVENT_TYPES if kind.written]
OF_DEALS = [kind.name for kind in EVENT_TYPES if "deal" in kind.streams]


def told_in_a_bundle(kind: EventType) -> set[str]:
    """The keys of the data as the stand-alone verifier writes them: personal ones with a star, those below with a path."""
    below = {f"{key.name}/{each.name}*" for key in kind.keys for each in key.kind.keys if each.private}
    return {f"{key.name}{'*' * key.private}" for key in kind.keys} | below


def declared_order(types: tuple[str, ...]) -> bool:
    """Whether events of these types can come from one command, by what each type is declared to follow."""
    return BY_NAME[types[0]].leads and all(before in BY_NAME[kind].follows for before, kind in pairwise(types))


TABLES: Mapping[str, tuple[object, object]] = {
    "which deals take it": (
        {kind: {*rule.modes} for kind, rule in RULES.items()},
        {kind: {*BY_NAME[kind].modes} for kind in OF_DEALS},
    ),
    "how it ends a visit to a stage": (
        expected_deal_columns._LEAVING,
        {kind.name: kind.visit.ends for kind in EVENT_TYPES if kind.visit and kind.visit.ends},
    ),
    "what of it is personal": (
        {kind: {pointer for pointer, _, _ in rule.personal} for kind, rule in RULES.items()},
        {kind: {*BY_NAME[kind].personal} for kind in OF_DEALS},
    ),
    "its keys, for who has a bundle": (
        {kind: {*keys} for kind, keys in verify_bundle.DATA.items()},
        {kind: told_in_a_bundle(BY_NAME[kind]) for kind in (*OF_DEALS, "log.rekeyed", "people.published")},
    ),
    "its row on the page about the log": (ROWS, {*WRITTEN}),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_type_stands_in_every_table_that_it_belongs_to(table: str) -> None:
    there, declared = TABLES[table]
    assert there == declared


@pytest.mark.parametrize("kind", BY_NAME)
def test_a_type_has_a_module_of_its_name_that_says_what_happened(kind: str) -> None:
    module = import_module(f"procdef.events.types.{kind.replace('.', '_')}")
    assert module.EVENT is BY_NAME[kind]
    assert module.EVENT.about == (module.__doc__ or "none")


def test_every_module_of_a_type_is_in_the_index() -> None:
    files = (ROOT / "src/procdef/events/types").glob("[!_]*.py")
    assert {file.stem for file in files} == {kind.replace(".", "_") for kind in BY_NAME}


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.name)
def test_what_a_declaration_names_is_there(kind: EventType) -> None:
    assert {*kind.follows} <= {*BY_NAME}
    assert {*kind.verbs} <= {*VERBS.values()}
    named = {kind.visit and kind.visit.stage, kind.override and kind.override.about, *(person.key for person in kind.people)}
    rule = (kind.rule.rule, kind.rule.outcome) if kind.rule else ()
    for text in (kind.sentence, kind.activity or "", *rule):
        named |= template(text).keys
    assert named - {None} <= {key.name for key in kind.keys}
    assert len({key.name for key in kind.keys}) == len(kind.keys)


@pytest.mark.parametrize("kind", OF_DEALS)
def test_what_happens_to_a_deal_has_a_name_for_process_mining(kind: str) -> None:
    assert BY_NAME[kind].activity


@pytest.mark.parametrize("verb", VERBS.values())
def test_a_command_has_events_that_it_can_begin_with(verb: str) -> None:
    assert FIRST[verb]


def test_verification_and_who_has_a_bundle_hold_events_of_one_command_to_the_order_that_is_declared() -> None:
    for length in (1, 2, 3):
        for types in product(OF_DEALS, repeat=length):
            letters = "".join(verify_bundle.LETTERS.get(kind, ".") for kind in types)
            in_a_bundle = re.fullmatch(verify_bundle.ORDER, letters) is not None
            assert (in_a_bundle, ordered(types)) == (declared_order(types), declared_order(types)), types


def test_a_deal_has_the_fields_that_every_event_changes_side_by_side() -> None:
    place = Deal._fields.index("n")
    assert Deal._fields[place : place + 4] == ("n", "head", "at", "latest")
