"""What ``procdef new`` asks: a stage that stands twice is told, and an answer that fits nothing is asked for again."""

from __future__ import annotations

import click
import pytest

from procdef.cli.commands.process.new import _named, _one_of, _told_named


@pytest.mark.parametrize(
    ("typed", "names", "twice"),
    [
        ("Lead, Offer, Won", ["Lead", "Offer", "Won"], []),
        ("Lead, Offer, Lead, Won", ["Lead", "Offer", "Won"], ["Lead"]),
        ("Lead; offer; Offer; Won", ["Lead", "offer", "Won"], ["Offer"]),
    ],
)
def test_a_stage_that_stands_twice_is_told(typed: str, names: list[str], twice: list[str], capsys) -> None:
    assert _told_named(typed, 2) == names == _named(typed, 2)
    assert [line.split('"')[1] for line in capsys.readouterr().out.splitlines()] == twice


def test_a_misspelt_stage_is_answered_with_the_likely_one() -> None:
    assert _one_of("closed won", ["Lead", "Offer", "Closed won"]) == "Closed won"
    with pytest.raises(click.UsageError, match='did you mean "Closed won"'):  # a prompt asks again after it
        _one_of("Closd won", ["Lead", "Offer", "Closed won"])
    with pytest.raises(click.UsageError, match="write one of Offer, Closed won"):
        _one_of("Lead", ["Lead", "Offer", "Closed won"])
