"""The rows of a list are typed without JSON, all at once or one more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

PROCESS = """
procdef: 1
id: rent
version: 1
title: Rent
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields:
  price: {type: money}
  machines:
    type: list
    items:
      model: {type: text, personal: false, required: true}
      nights: {type: integer, title: Days}
      rate: {type: money}
      kind: {type: choice, title: Kind, options: {digger: Big digger, crane: Crane}}
lost: {reasons: {no: No}}
stages:
  ask:
    title: Ask
    start: true
    owner: seller
    required_actions: {listed: {title: List the machines, records: [machines, price], milestone: offer}}
    next: won
  won: {title: Won, owner: seller, outcome: won, required_actions: {thank: {title: Thank}}}
"""
BIG = {"model": "Big", "nights": "10", "rate": "300", "kind": "digger"}
TALL = {"model": "Tall", "rate": "1250.5", "kind": "crane"}
TYPED = [
    (["machines=Big; 10; 300; digger"], [BIG]),
    (["machines=Big;10;300;big digger | Tall;;1250.50;Crane"], [BIG, TALL]),
    (["machines=Big; 10; 300; digger\nTall; ; 1250.5; crane\n"], [BIG, TALL]),
    (["machines=model: Tall; kind: crane; rate: 1250.5"], [TALL]),
    (["machines=Days: 10; model: Big; Kind: Big digger; rate: 300"], [BIG]),
    (["machines+=Big; 10; 300; digger"], [{"model": "Old"}, BIG]),
    (["machines+=Big; 10; 300; digger", "machines+=Tall; ; 1250.5; crane"], [{"model": "Old"}, BIG, TALL]),
    (["machines="], None),
]
REFUSED = [
    ("machines=Big; ten", "row 1, nights: must be a whole number"),
    ("machines=; 10", "row 1, model: must be filled in"),
    ("machines=Big; 1; 2; crane; more", "machines has 4 columns (model; nights; rate; kind), and row 1 has more cells"),
    ("machines=Big | Small; 1; 2; 3", "row 2, kind"),
    ("price+=5", "+= adds rows to a list, and price is none: write price=5"),
]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(procdef: Callable[..., tuple[int, str, str]], tmp_path: Path) -> Run:
    (tmp_path / "rent.yaml").write_text(PROCESS, "utf-8")

    def ran(*words: str) -> tuple[int, str]:
        code, told, complained = procdef(*words)
        return code, " ".join(f"{told} {complained}".split())

    assert ran("publish", "rent.yaml")[0] == 0
    assert ran("start", "rent", "D", "machines=Old")[0] == 0
    return ran


@pytest.mark.parametrize(("typed", "rows"), TYPED)
def test_rows_stand_as_they_were_meant(run: Run, typed: list[str], rows: list[dict[str, str]] | None) -> None:
    assert run("record", "D", *typed)[0] == 0
    kept = json.loads(run("--format", "json", "status", "D")[1])["values"].get("machines")
    assert kept == (rows and [{name: int(cell) if name == "nights" else cell for name, cell in row.items()} for row in rows])


@pytest.mark.parametrize(("typed", "said"), REFUSED)
def test_what_does_not_fit_is_told_with_its_row(run: Run, typed: str, said: str) -> None:
    code, answer = run("record", "D", typed)
    assert code in (1, 2)
    assert said in answer


def test_the_status_shows_the_form_of_a_row(run: Run) -> None:
    assert run("record", "D", "machines=")[0] == 0
    told = run("status", "D")[1]
    assert "procdef do D listed machines=... price=..." in told
    assert 'rows, as "model ; nights ; rate ; kind", with a | between them' in told
