"""``procdef log --full``: all that an auditor asks of one deal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Procdef


DECIDERS = ('deciders:=[{"name": "Anna", "signs": true}]',)


def full(procdef: Procdef, deal: str = "A-1") -> tuple[list[dict[str, Any]], dict[str, Any]]:
    code, out, err = procdef("log", deal, "--full", "--format", "json")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    about: dict[str, Any] = json.loads(lines[-1])["about"]
    rows = "".join(f"{line}\n" for line in lines[:-1])
    assert (about["rows"], about["sha256"]) == (len(lines) - 1, hashlib.sha256(rows.encode()).hexdigest())
    return [json.loads(line) for line in lines[:-1]], about


def unwrapped(procdef: Procdef, deal: str = "A-1") -> str:
    """What people read, however wide their terminal is."""
    return " ".join(procdef("log", deal, "--full")[1].split())


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
        {"rule": "offer.fits", "outcome": outcome, "text": text, "place": place, "roles": []}
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


def test_every_event_tells_under_which_definition_it_was_judged(office: Procdef) -> None:
    (row,), _ = full(office)
    source = Path("office.yaml").read_bytes()
    assert row["definition"] == {"id": "office", "version": 1, "sha256": hashlib.sha256(source).hexdigest()}
    assert f"under office v1, SHA-256 {hashlib.sha256(source).hexdigest()}" in unwrapped(office)


def test_a_refused_step_tells_what_was_asked_for_and_who_could(office: Procdef) -> None:
    office("do", "A-1", "research", "company=A", "email=a@a.example", "score=65", "size=big")
    office("advance", "A-1", "offer")
    office("do", "A-1", "quote", "price=10", "discount=15", *DECIDERS)
    office("--as", "jaana:manager", "assign", "A-1", "jaana")
    assert office("--as", "jaana:manager", "do", "A-1", "approve", "--approve")[0] == 1
    assert office("record", "A-1", "score=500", "price=7")[0] == 1
    eyes, bad = full(office)[0][-2:]
    assert eyes["more"]["arguments"] == {"action": "approve", "decision": "approve"}
    line = Path("office.yaml").read_text("utf-8").splitlines().index("      approve:") + 1
    assert {"rule": "offer.approve", "outcome": "four-eyes", "text": "Approve (when discount > 10 %)",
            "place": f"office v1, line {line}", "roles": ["manager"]} in eyes["rules"]  # fmt: skip
    assert bad["more"]["arguments"] == {"values": {"price": "7"}}
    assert [(rule["rule"], rule["outcome"]) for rule in bad["rules"]] == [("score", "bad-value")]
    assert office("waive", "A-1", "decided", "--reason", "Bo signs")[0] == 1
    waive = full(office)[0][-1]
    assert waive["more"]["arguments"]["reason"] == "Bo signs"
    assert [(rule["outcome"], rule["roles"]) for rule in waive["rules"]] == [("not-yours", ["manager"])]
    out = unwrapped(office)
    assert "asked action=approve, decision=approve" in out
    assert "asked price=7 EUR" in out
    assert "for manager" in out


def test_what_decisions_saw_and_what_else_events_say_is_told(office: Procdef) -> None:
    office("do", "A-1", "call", "--way", "phone", "--evidence", "They rang")
    office("note", "A-1", "No time", "--kind", "call", "--objection", "busy")
    office("do", "A-1", "research", "company=A", "email=a@a.example", "score=65", "size=big")
    office("advance", "A-1", "offer")
    office("do", "A-1", "quote", "price=10", "discount=15", *DECIDERS)
    office("--as", "jaana:manager", "do", "A-1", "approve", "--approve")
    office("record", "A-1", "price=11")
    rows, _ = full(office)
    by_event = {row["event"]: row for row in rows}
    assert rows[0]["more"].keys() == {"key", "due"}
    assert rows[0]["more"]["key"] == "A-1"
    call = next(row for row in rows if row["what"] == "lead.call")
    assert (call["more"], call["evidence"]) == ({"way": "phone"}, {"kind": "note", "text": "They rang"})
    assert by_event["deal.noted"]["more"] == {"kind": "call", "objection": "busy"}
    assert by_event["action.voided"]["more"] == {"by_fields": ["price"]}
    approve = next(row for row in rows if row["what"] == "offer.approve: approved")
    assert approve["facts"]["values"]["discount"] == "15"
    out = unwrapped(office)
    for told in ("way phone", "objection busy", "by_fields price", "saw discount 15 %", "name A-1"):
        assert told in out


def test_an_erased_value_tells_when_and_on_what_basis(office: Procdef) -> None:
    office("record", "A-1", "email=anna@a.example")
    office("note", "A-1", "Anna called")
    assert office("erase", "A-1", "--all", "--basis", "art-17")[0] == 0
    stream = json.loads(office("deals", "--format", "json")[1])["deal"]
    rows, about = full(office, stream)
    last = rows[-1]
    assert (last["event"], last["more"]["basis"], len(last["more"]["leaves"])) == ("privacy.erased", "art-17", 3)
    gone = [(row["n"], each["path"], each["basis"], each["n"]) for row in rows for each in row["erased"]]
    assert gone == [(1, "/key", "art-17", 4), (2, "/values/email", "art-17", 4), (3, "/text", "art-17", 4)]
    assert {each["time"] for row in rows for each in row["erased"]} == {last["recorded"]}
    assert about["filter"] == {"deals": [stream]}
    out = unwrapped(office, stream)
    assert f"erased /values/email on {last['recorded']} by event 4, basis art-17" in out
    assert "leaves /key of event 1; /values/email of event 2; /text of event 3" in out
    assert "Anna" not in out


def test_imported_events_have_both_times(office: Procdef, tmp_path: Path) -> None:
    step = {"by": "maija", "roles": ["seller"], "happened": "2026-01-05T08:00:00+02:00", "deal": "I-1", "do": "start"}
    (tmp_path / "steps.jsonl").write_text(json.dumps(step) + "\n", "utf-8")
    assert office("run", "office.yaml", "steps.jsonl")[0] == 0
    (row,), _ = full(office, "I-1")
    assert (row["happened"], row["via"]) == ("2026-01-05T06:00:00.000000Z", "import")
    assert row["recorded"] > row["happened"]
