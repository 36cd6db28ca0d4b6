"""``procdef audit replay``."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from auditing import sheet

from procdef.log.chain import event_hash

if TYPE_CHECKING:
    from conftest import Procdef


def test_facts_are_worked_out_again(office: Procdef) -> None:
    office("do", "A-1", "research", "company=A", "email=a@a.example", "score=45", "size=big")
    assert office("advance", "A-1", "offer")[0] == 1
    office("--as", "jaana:manager", "waive", "A-1", "offer.fits", "--reason", "They grow")
    assert office("advance", "A-1", "offer")[0] == 0
    for given in ((), ("A-1",)):
        rows, about = sheet(office, "replay", *given)
        assert {(row["rule"], row["verdict"], row["why"]) for row in rows} == {
            ("offer.reachable", "not judged", "reads email")
        }
        assert about["totals"]["differs"] == 0
        assert about["totals"]["agrees"] >= 3
        assert about["totals"]["worth"] == "advice, not proof"


def test_people_read_that_it_is_advice(office: Procdef) -> None:
    code, out, _ = office("audit", "replay")
    assert code == 0
    assert "worth: advice, not proof\n" in out


def test_a_deal_that_is_not_there_is_said(office: Procdef) -> None:
    code, _, err = office("audit", "replay", "Z")
    assert (code, "there is no deal 'Z'" in err) == (2, True)


def test_refused_starts_are_worked_out_again(office: Procdef) -> None:
    for score in ("45", "95"):
        assert office("start", "office", "Z-1", f"score={score}", "--stage", "offer")[0] == 1
    Path("later.yaml").write_text(
        Path("office.yaml").read_text("utf-8").replace("version: 1", "version: 2").replace(
            "  offer:\n", "  offer:\n    start: true\n"
        ),
        "utf-8",
    )  # fmt: skip
    assert office("publish", "later.yaml")[0] == 0
    before = sheet(office, "replay")[1]["totals"]["agrees"]
    assert office("start", "office", "Z-1", "score=45", "email=z@z.example", "--stage", "offer")[0] == 1
    rows, about = sheet(office, "replay")
    (row,) = [row for row in rows if row["stream"] == "system"]
    assert (row["rule"], row["stored"], row["why"], row["event"]) == (
        "offer.reachable", "met", "reads email", "step.refused",
    )  # fmt: skip
    assert row["place"].startswith("office v2, line ")
    assert (about["totals"]["agrees"], about["totals"]["differs"]) == (before + 1, 0)


def test_a_refused_start_that_was_judged_wrongly_differs(office: Procdef) -> None:
    text = Path("office.yaml").read_text("utf-8")
    Path("later.yaml").write_text(
        text.replace("version: 1", "version: 2").replace("  offer:\n", "  offer:\n    start: true\n"), "utf-8"
    )
    assert office("publish", "later.yaml")[0] == 0
    assert office("start", "office", "Z-1", "score=45", "--stage", "offer")[0] == 1
    with closing(sqlite3.connect("procdef.db")) as database, database:
        ((body,),) = database.execute("SELECT body FROM event WHERE type = 'step.refused'")
        changed = body.replace(b'"score":45', b'"score":95')
        given = (changed, event_hash(changed))
        database.execute("UPDATE event SET body = ?, hash = ? WHERE type = 'step.refused'", given)
    rows, _ = sheet(office, "replay", exit_code=1)
    assert [(r["stream"], r["rule"], r["stored"], r["again"]) for r in rows if r["verdict"] == "differs"] == [
        ("system", "offer.fits", "unmet", "met")
    ]
