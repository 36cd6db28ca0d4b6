"""A type of event has its place in every table that depends on it: one that was forgotten somewhere is named here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from procdef.audit.bundle import verify_bundle
from procdef.audit.export import activity
from procdef.deal import _STEPS, UNCHANGED
from procdef.engine import projected_rows, repeated_request
from procdef.log.data_kinds import FORMS
from procdef.log.format import DATA
from procdef.render import log as sentences
from procdef.verification.meaning import legality, personal_values

PAGE = (Path(__file__).parents[3] / "docs" / "log.md").read_text("utf-8")
SECTION = PAGE.partition("## Data by type")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| `([a-z.]+)` \| (.*) \|$", SECTION, re.MULTILINE))
"""The table "Data by type", by the first column."""
PLANNED = frozenset(re.findall(r"`([a-z.]+)` \(", SECTION.partition("not written yet: ")[2].split("\n")[0]))
OF_DEALS = frozenset(kind for kind in DATA if not kind.startswith(("log.", "definition.", "privacy.purged")))
"""The types that stand in the streams of deals."""
NEVER_FIRST = frozenset(("action.voided", "deal.won", "privacy.erased"))
"""Those of them with which no step begins."""
SEVERAL = frozenset(
    ("deal.recorded", "deal.corrected", "action.voided", "action.completed", "stage.advanced", "deal.won")
)
"""Those of them that may stand beside others in one command, or, as a correction, just do not."""


def own_texts(kind: str) -> bool:
    """Whether the page marks a key of that type, or of what it holds, as personal in every process."""
    return "*" in ROWS.get(kind, "") or "evidence?" in ROWS.get(kind, "")


def visiting(kind: str) -> bool:
    """Whether the page says that the type begins or ends a visit to a stage."""
    return kind in ("deal.started", "deal.lost", "deal.reopened", "deal.finished") or kind.startswith("stage.")


TABLES: Mapping[str, tuple[Collection[str], Collection[str]]] = {
    "what kinds of values its data holds": (FORMS, DATA),
    "what the fold makes of it": ({"deal.started", *_STEPS, *UNCHANGED}, DATA),
    "what makes it legal": ({"deal.started", *legality.RULES}, OF_DEALS),
    "what of it is personal": (personal_values.LEAVES, frozenset(filter(own_texts, DATA))),
    "its place in a command": (legality._LETTERS, SEVERAL),
    "its place in a command, for the one who has a bundle": (
        {*verify_bundle.LETTERS, "deal.corrected"},
        SEVERAL,
    ),
    "which visit it begins or ends": (
        {*projected_rows._ENTERED, *projected_rows._LEFT},
        frozenset(filter(visiting, DATA)),
    ),
    "which step, sent again, it answers": (
        {"step.refused", *(kind for kinds in repeated_request._FIRST.values() for kind in kinds)},
        OF_DEALS - NEVER_FIRST,
    ),
    "its name for process mining": (activity._NAMES, OF_DEALS),
    "its sentence for people": (sentences._TOLD, OF_DEALS),
    "its row on the page about the log": ({*ROWS, *PLANNED}, DATA),
}


@pytest.mark.parametrize("kind", DATA)
@pytest.mark.parametrize("table", TABLES)
def test_a_type_stands_in_the_tables_that_it_belongs_to_and_no_others(table: str, kind: str) -> None:
    there, belonging = TABLES[table]
    assert (kind in belonging) is (kind in there)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_has_a_type_that_the_format_does_not_know(table: str) -> None:
    assert set(TABLES[table][0]) <= set(DATA)
