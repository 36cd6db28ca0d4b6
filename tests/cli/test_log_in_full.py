"""``procdef log --full``: all that an auditor asks of one deal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Procdef


def full(procdef: Procdef, deal: str = "A-1") -> tuple[list[dict[str, Any]], dict[str, Any]]:
    code, out, err = procdef("log", deal, "--full", "--format", "json")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    about: dict[str, Any] = json.loads(lines[-1])["about"]
    rows = "".join(f"{line}\n" for line in lines[:-1])
    assert (about["rows"], about["sha256"]) == (len(lines) - 1, hashlib.sha256(rows.encode()).hexdigest())
    return [json.loads(line) for line in lines[:-1]], about


def test_an_event_is_told_with_who_when_and_its_place_in_the_log(office: Procdef) -> None:
    (event,) = [json.loads(line) for line in office("log", "A-1", "--format", "json")[1].splitlines()]
    (row,), about = full(office)
    assert (row["n"], row["id"], row["event"], row["recorded"]) == (1, event["id"], "deal.started", event["at"])
    assert row["who"]["id"] == "maija"
    assert (row["who"]["auth"], row["who"]["entered_auth"], row["who"]["roles"]) == ("claimed", "os", ["seller"])
    assert about["filter"] == {"deals": [event["stream"]]}
    assert about["checkpoint"]["size"] == 3


def test_changes_have_their_old_and_new_values(office: Procdef) -> None:
    office("record", "A-1", "score=50", "email=anna@a.example")
    office("record", "A-1", "score=", "email=eva@a.example")
    rows, _ = full(office)
    changes = {change["field"]: (change["old"], change["new"]) for change in rows[-1]["changes"]}
    assert changes == {"score": (50, None), "email": ("anna@a.example", "eva@a.example")}


def test_an_erased_value_reads_so_on_both_sides(office: Procdef) -> None:
    office("record", "A-1", "email=anna@a.example")
    office("record", "A-1", "email=eva@a.example")
    assert office("erase", "A-1", "--field", "email", "--basis", "request")[0] == 0
    rows, _ = full(office)
    assert [row["changes"] for row in rows if row["event"] == "deal.recorded"] == [
        [{"field": "email", "old": None, "new": "(erased)"}],
        [{"field": "email", "old": "(erased)", "new": "(erased)"}],
    ]


def test_rules_come_with_their_outcome_text_and_line(office: Procdef) -> None:
    office("do", "A-1", "research", "company=A", "email=a@a.example", "score=45", "size=big")
    assert office("advance", "A-1", "offer")[0] == 1
    office("--as", "jaana:manager", "waive", "A-1", "offer.fits", "--reason", "They grow")
    assert office("advance", "A-1", "offer")[0] == 0
    rows, _ = full(office)
    line = (Path("office.yaml").read_text("utf-8").splitlines()).index("      fits:") + 1
    text, place = "The company does not fit (score >= 60)", f"office v1, line {line}"
    found = [rule for row in rows for rule in row["rules"] if rule["rule"] == "offer.fits"]
    assert found == [
        {"rule": "offer.fits", "outcome": outcome, "text": text, "place": place}
        for outcome in ("unmet", "waived", "waived")
    ]
    waived, moved = rows[-2:]
    assert (waived["reason"], moved["waivers"]) == ("They grow", [waived["n"]])
    assert {"field": "deal.stage", "old": "lead", "new": "offer"} in moved["changes"]
    assert moved["rules"][0]["rule"] == "lead -> offer"


def test_people_read_the_same(office: Procdef) -> None:
    office("record", "A-1", "price=10", "score=50")
    code, out, _ = office("log", "A-1", "--full")
    assert code == 0
    assert "who      maija (seller, claimed), entered by" in out
    assert "change   price: (empty) -> 10 EUR" in out
    assert "change   score: 45 -> 50" in out
    assert "checkpoint 4 " in out
    assert "over the rows of --format json" in out


def test_nothing_is_written(office: Procdef) -> None:
    before = Path("procdef.db").read_bytes()
    full(office)
    assert Path("procdef.db").read_bytes() == before
