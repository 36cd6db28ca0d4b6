"""Durations and due times."""

from datetime import UTC, datetime

import pytest

from procdef.calendar import Calendar, due, known_country, parse_duration

HELSINKI = Calendar("Europe/Helsinki", "FI")


@pytest.mark.parametrize("text", ["1 hour", "3 days", "2 weeks", "1 business hour", "10 business days"])
def test_a_duration_reads_as_it_was_written(text: str) -> None:
    assert text == str(parse_duration(text))


@pytest.mark.parametrize("text", ["", "3", "-1 days", "1.5 hours", "2 business weeks", "1 month"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("expected", "start", "within"),
    [
        ("2026-01-06T01:00", "2026-01-05T00:00", "25 hours"),
        ("2026-01-07T15:00", "2026-01-05T08:00", "1 business day"),  # Epiphany lies between
        ("2026-03-30T14:00", "2026-03-27T08:00", "1 business day"),  # summer time began on the Sunday
        ("2026-03-30T07:00", "2026-03-27T14:00", "2 business hours"),
    ],
)
def test_due_times_are_in_working_time(expected: str, start: str, within: str) -> None:
    length = parse_duration(within)
    assert length is not None
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == due(HELSINKI, begin, length)


def test_a_country_is_known_with_its_regions_only() -> None:
    known = (known_country("FI"), known_country("XX"), known_country("FI", "nowhere"))
    assert known == (True, False, False)
