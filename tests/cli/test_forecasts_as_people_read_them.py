"""The forecast on a terminal: what matters first, n/a where nothing is known, and plain words for what cannot be."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

Procdef = Callable[..., tuple[int, str, str]]
SALES = """\
procdef: 1
id: sales
version: 1
title: Sales
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields: {price: {type: money}, until: {type: date}}
deal: {value: price, close: until}
lost: {reasons: {price: Too dear}}
stages:
  talk: {title: The first long talk with the customer, start: true, owner: seller, probability: 40, next: offer}
  offer: {title: Offer, owner: seller, forecast: commit, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""


def steps(story: str) -> str:
    """Lines of a file of steps: each word of a deal's story is a stage and a day, or ``lost``; ``won@01-31`` is of 2024."""
    lines = []
    for number, deal in enumerate(story.split(";")):
        words = deal.split()
        price = {"price": words.pop().removeprefix("EUR")} if words[-1].startswith("EUR") else {}
        for place, word in enumerate(words):
            name, day = word.split("@")
            step: dict[str, object] = {"do": "advance", "to": name}
            if name == "lost":
                step = {"do": "lose", "reason": "price"}
            elif not place:
                step = {"do": "start", "values": price}
            lines.append({"happened": f"{day if len(day) > 5 else f'2024-{day}'}T12:00Z", "by": "maija", "roles": ["seller"],
                          "deal": f"D-{number}", **step})  # fmt: skip
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def every_tenth_day(count: int, won_after: Callable[[int], int]) -> str:
    """Deals of which three in four are won."""
    begin = date(2023, 1, 1)
    told = []
    for number in range(count):
        day = begin + timedelta(days=10 * number)
        end = "lost" if number % 4 == 3 else "won"
        offer, close = day + timedelta(days=3), day + timedelta(days=won_after(number))
        told.append(f"talk@{day} offer@{offer} {end}@{close} EUR{1000 + number}")
    return ";".join(told)


@pytest.fixture
def sales(procdef: Procdef, tmp_path: Path) -> Callable[..., Procdef]:
    def imported(story: str, process: str = SALES) -> Procdef:
        (tmp_path / "sales.yaml").write_text(process, "utf-8")
        (tmp_path / "steps.jsonl").write_text(steps(story) if story else "", "utf-8")
        if story:
            assert procdef("run", "sales.yaml", "steps.jsonl")[0] == 0
        else:
            assert procdef("publish", "sales.yaml")[0] == 0
        return procdef

    return imported


SMALL = "talk@01-02 offer@01-05 won@01-20 EUR1000;talk@01-02 lost@01-10 EUR500;talk@02-10 offer@02-12 EUR3000;talk@02-20 EUR80"


def test_the_first_lines_say_what_is_expected_and_how_far_it_was_off(sales: Callable[..., Procdef]) -> None:
    procdef = sales(every_tenth_day(50, lambda number: 12 + number % 9))
    code, shown, _ = procdef("forecast", "--as-of", "2024-05-01")
    first, second, *_ = shown.splitlines()
    assert code == 0
    assert first.startswith("Expected next month (2024-05): ")
    assert first.endswith(" open deals and new ones.") or first.endswith(" open deal and new ones.")
    assert second.startswith("This forecast was off by ")
    assert " in the last 12 months; the plain average of three months" in " ".join(shown.split())


def test_where_the_plain_average_was_closer_the_first_line_says_so(sales: Callable[..., Procdef]) -> None:
    months = [f"2023-{month:02}" for month in range(1, 13)]
    every_month = [f"talk@{month}-02 won@{month}-20 EUR1000;talk@{month}-02 EUR9000" for month in months]
    procdef = sales(";".join(every_month), SALES.replace("next: offer", "next: [offer, won]"))
    _, shown, _ = procdef("forecast", "--as-of", "2024-01-01")
    assert shown.startswith("The plain average of three months was closer than this forecast in EUR: off by 0 % on average")


def test_the_tables_are_those_of_the_months_the_categories_the_test_and_the_stages(sales: Callable[..., Procdef]) -> None:
    _, shown, _ = sales(SMALL)("forecast", "--as-of", "2024-03-01", "--months", "2")
    lines = shown.splitlines()
    heads = [line.split("  ")[0] for before, line in zip(["", *lines], lines, strict=False) if not before and line]
    assert heads == [
        lines[0], "won value, EUR", "deals won", "category",
        "back-test: n/a: no month began three months or more after the first deal",
        "stage", "sales as of 2024-03-01 00:00 UTC; 10,000 draws, seed 0", lines[-2],
    ]  # fmt: skip
    row = next(line for line in lines if line.startswith("commit"))
    assert row.split() == ["commit", "1", "3,000", "0.5", "1,636"]  # (1 + 10 / 2) / 11 of 3,000: the one before it was won


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_a_forecast_fits_the_terminal(width: int, sales: Callable[..., Procdef], monkeypatch: pytest.MonkeyPatch) -> None:
    procdef = sales(every_tenth_day(50, lambda number: 12 + number % 9))
    monkeypatch.setenv("COLUMNS", str(width))
    _, shown, _ = procdef("forecast", "--as-of", "2024-04-20", "--months", "2")
    assert "10 % to 90 %" in shown
    assert [line for line in shown.splitlines() if len(line) > width] == []


def test_the_same_seed_prints_the_same_and_json_is_what_python_has(sales: Callable[..., Procdef]) -> None:
    procdef = sales(every_tenth_day(30, lambda number: 20))
    asked = ("forecast", "sales", "--as-of", "2023-10-12", "--seed", "7", "--format", "json")
    shown, again = (json.loads(procdef(*asked)[1]) for _ in range(2))
    about = shown.pop("about")
    assert again.pop("about")["sha256"] == about["sha256"]
    assert shown == again
    assert about["filter"] == {
        "process": "sales", "as_of": "2023-10-12T00:00:00.000000Z", "months": 6, "backtest": 12, "seed": 7,
    }  # fmt: skip
    assert hashlib.sha256(f"{json.dumps(shown)}\n".encode()).hexdigest() == about["sha256"]
    assert (shown["process"], shown["as_of"], shown["seed"]) == ("sales", "2023-10-12T00:00:00.000000Z", 7)
    assert [month["month"] for month in shown["currencies"][0]["months"]][:2] == ["2023-10", "2023-11"]


NOTHING_YET = "Expected: n/a, no deal had been started by then."


@pytest.mark.parametrize(
    ("story", "as_of", "expected"),
    [
        ("", "2024-03-01", NOTHING_YET),
        (SMALL, "2023-12-31", NOTHING_YET),
        (SMALL, "1960-01-01", NOTHING_YET),
        ("talk@01-02 EUR5", "2024-03-01", "Expected next month (2024-03): n/a, as nothing can be told of 1 open deal."),
        ("talk@01-02 lost@01-03 EUR5", "2024-03-01", "Expected next month (2024-03): n/a, from no open deal."),
        ("talk@01-02 lost@01-03;talk@01-02", "2024-03-01", "1 open deal has no value yet; it is taken for nothing."),
        ("talk@01-02 offer@01-03 won@01-04;talk@02-28", "2024-03-01", "2024-03: 0 EUR"),
        ("talk@01-02 EUR5;talk@01-02 EUR5", "2024-03-01", "2 open deals are in no month: no deal has been won from their"),
    ],
)
def test_where_nothing_is_known_it_says_so(story: str, as_of: str, expected: str, sales: Callable[..., Procdef]) -> None:
    code, shown, _ = sales(story)("forecast", "--as-of", as_of)
    assert code == 0
    assert expected.replace("2024-03: 0 EUR", "(2024-03): 0 EUR (0 to 0)") in " ".join(shown.split())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--as-of", "2999-01-01"), "2999-01-01 has not come yet; a forecast stands at a time that has"),
        (("--as-of", "soon"), "soon is no date; write 2026-01-31, or a time as 2026-01-31T12:00Z"),
        (("--as-of", "2024-02-30"), "2024-02-30 is no date"),
        (("--as-of", "2024-02-01T12:00"), "2024-02-01T12:00 has no offset; write 2026-01-31T12:00+02:00 or ...Z"),
        (("--as-of", "0001-01-01"), "the calendar ends near there"),
        (("--as-of", "0002-01-01", "--backtest", "60"), "no forecast can stand 60 months before"),
        (("--months", "0"), "`months` is a whole number from 1 on"),
        (("--months", "1000"), "`months` is at most 60, not 1000"),
        (("--backtest", "-1"), "`backtest` is a whole number from 0 on"),
        (("--backtest", "61"), "`backtest` is at most 60, not 61"),
        (("--seed", "-1"), "`seed` is a whole number from 0 on"),
        (("--seed", "x"), "'x' is not a valid integer"),
        (("purchase",), "no process 'purchase' is published here"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(asked: tuple[str, ...], expected: str, sales: Callable[..., Procdef]) -> None:
    code, shown, complaint = sales(SMALL)("forecast", *asked)
    assert (code, shown) == (2, "")
    assert expected in complaint


def test_a_back_test_of_no_month_is_left_out_with_a_word(sales: Callable[..., Procdef]) -> None:
    _, shown, _ = sales(SMALL)("forecast", "--as-of", "2024-03-01", "--backtest", "0")
    assert "back-test: n/a: no month was to be looked at" in shown


def test_currencies_stand_apart_and_whole_ones_have_no_decimals(sales: Callable[..., Procdef], tmp_path: Path) -> None:
    procdef = sales(SMALL)
    (tmp_path / "yen.yaml").write_text(SALES.replace("version: 1", "version: 2").replace("EUR", "JPY"), "utf-8")
    (tmp_path / "more.jsonl").write_text(steps("talk@02-03 EUR150000").replace("D-0", "Y-0"), "utf-8")
    assert procdef("run", "yen.yaml", "more.jsonl")[0] == 0
    _, shown, _ = procdef("forecast", "--as-of", "2024-03-01")
    assert "won value, JPY" in shown
    assert "won value, EUR" in shown
    found = json.loads(procdef("forecast", "--as-of", "2024-03-01", "--format", "json")[1])
    assert [each["currency"] for each in found["currencies"]] == ["JPY", "EUR"]
    assert found["currencies"][0]["value"] == "150000"
    assert found["currencies"][1]["value"] == "3080.00"


def test_the_rest_of_a_month_is_told_from_whole_ones(sales: Callable[..., Procdef]) -> None:
    _, shown, _ = sales(SMALL)("forecast", "--as-of", "2024-03-10", "--months", "1")
    assert "\n2024-03, rest " in shown
    assert "\n2024-04 " in shown
    assert shown.startswith("Expected next month (2024-04): ")


def test_a_spreadsheet_gets_a_line_for_each_month(sales: Callable[..., Procdef]) -> None:
    procdef = sales(SMALL)
    _, table, _ = procdef("forecast", "--as-of", "2024-03-10", "--months", "1", "--format", "csv")
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["month"], row["whole"], row["of"], row["unit"]) for row in rows[:5]] == [
        ("2024-03", "false", "open", "deals"), ("2024-03", "false", "open", "money"),
        ("2024-03", "false", "with_new", "deals"), ("2024-03", "false", "with_new", "money"),
        ("2024-04", "true", "open", "deals"),
    ]  # fmt: skip
    shown = json.loads(procdef("forecast", "--as-of", "2024-03-10", "--months", "1", "--format", "json")[1])
    (first, *_) = shown["currencies"][0]["months"]
    assert {name: rows[1][name] for name in ("from", "to")} == {name: first[name] for name in ("from", "to")}
    bands = {name: rows[1][name] for name in ("expected", "percentile_10", "percentile_50", "percentile_90")}
    assert bands == first["open"]["value"]
    assert (rows[1]["currency"], rows[-1]["month"]) == ("EUR", "2024-03/2024-04")


def test_a_spreadsheet_has_nothing_where_nothing_is_known(sales: Callable[..., Procdef]) -> None:
    _, shown, _ = sales("talk@01-02 EUR5")("forecast", "--as-of", "2024-03-01", "--months", "1", "--format", "csv")
    head, line, *_ = shown.splitlines()
    assert line == "EUR,2024-03,2024-03-01T00:00:00.000000Z,2024-04-01T00:00:00.000000Z,true,open,deals,,,,"
    assert head.count(",") == line.count(",")
