"""Durations and due times."""

from datetime import UTC, date, datetime, time

import pytest

from procdef.calendar import Calendar, Duration, Unit, due, elapsed, known_country, parse_duration
from procdef.errors import CalendarUnknown

HELSINKI = Calendar("Europe/Helsinki", "FI")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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
    assert moment(expected) == due(HELSINKI, moment(start), length)


def test_a_country_is_known_with_its_regions_only() -> None:
    known = (known_country("FI"), known_country("XX"), known_country("FI", "nowhere"))
    assert known == (True, False, False)


@pytest.mark.parametrize(
    ("expected", "start"),
    [
        ("2026-01-05T15:00", "2026-01-05T08:00"),
        ("2026-01-05T15:00", "2026-01-05T15:00"),
        ("2026-01-07T15:00", "2026-01-05T15:01"),  # after hours, on the eve of Epiphany
        ("2026-01-12T15:00", "2026-01-10T08:00"),  # a Saturday
    ],
)
def test_no_business_days_end_with_the_next_working_hours(expected: str, start: str) -> None:
    assert moment(expected) == due(HELSINKI, moment(start), Duration(0, "business days"))


@pytest.mark.parametrize(
    ("expected", "start"),
    [
        ("2026-01-05T08:30", "2026-01-05T08:30"),
        ("2026-01-05T15:00", "2026-01-05T15:00"),
        ("2026-01-07T07:00", "2026-01-05T15:01"),
    ],
)
def test_no_business_hours_are_over_at_once_in_working_hours_and_otherwise_when_they_begin(
    expected: str, start: str
) -> None:
    assert moment(expected) == due(HELSINKI, moment(start), Duration(0, "business hours"))


@pytest.mark.parametrize(
    ("expected", "country", "region"),
    [
        ("2026-06-04T17:00", "DE", "BE"),
        ("2026-06-05T17:00", "DE", "BY"),  # Corpus Christi is a holiday in Bavaria, not in Berlin
    ],
)
def test_a_region_has_holidays_of_its_own(expected: str, country: str, region: str) -> None:
    calendar = Calendar("UTC", country, region)
    assert moment(expected) == due(calendar, moment("2026-06-03T10:00"), Duration(1, "business days"))


def test_nobody_works_on_closed_days() -> None:
    calendar = Calendar(closed=frozenset({date(2026, 6, 3), date(2026, 6, 4)}))
    ends = [
        due(calendar, moment("2026-06-02T16:00"), Duration(2, unit)) for unit in ("business days", "business hours")
    ]
    assert [moment("2026-06-08T17:00"), moment("2026-06-05T10:00")] == ends


@pytest.mark.parametrize(
    ("expected", "ranges"),
    [
        ("2026-06-02T12:00", [(9, 12), (10, 12)]),
        ("2026-06-02T12:00", [(10, 11), (9, 12)]),
        ("2026-06-02T12:00", [(9, 10), (10, 12)]),
        ("2026-06-02T13:00", [(11, 13), (9, 10)]),
    ],
)
def test_ranges_of_hours_count_once_however_they_are_written(expected: str, ranges: list[tuple[int, int]]) -> None:
    calendar = Calendar(hours={1: tuple((time(opens), time(closes)) for opens, closes in ranges)})
    assert moment(expected) == due(calendar, moment("2026-06-02T00:00"), Duration(3, "business hours"))


NIGHTS = [
    # In autumn, Helsinki's clock shows 03:00 to 04:00 twice: until 01:00 UTC, and again until 02:00.
    ("2026-10-25T02:00", "2026-10-24T21:00", "02:00", "04:00", 3),
    ("2026-10-25T02:30", "2026-10-24T21:00", "03:30", "05:00", 2),
    ("2026-11-01T01:30", "2026-10-24T21:00", "03:00", "03:30", 1),
    # In spring, it jumps at 01:00 UTC from 03:00 to 04:00.
    ("2026-03-29T02:00", "2026-03-28T22:00", "02:00", "05:00", 2),
    ("2026-03-29T02:00", "2026-03-28T22:00", "03:30", "06:00", 1),
    ("2026-04-05T01:00", "2026-03-28T22:00", "03:00", "04:00", 1),
]


@pytest.mark.parametrize(("expected", "start", "opens", "closes", "amount"), NIGHTS)
def test_hours_at_night_are_as_long_as_the_clock_lets_them_be(
    expected: str, start: str, opens: str, closes: str, amount: int
) -> None:
    hours = {6: ((time.fromisoformat(opens), time.fromisoformat(closes)),)}
    calendar = Calendar("Europe/Helsinki", hours=hours)
    assert moment(expected) == due(calendar, moment(start), Duration(amount, "business hours"))


def test_a_day_whose_hours_the_clock_jumps_over_is_no_working_day() -> None:
    calendar = Calendar("Europe/Helsinki", hours={6: ((time(3), time(3, 30)),)})
    assert moment("2026-04-05T00:30") == due(calendar, moment("2026-03-27T00:00"), Duration(1, "business days"))


@pytest.mark.parametrize(
    ("expected", "calendar", "start", "within"),
    [
        ("the holidays of FI in 2101 are not known; update the package `holidays`", HELSINKI, 2101, "1 business day"),
        ("the holidays of XX are not known", Calendar("UTC", "XX"), 2026, "1 business day"),
        ("the holidays of FI nowhere are not known", Calendar("UTC", "FI", "nowhere"), 2026, "1 business hour"),
        (
            "nobody works from 2026-06-02 to 2036-06-08; mend the calendar's hours or closed days",
            Calendar(hours={}),
            2026,
            "1 business hour",
        ),
        (
            "nobody works from 2026-06-02 to 2036-06-08; mend the calendar's hours or closed days",
            Calendar(hours={0: ()}),
            2026,
            "0 business days",
        ),
        (
            "5000 business days from 2026-06-02 is later than 2036-06-08, the last day looked at; choose a shorter time",
            Calendar(),
            2026,
            "5000 business days",
        ),
        (
            "999999 business hours from 2026-06-02 is later than 2036-06-08, the last day looked at; choose a shorter time",
            HELSINKI,
            2026,
            "999999 business hours",
        ),
        (
            "999999 weeks from 2026-06-02 is later than the year 9999; choose a shorter time",
            Calendar(),
            2026,
            "999999 weeks",
        ),
        (
            "300 business days from 9999-06-02 is later than the year 9999; choose a shorter time",
            Calendar(),
            9999,
            "300 business days",
        ),
    ],
)
def test_a_due_time_that_nobody_knows_says_why(expected: str, calendar: Calendar, start: int, within: str) -> None:
    length = parse_duration(within)
    assert length is not None
    with pytest.raises(CalendarUnknown) as told:
        due(calendar, datetime(start, 6, 2, 12, tzinfo=UTC), length)
    assert expected == str(told.value)


@pytest.mark.parametrize("unit", ["hours", "weeks", "business hours"])
def test_a_duration_beyond_any_clock_is_a_calendar_unknown_too(unit: Unit) -> None:
    with pytest.raises(CalendarUnknown, match="later than the year 9999"):
        due(Calendar(), moment("2026-06-02T12:00"), Duration(10**15, unit))


def test_a_business_duration_has_no_fixed_length() -> None:
    with pytest.raises(ValueError, match="no fixed length"):
        elapsed(Duration(1, "business days"))
