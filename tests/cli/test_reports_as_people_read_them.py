"""The report on a terminal: the days that were asked for, titles, plain words, and a width that holds."""

import pytest


def test_a_report_names_the_days_that_were_asked_for_in_the_zone_of_the_process(office):
    assert "from 2026-11-01 to 2026-11-30" in office("report", "--from", "2026-11-01", "--to", "2026-11-30")[1]


@pytest.mark.parametrize(
    ("expected", "asked"),
    [
        ("from the beginning to 2026-11-30", ("--to", "2026-11-30")),
        ("from 2026-11-01 to now", ("--from", "2026-11-01")),
        ("all time", ()),
    ],
)
def test_an_open_period_says_so_in_words(expected, asked, office):
    assert f"office  {expected}\n" in office("report", *asked)[1]


def test_losses_and_refusals_are_told_by_title_and_in_plain_words(office):
    assert office("do", "A-1", "quote")[0] == 1
    assert office("lose", "A-1", "no_need", "--note", "x")[0] == 0
    _, shown, _ = office("report", "--lang", "fi")
    assert "       1  Ei tarvetta (no_need): Liidi 1\n" in shown
    assert "       1  offer.quote belongs to another stage (Quote): 1 deal\n" in shown


def test_a_loss_that_was_taken_up_again_is_explained(office):
    assert office("lose", "A-1", "no_need", "--note", "x")[0] == 0
    assert "taken up" not in office("report")[1]
    assert office("--as", "jaana:manager", "reopen", "A-1", "--reason", "again")[0] == 0
    assert "taken up" in office("report")[1]


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_a_report_fits_the_terminal(width, office, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    assert office("do", "A-1", "quote")[0] == 1
    _, shown, _ = office("report")
    assert "90th percentile" in shown
    assert [line for line in shown.splitlines() if len(line) > width] == []


def test_a_title_that_is_cut_ends_in_an_ellipsis():
    from procdef.render.text_layout import clipped

    assert clipped("Booking the meeting", 12) == "Booking the…"
    assert clipped("Booking", 12) == "Booking"


@pytest.mark.parametrize("code", ["FI", "Fi", "fi"])
def test_the_code_of_a_language_is_taken_in_any_case(office, code):
    asked = [office(*command, "--lang", code) for command in (("report",), ("status",), ("show", "office.yaml"))]
    assert asked == [office(*command, "--lang", "fi") for command in (("report",), ("status",), ("show", "office.yaml"))]
    assert asked != [office(*command) for command in (("report",), ("status",), ("show", "office.yaml"))]
