"""``procdef audit definitions``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from auditing import sheet

if TYPE_CHECKING:
    from conftest import Procdef


@pytest.fixture
def twice(office: Procdef) -> Procdef:
    """Two versions of the office process."""
    text = Path("office.yaml").read_text("utf-8")
    for old, new in (
        ("version: 1", "version: 2"),
        ("check: score >= 60", "check: score >= 40"),
        ("      remind: {title: Remind, at_least: 2, needs: [send]}\n", ""),
        ("manager: {title: Manager}", "manager: {title: Head of sales}"),
        ("goal: {en: A company that fits, fi: Sopiva yritys}", "goal: {en: One that fits, fi: Sopiva yritys}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    Path("second.yaml").write_text(text, "utf-8")
    assert office("--as", "jaana:manager", "publish", "second.yaml")[0] == 0
    return office


def test_every_version_has_its_person_time_and_hash(twice: Procdef) -> None:
    rows, about = sheet(twice, "definitions")
    assert [(row["process"], row["version"], row["who"]["id"], row["n"]) for row in rows] == [
        ("office", 1, "maija", 1), ("office", 2, "jaana", 2),
    ]  # fmt: skip
    source = Path("second.yaml").read_bytes()
    assert (rows[1]["sha256"], rows[1]["size"]) == (hashlib.sha256(source).hexdigest(), len(source))
    assert about["filter"] == {}


def test_what_changed_is_said_in_words_and_as_text(twice: Procdef) -> None:
    rows, about = sheet(twice, "definitions", "--diff", "office@1", "office@2")
    *words, text = rows
    told = {(row["what"], row["id"]): (row["change"], row["details"]) for row in words}
    assert told["criterion", "offer.fits"] == ("changed", ["check: score >= 60 -> score >= 40"])
    change, details = told["action", "offer.remind"]
    assert (change, {"title: Remind", "at_least: 2", "needs: offer.send"} - {*details}) == ("removed", set())
    assert told["role", "manager"] == ("changed", ["title: Manager -> Head of sales"])
    assert [key for key in told if key[0] == "stage"] == [("stage", "lead")]
    assert len(told) == 4
    (change,) = told["stage", "lead"][1]
    assert change == "playbook.goal: A company that fits -> One that fits"
    assert text["what"] == "text"
    assert "-        check: score >= 60" in text["details"]
    assert about["filter"] == {"diff": ["office@1", "office@2"]}


def test_a_version_does_not_differ_from_itself(twice: Procdef) -> None:
    assert sheet(twice, "definitions", "--diff", "office@2", "office@2")[0] == []


@pytest.mark.parametrize("name", ["office", "office@", "@1", "office@x"])
def test_what_names_no_version_is_said(name: str, twice: Procdef) -> None:
    code, _, err = twice("audit", "definitions", "--diff", name, "office@1")
    assert (code, "write ID@VERSION" in err) == (2, True)


def test_a_version_that_is_not_there_is_said(twice: Procdef) -> None:
    code, _, err = twice("audit", "definitions", "--diff", "office@1", "office@7")
    assert (code, "office@7" in err) == (2, True)


def test_people_read_the_same_definitions(twice: Procdef) -> None:
    assert "office v2  " in twice("audit", "definitions")[1]
    out = twice("audit", "definitions", "--diff", "office@1", "office@2")[1]
    assert "criterion offer.fits changed (old line " in out
    assert "\n--- office@1\n+++ office@2\n" in out
