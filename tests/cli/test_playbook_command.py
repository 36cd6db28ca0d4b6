"""``procdef playbook``: which pages it writes, what they say, and what it says where it writes none."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from office import PROCESS

Procdef = Callable[..., tuple[int, str, str]]

SHORT = """\
procdef: 1
id: short
version: 1
title: Short
languages: [en]
roles: {seller: {title: Seller}}
fields: {need: {type: text}}
stages:
  ask: {title: Ask, start: true, owner: seller, next: end}
  end: {title: End, owner: seller, outcome: won}
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text(PROCESS, encoding="utf-8")
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")


def text(page: Path) -> str:
    """What a page says, without its markup."""
    shown = re.sub(r"<(style|script)>.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", shown)).split())


@pytest.mark.parametrize(
    "said",
    [
        "Office sales",
        "Stage 1 of 4 A deal may start here",
        "Goal A company that fits",
        "By when 5 days",
        "score ≥ 60",
        "If not The company does not fit What helps Research again Manager may waive it",
        "email filled in",
        "at least one of ( deciders where signs)",
        "Research Required",
        "Call Optional",
        "Ways By phone By video Evidence a note",
        "When discount > 10 %",
        "score whole number, from 0 to 100",
        "one of: Small or Big",
        "list: name (text, personal data); signs (yes or no)",
        "Questions to ask Who else is affected?",
        "We have no time Offer two slots next week",
        "Materials Script",
        "Losing a deal takes a note that says what happened.",
        "Manager may take a lost deal up again within 30 days, with a reason.",
        "Hands out deals",
        "Process office v1",
    ],
)
def test_the_handbook_says(procdef: Procdef, tmp_path: Path, said: str) -> None:
    assert procdef("playbook", "office.yaml", "-o", "out.html") == (0, "the playbook is in out.html\n", "")
    assert said in text(tmp_path / "out.html")


def test_what_the_file_does_not_say_is_left_out(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef("playbook", "short.yaml", "-o", "out.html")[0] == 0
    shown = text(tmp_path / "out.html")
    for left_out in (
        "What we aim at", "To get in", "To get out", "What to do", "What gets recorded", "Guide", "Questions", "When they say",
        "Materials", "Losing", "Objections", "Scores", "Working time", "By when", "Likelihood", "Meaning", "None",
    ):  # fmt: skip
        assert left_out not in shown


def test_several_languages_make_a_page_each_and_lead_to_each_other(procdef: Procdef, tmp_path: Path) -> None:
    code, out, err = procdef("playbook", "office.yaml", "-o", "a:b c.html", "--lang", "en", "--lang", "FI", "--lang", "en")
    assert (code, err) == (0, "")
    assert out == "the playbook is in a:b c.en.html\nthe playbook is in a:b c.fi.html\n"
    english, finnish = tmp_path / "a:b c.en.html", tmp_path / "a:b c.fi.html"
    assert '<html lang="en"' in english.read_text()
    assert '<a href="./a%3Ab%20c.fi.html" lang="fi" hreflang="fi">Suomi</a>' in english.read_text()
    assert '<html lang="fi"' in finnish.read_text()
    assert '<a href="./a%3Ab%20c.en.html" lang="en" hreflang="en">English</a>' in finnish.read_text()
    assert "Mitä tehdään" in text(finnish)
    assert '<span lang="en">Quote</span>' in finnish.read_text()


def test_the_language_may_stand_before_the_command_as_elsewhere(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef("--lang", "fi", "playbook", "office.yaml", "-o", "out.html")[0] == 0
    assert '<html lang="fi"' in (tmp_path / "out.html").read_text()


def test_one_stage_has_a_page_of_its_own_with_the_fields_that_it_names(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef("playbook", "office.yaml", "-o", "out.html", "--stage", "offer")[0] == 0
    shown = text(tmp_path / "out.html")
    assert "Office sales: Offer" in shown
    assert "score ≥ 60" in shown
    assert "Stage 1 of" not in shown
    assert "Who can help with what" not in shown


def test_the_same_file_gives_the_same_bytes(procdef: Procdef, tmp_path: Path) -> None:
    assert procdef("playbook", "office.yaml", "-o", "one.html")[0] == 0
    assert procdef("playbook", "office.yaml", "-o", "two.html")[0] == 0
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("-o", "out.html", "--lang", "sv"), 2, 'office is not written in "sv"; --lang takes en, fi'),
        (("-o", "out.html", "--stage", "ofer"), 2, 'office has no stage "ofer" (did you mean "offer"?)'),
        (("-o", "out.html", "--stage", "x"), 2, 'office has no stage "x"; there are lead, offer, '),
        (("-o", "none/out.html"), 2, "for the playbook does not exist; create it first"),
        (("-o", "."), 2, "is no file; name one for the playbook"),
        (("-o", "/proc/out.html"), 3, "/proc/out.html"),
        ((), 2, "Missing option '-o'"),
    ],
)
def test_what_cannot_be_made_is_told_in_one_message_and_nothing_is_left(
    procdef: Procdef, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    before = sorted(tmp_path.iterdir())
    found, out, err = procdef("playbook", "office.yaml", *arguments)
    assert (found, out) == (code, "")
    assert told in err
    assert "Traceback" not in err
    assert sorted(tmp_path.iterdir()) == before


def test_of_several_pages_none_is_written_where_one_is_there(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "out.fi.html").write_text("mine")
    both = ("playbook", "office.yaml", "-o", "out.html", "--lang", "en", "--lang", "fi")
    code, _, err = procdef(*both)
    assert (code, "out.fi.html is there already" in err) == (2, True)
    assert (tmp_path / "out.fi.html").read_text() == "mine"
    assert not (tmp_path / "out.en.html").exists()
    assert procdef(*both, "--force")[0] == 0
    assert (tmp_path / "out.fi.html").read_text() != "mine"


def test_a_faulty_file_is_told_as_everywhere(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SHORT.replace("owner: seller, next", "owner: seler, next"))
    code, _, err = procdef("playbook", "short.yaml", "-o", "out.html")
    assert code == 1
    assert 'unknown role "seler"' in err
    assert not (tmp_path / "out.html").exists()
