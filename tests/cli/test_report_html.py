"""``procdef report --html``: one page, whole or not at all, and of nothing but what was asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SALES = """procdef: 1
id: sales
version: 1
title: Sales
currency: EUR
languages: [en, fi]
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}}
fields:
  price: {type: money}
  discount: {type: percent}
  rebate: {type: percent, personal: true}
  signing: {type: date, title: {en: Day of signing, fi: Allekirjoitus}}
deal: {value: price}
lost: {reasons: {no_need: {title: {en: No need, fi: Ei tarvetta}}}}
goals: {hit_rate: 50}
stages:
  offer:
    title: {en: Offer, fi: Tarjous}
    start: true
    owner: seller
    required_actions: {send: {title: {en: Send it, fi: Lähetä}, milestone: offer}}
    exit_criteria: {priced: {check: price > 0, message: {en: There is no price, fi: Hinta puuttuu}}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "procdef", "--db", "sales.db", "--as", "ann:seller", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("sales")
    (tmp_path / "sales.yaml").write_text(SALES, encoding="utf-8")
    for step in (
        ("publish", "sales.yaml"),
        ("start", "sales", "D-1", "discount=5"),
        ("advance", "D-1"),
        ("do", "D-1", "send"),
        ("record", "D-1", "price=1000"),
        ("advance", "D-1"),
        ("start", "sales", "D-2", "discount=20"),
        ("do", "D-2", "send"),
        ("lose", "D-2", "no_need"),
    ):
        assert run(tmp_path, *step).returncode in (0, 1)  # the first way on is refused: there is no price
    return tmp_path


@pytest.fixture
def sales(made: Path, tmp_path: Path) -> Path:
    """A folder with a process and a log of a deal that is won, after a refused step, and one that is lost."""
    return Path(shutil.copytree(made, tmp_path, dirs_exist_ok=True))


def test_the_page_is_written_and_says_where(sales: Path) -> None:
    done = run(sales, "report", "sales", "--html", "report.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"the report is in {sales / 'report.html'}\n", "")
    page = (sales / "report.html").read_text("utf-8")
    for said in ("Sales: how sales go", "1 of 1 goal on track", "Held up 1 deal in Offer", "There is no price"):
        assert said in page
    assert "Hit rate by discount" in page  # the first field of percent, where no groups were asked for


def test_it_is_there_in_finnish_and_in_no_language_that_the_process_does_not_have(sales: Path) -> None:
    assert run(sales, "report", "--html", "report.html", "--lang", "fi").returncode == 0
    page = (sales / "report.html").read_text("utf-8")
    assert '<html lang="fi"' in page
    assert "Hinta puuttuu" in page
    refused = run(sales, "report", "--html", "other.html", "--lang", "sv")
    assert refused.returncode == 2
    assert not (sales / "other.html").exists()


def test_groups_and_a_period_are_those_that_were_asked_for(sales: Path) -> None:
    assert run(sales, "report", "--by", "owner", "--from", "2020-01-01", "--html", "report.html").returncode == 0
    page = (sales / "report.html").read_text("utf-8")
    assert "Hit rate by owner" in page
    assert "2020-01-01 to " in page


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("stage", "Hit rate by stage"),
        ("version", "Hit rate by version"),
        ("month", "Hit rate by month"),
        ("price", "Hit rate by price"),
        ("signing", "Hit rate by Day of signing"),
    ],
)
def test_whatever_makes_groups_can_be_asked_for(by: str, said: str, sales: Path) -> None:
    done = run(sales, "report", "--by", by, "--html", "report.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert said in (sales / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--html", "report.html"), "is there already"),
        (("--html", "nowhere/report.html"), "does not exist; create it first"),
        (("--html", "new.html", "--format", "json"), "--html writes a page"),
        (("--html", "new.html", "--deals", "deals.won"), "--html writes a page"),
        (("--force",), "name it with --html"),
        (("--html", "sales.db", "--force"), "sales.db"),
        (("--html", "new.html", "--by", "rebate"), "rebate"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(sales: Path, arguments: tuple[str, ...], said: str) -> None:
    (sales / "report.html").write_text("mine", encoding="utf-8")
    before = sorted(file.name for file in sales.iterdir())
    done = run(sales, "report", "sales", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert (sales / "report.html").read_text("utf-8") == "mine"
    assert sorted(file.name for file in sales.iterdir()) == before


def test_a_page_that_is_there_is_replaced_when_that_is_said(sales: Path) -> None:
    (sales / "report.html").write_text("mine", encoding="utf-8")
    assert run(sales, "report", "--html", "report.html", "--force").returncode == 0
    assert (sales / "report.html").read_text("utf-8").startswith("<!doctype html>")
