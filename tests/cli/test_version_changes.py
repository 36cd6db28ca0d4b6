"""``procdef diff``: a realistic change of the shipped process in every format, the deals it meets, and what it refuses."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from office import PROCESS

from procdef.resources import shipped_processes

Procdef = Callable[..., tuple[int, str, str]]
GOLDEN = Path(__file__).with_name("version_changes")
REPLACED = (
    ("version: 1\n", "version: 2\n"),
    ("  satisfaction:     {", "  terms_sent: {type: date, title: {en: The terms were sent on, fi: Ehdot lähetetty}}\n"
     "  satisfaction:     {"),
    ("      sign_contract:\n", "      send_terms: {title: {en: Send the terms, fi: Lähetä ehdot}, records: [terms_sent]}\n"
     "      sign_contract:\n"),
    ("when: discount > 15 % or", "when: discount > 10 % or"),
    ("sla: {within: 20 business days, remind: 2 days, escalate_to: manager}",
     "sla: {within: 10 business days, remind: 2 days, escalate_to: manager}  # twenty was too long"),
    ("      gift:          {title: {en: Gift, fi: Lahja}}\n", ""),
    ("concession in [gift, special_price]", "concession == special_price"),
    ("      demonstration: {title: {en: Demonstration, fi: Esittely}, evidence: link}\n", ""),
)  # fmt: skip


def told(procdef: Procdef, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    code, out, _ = procdef("diff", *arguments, "--format", "json")
    return code, [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def sales(procdef: Procdef, tmp_path: Path) -> Procdef:
    """The shipped process and a changed one in files."""
    file = shipped_processes()["b2b-sales"]
    text = file.read_text("utf-8")
    (tmp_path / "old.yaml").write_text(text, "utf-8")
    for old, new in REPLACED:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / "new.yaml").write_text(text, "utf-8")
    return procdef


@pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("markdown", "md"), ("json", "jsonl")])
def test_a_realistic_change_of_the_shipped_process(
    form: str, ending: str, sales: Procdef, request: pytest.FixtureRequest
) -> None:
    code, out, err = sales("diff", "old.yaml", "new.yaml", "--format", form)
    assert (code, err) == (0, "")
    out = re.sub(r'"(sha256)": "[0-9a-f]{64}"|"((?:old|new)_line)": [0-9]+', r'"\1\2": ...', out)
    golden = GOLDEN / f"b2b-sales.{ending}"
    if request.config.getoption("--update-golden"):
        golden.write_text(out, "utf-8")
    assert out == golden.read_text("utf-8")


ASKED = PROCESS.replace("version: 1\n", "version: 2\n")


def office_changed(tmp_path: Path, old: str, new: str) -> None:
    assert ASKED.count(old) == 1, old
    (tmp_path / "next.yaml").write_text(ASKED.replace(old, new), "utf-8")


def test_deals_are_told_of_where_the_old_version_is_published(office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "      research: {", "      ask: {title: Ask}\n      research: {")
    for old in ("office@1", "office", "office.yaml"):
        code, out, _ = office("diff", old, "next.yaml")
        assert code == 0
        assert "What it means for 1 deal under way in version 1\n  0 deals move as they are\n" in out
        assert "  1 deal has new work here\n" in out
        assert '    1: "Ask" is not done\n      A-1\n' in out
    assert "under way" not in office("diff", "office@1", "next.yaml", "--no-deals")[1]
    assert "- **1 deal has new work here**\n  - 1: \"Ask\" is not done (A-1)\n" in (
        office("diff", "office@1", "next.yaml", "--format", "markdown")[1]
    )  # fmt: skip
    code, (*_, deal, summary) = told(office, "office@1", "next.yaml")
    assert deal == {
        "kind": "deal", "deal": "A-1", "version": 1, "stage": "lead", "outcome": "open", "owner": "maija", "as_it_is": False,
        "answers": [], "new_work": [{"what": "action", "id": "lead.ask", "status": "open"}], "behind": [], "overdue": None,
            "late": {},
            "other_rows": [],
    }  # fmt: skip
    assert summary["deals"] == {
        "under_way": 1, "as_it_is": 0, "answers": 0, "new_work": 1, "behind": 0, "overdue": 0, "other_rows": 0,
            "of_other_versions": {},
        "reasons": [{"group": "new_work", "what": "action", "id": "lead.ask", "how": "open", "deals": 1}],
    }  # fmt: skip
    assert told(office, "office@1", "next.yaml", "--no-deals")[1][-1]["deals"] is None


def test_a_deal_that_needs_an_answer_is_a_finding(office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "  score:    {type: integer", "  score:    {type: number")
    code, out, _ = office("diff", "office@1", "next.yaml")
    assert code == 1
    assert "  1 deal needs an answer\n    1: it has a value of field score, which is of another type\n      A-1\n" in out
    assert office("diff", "office@1", "next.yaml", "--no-deals")[0] == 0
    assert office("audit", "verify")[0] == 0


def test_deals_of_a_version_between_are_pointed_to(office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "en: Lead,", "en: First,")
    assert office("publish", "next.yaml")[0] == 0
    assert office("start", "office", "B-1", "score=45")[0] == 0
    (tmp_path / "third.yaml").write_text(PROCESS.replace("version: 1\n", "version: 3\n"), "utf-8")
    assert "(beside these there is 1 deal under way in version 2: compare office@2 with version 3)" in (
        office("diff", "office@1", "third.yaml")[1]
    )
    assert told(office, "office@1", "third.yaml")[1][-1]["deals"]["of_other_versions"] == {"2": 1}  # type: ignore[index]


def test_a_draft_of_a_published_version_has_no_deals(office: Procdef, tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(PROCESS.replace("en: Lead,", "en: First,"), "utf-8")
    code, out, err = office("diff", "draft.yaml", "office.yaml")
    assert (code, err) == (0, "both are version 1: raise the version of B before you publish it\n")
    assert "under way" not in out


def test_the_same_twice_differs_in_nothing(office: Procdef) -> None:
    code, out, err = office("diff", "office.yaml", "office.yaml", "--no-deals")
    assert (code, out, err) == (0, "office: version 1 -> version 1, nothing changed\n", "")
    assert "Nothing changed." in office("diff", "office.yaml", "office.yaml", "--no-deals", "--format", "markdown")[1]
    (summary,) = told(office, "office.yaml", "office.yaml", "--no-deals")[1]
    assert (summary["changes"], summary["beside"]) == (0, [])


def test_what_is_no_change_of_the_rules_is_told_apart(office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "version: 2\n", "version: 2  # with a word\n")
    out = office("diff", "office.yaml", "next.yaml", "--no-deals")[1]
    assert out.splitlines()[2:] == [
        "No change of the rules", "  nothing in the meaning changed", "  comment added: # with a word",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("office.yaml", "nowhere.yaml"), 1, "nowhere.yaml:1:1: error: the file cannot be read"),
        (("offise@1", "office.yaml"), 2, 'there is no file "offise@1", and no published or shipped process of that id'),
        (("office@7", "office.yaml"), 2, 'there is no file "office@7", and no published or shipped process of that id'),
        (("office.yaml", "crm-opportunities"), 2, 'A is a version of the process "office" and B of "crm-opportunities"'),
        (("office.yaml", "faulty.yaml"), 1, 'faulty.yaml:'),
        (("office.yaml",), 2, "Missing argument 'B'"),
        (("office.yaml", "office.yaml", "--lang", "sv"), 2, 'nothing here is written in "sv"'),
        (("office.yaml", "office.yaml", "--format", "sarif"), 2, "'sarif' is not one of"),
        (("office.yaml", "next.yaml", "--db", "nowhere.db"), 3, "there is no database"),
        (("office.yaml", "next.yaml", "--db", "office.yaml"), 3, "office.yaml"),
    ],
)  # fmt: skip
def test_what_it_refuses(arguments: tuple[str, ...], code: int, message: str, office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "en: Lead,", "en: First,")
    (tmp_path / "faulty.yaml").write_text(PROCESS.replace("owner: seller", "owner: seler"), "utf-8")
    found, out, err = office("diff", *arguments)
    assert (found, "Traceback" in err) == (code, False)
    assert message in err
    assert "under way" not in out


def test_files_are_compared_where_no_database_is(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text(PROCESS, "utf-8")
    office_changed(tmp_path, "en: Lead,", "en: First,")
    code, out, err = procdef("diff", "office.yaml", "next.yaml")
    assert (code, err) == (0, "")
    assert 'stage Lead is now called "First"' in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["next.yaml", "office.yaml"]


def test_the_way_back_is_said_to_be_one(office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "en: Lead,", "en: First,")
    err = office("diff", "next.yaml", "office@1")[2]
    assert err.endswith("A is the later version (2); this is the way back from it to 1\n")


def test_titles_that_look_like_markdown_stay_texts(office: Procdef, tmp_path: Path) -> None:
    office_changed(tmp_path, "en: Lead,", 'en: "# *Lead* <b> [x](http://a.example)",')
    out = office("diff", "office.yaml", "next.yaml", "--no-deals", "--format", "markdown")[1]
    assert r'\*Lead\* \<b>' in out
    assert r"\[x\](http://a.example)" in out


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", b"x"), ("version", "x"), ("state", b"{"), ("state", {"latest": "x"}), ("state", {"stage": []}),
        ("state", {"standing": 5}),
    ],
    ids=str,
)  # fmt: skip
def test_what_somebody_changed_in_a_row_ends_in_one_line(
    column: str, value: object, office: Procdef, tmp_path: Path
) -> None:
    office_changed(tmp_path, "      research: {", "      ask: {title: Ask}\n      research: {")
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        if isinstance(value, dict):
            state = json.loads(log.execute("SELECT state FROM deal").fetchone()[0])
            value = json.dumps({**state, **value}).encode()
        log.execute(f"UPDATE deal SET {column} = ?", (value,))
        log.commit()
    code, _, err = office("diff", "office@1", "next.yaml", "--quiet")
    assert (code, len(err.splitlines())) == (1, 1), err
    assert "changed or damaged" in err or "cannot be read" in err
