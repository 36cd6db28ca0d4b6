"""``procdef diagram --counts``: a picture painted with the deals of the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef


@pytest.fixture
def busy(office: Procdef) -> Procdef:
    """Two deals more: one that went on, and one that is lost."""
    for deal in ("A-2", "A-3"):
        office("start", "office", deal, "company=Acme", "email=a@b.example", "score=70", "size=big")
        office("do", deal, "research")
    office("advance", "A-2", "offer")
    office("lose", "A-3", "no_need", "--note", "They wait")
    return office


def test_it_has_the_figures_of_the_report(busy: Procdef) -> None:
    code, drawn, err = busy("diagram", "office", "--counts", "--format", "mermaid")
    told = json.loads(busy("report", "office", "--format", "json")[1])["stages"]
    assert (code, err) == (0, "taking office@1, which is published in sqlite:///procdef.db\n")
    lead = told["lead"]
    assert (lead["entered"], lead["under_way"], lead["lost"], lead["forward"]["percent"]) == (3, 1, 1, "50.00")
    assert "1 here now<br/>3 entered, 50 % went on<br/>median 0.0 days<br/>1 lost" in drawn
    assert 's1 -->|"1"| s2' in drawn
    assert 's2 -->|"0: They accept"| s4' in drawn
    assert "1 lost. A deal may be lost in any stage" in drawn
    assert "Deals of all time, as of 20" in drawn


def test_of_a_file_the_published_process_of_the_same_id_is_drawn(busy: Procdef, tmp_path: Path) -> None:
    assert busy("diagram", "office.yaml", "--counts", "-o", "a.svg") == (0, "the picture is in a.svg\n", "")
    changed = (tmp_path / "office.yaml").read_text("utf-8").replace("title: Parked", "title: Shelved")
    (tmp_path / "other.yaml").write_text(changed, "utf-8")
    code, drawn, err = busy("diagram", "other.yaml", "--counts")
    assert (code, err) == (0, "a file has no deals: taking office@1, which is published in sqlite:///procdef.db\n")
    assert "Parked" in drawn
    assert "Shelved" not in drawn


def test_a_period_counts_the_visits_that_began_in_it(busy: Procdef) -> None:
    drawn = busy("diagram", "office", "--counts", "--format", "dot", "--to", "2020-12-31")[1]
    assert "Visits that began from the beginning to 2020-12-31; deals here as of" in drawn
    assert "1 here now" in drawn
    assert "0 entered, n/a went on" in drawn


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("--from and --to say what --counts counts; add it", ("office", "--from", "2026-01-01")),
        ("the period ends before it begins", ("office", "--counts", "--from", "2026-02-01", "--to", "2026-01-01")),
        ("yesterday is no date", ("office", "--counts", "--from", "yesterday")),
        ("b2b-sales is not published in sqlite:///procdef.db, so no deals of it can be counted", ("b2b-sales", "--counts")),
    ],
)
def test_what_cannot_be_counted_is_said(said: str, given: tuple[str, ...], office: Procdef) -> None:
    code, out, err = office("diagram", *given)
    assert (code, out) == (2, "")
    assert said in err


def test_where_there_is_no_database_nothing_is_counted(procdef: Procdef, tmp_path: Path) -> None:
    code, out, err = procdef("diagram", "b2b-sales", "--counts")
    assert (code, out) == (3, "")
    assert "there is no database" in err
    assert list(tmp_path.iterdir()) == []
