"""Durations and due times."""

from datetime import UTC, date, datetime, time

import pytest

from procdef.calendar import Calendar, Duration, Unit, due, elapsed, known_country, parse_duration, reminder
from procdef.errors import CalendarUnknown

HELSINKI = Calendar("Europe/Helsinki", "FI")
NIGHT = ((time(22), time(6)),)
RIYADH = Calendar("Asia/Riyadh", "SA", hours=dict.fromkeys((6, 0, 1, 2, 3), NIGHT))
"""A night shift from Sunday to Thursday, 19:00 to 03:00 in UTC."""
HELSINKI_NIGHTS = Calendar("Europe/Helsinki", hours=dict.fromkeys(range(7), NIGHT))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["1 minute", "1 hour", "3 days", "2 weeks", "1 month", "2 years"])
def test_a_duration_reads_as_it_was_written(text: str) -> None:
    assert text == str(parse_duration(text))


@pytest.mark.parametrize("text", ["90 business minutes", "1 business hour", "10 business days"])
def test_business_time_is_counted_in_minutes_hours_and_days(text: str) -> None:
    length = parse_duration(text)
    assert length is not None
    assert (text, True) == (str(length), length.business)


@pytest.mark.parametrize("text", ["", "3", "-1 days", "1.5 hours", "1 quarter", "2 business weeks", "2 business months"])
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


@pytest.mark.parametrize(
    ("expected", "start", "within"),
    [
        ("2026-01-05T09:30", "2026-01-05T08:00", "90 minutes"),
        ("2026-01-05T14:30", "2026-01-05T14:00", "30 business minutes"),
        ("2026-01-07T07:30", "2026-01-05T14:30", "60 business minutes"),  # Epiphany lies between
        ("2026-03-05T08:00", "2026-01-05T08:00", "2 months"),
        ("2026-02-28T08:00", "2026-01-31T08:00", "1 month"),
        ("2028-02-29T08:00", "2027-11-30T08:00", "3 months"),
        ("2026-12-31T08:00", "2025-12-31T08:00", "1 year"),
        ("2029-02-28T08:00", "2028-02-29T08:00", "1 year"),
        ("2026-04-01T20:30", "2026-03-01T21:30", "1 month"),  # 23:30 there, in winter and in summer
        ("2026-03-29T01:30", "2026-01-29T01:30", "2 months"),  # at 03:30 there, which the clock jumps over
        ("2026-10-25T00:30", "2026-09-25T00:30", "1 month"),  # at 03:30 there, which the clock shows twice
        ("2026-10-25T01:30", "2026-10-25T01:30", "0 months"),
    ],
)
def test_months_and_years_end_on_the_same_day_of_the_month_or_on_its_last(
    expected: str, start: str, within: str
) -> None:
    length = parse_duration(within)
    assert length is not None
    assert moment(expected) == due(HELSINKI, moment(start), length)


@pytest.mark.parametrize(
    ("expected", "start", "within"),
    [
        # Monday 2026-06-01, 23:00 there: in Monday's shift.
        ("2026-06-02T01:00", "2026-06-01T20:00", "5 business hours"),
        ("2026-06-02T20:00", "2026-06-01T20:00", "8 business hours"),
        ("2026-06-03T03:00", "2026-06-01T20:00", "1 business day"),
        # Tuesday, 02:00 there: still in Monday's shift.
        ("2026-06-02T03:00", "2026-06-01T23:00", "0 business days"),
        ("2026-06-03T03:00", "2026-06-01T23:00", "1 business day"),
        ("2026-06-02T00:00", "2026-06-01T23:00", "60 business minutes"),
        # Tuesday, 06:00 there: Monday's shift is over.
        ("2026-06-02T03:00", "2026-06-02T03:00", "0 business days"),
        ("2026-06-04T03:00", "2026-06-02T03:00", "1 business day"),
        # Thursday's shift, of the 4th, is the last of the week; Sunday's begins on the 7th.
        ("2026-06-05T03:00", "2026-06-04T20:00", "7 business hours"),
        ("2026-06-07T20:00", "2026-06-04T20:00", "8 business hours"),
        ("2026-06-08T03:00", "2026-06-04T20:00", "1 business day"),
        # From the 26th to the 31st of May, Friday and Saturday aside, are holidays.
        ("2026-05-26T03:00", "2026-05-24T12:00", "1 business day"),
        ("2026-06-02T03:00", "2026-05-25T20:00", "1 business day"),
        # A holiday frees from the shift that begins on it, and from no other: on the 26th, 05:00 there, people work.
        ("2026-05-26T02:30", "2026-05-26T02:00", "30 business minutes"),
        ("2026-06-08T03:00", "2026-06-06T20:59", "1 business day"),  # Saturday 23:59, when nobody works
        ("2026-06-09T03:00", "2026-06-06T21:01", "1 business day"),  # Sunday 00:01, of a night on which nobody works
    ],
)
def test_a_shift_past_midnight_belongs_to_the_day_on_which_it_begins(expected: str, start: str, within: str) -> None:
    length = parse_duration(within)
    assert length is not None
    assert moment(expected) == due(RIYADH, moment(start), length)


def test_a_closed_day_frees_from_the_shift_that_begins_on_it() -> None:
    calendar = Calendar("Asia/Riyadh", hours=dict.fromkeys(range(7), NIGHT), closed=frozenset({date(2026, 6, 2)}))
    ends = [
        due(calendar, moment("2026-06-01T23:00"), Duration(amount, "business hours")) for amount in (4, 5, 12)
    ]
    assert [moment("2026-06-02T03:00"), moment("2026-06-03T20:00"), moment("2026-06-04T03:00")] == ends


@pytest.mark.parametrize(
    ("expected", "start", "amount"),
    [
        ("2026-03-29T03:00", "2026-03-28T20:00", 7),  # the clock jumps from 03:00 to 04:00: the night has 7 hours
        ("2026-10-25T04:00", "2026-10-24T19:00", 9),  # the hour from 03:00 to 04:00 comes twice: the night has 9
    ],
)
def test_a_night_is_as_long_as_the_clock_lets_it_be(expected: str, start: str, amount: int) -> None:
    assert moment(expected) == due(HELSINKI_NIGHTS, moment(start), Duration(amount, "business hours"))


def test_hours_may_be_a_whole_day() -> None:
    calendar = Calendar("Europe/Helsinki", hours=dict.fromkeys(range(5), ((time(), time()),)))
    ends = [due(calendar, moment("2026-06-05T12:00"), Duration(amount, "business hours")) for amount in (9, 10)]
    assert [moment("2026-06-05T21:00"), moment("2026-06-07T22:00")] == ends


@pytest.mark.parametrize(
    ("expected", "end", "before"),
    [
        ("2026-01-05T07:00", "2026-01-05T15:00", "8 business hours"),
        ("2026-01-05T15:00", "2026-01-07T06:59", "0 business hours"),  # Epiphany lies between
        ("2026-01-05T14:15", "2026-01-07T08:00", "105 business minutes"),
        ("2026-01-05T07:00", "2026-01-07T15:00", "1 business day"),
        ("2026-01-02T07:00", "2026-01-07T15:00", "2 business days"),
        ("2026-01-07T07:00", "2026-01-07T15:00", "0 business days"),
        ("2026-01-05T07:00", "2026-01-06T15:00", "0 business days"),
        ("2026-01-06T15:00", "2026-01-07T15:00", "1 day"),
        ("2025-12-07T15:00", "2026-01-07T15:00", "1 month"),
        ("2026-02-28T15:00", "2026-03-31T14:00", "1 month"),
        ("2025-12-01T00:00", "2026-01-07T15:00", "2 months"),
        ("2025-12-01T00:00", "2026-01-07T15:00", "99999 weeks"),
        ("2025-12-01T00:00", "2026-01-07T15:00", "200 business hours"),
        ("2025-12-01T00:00", "2026-01-07T15:00", "30 business days"),
    ],
)
def test_a_reminder_is_counted_backwards_and_not_before_the_time_began(expected: str, end: str, before: str) -> None:
    length = parse_duration(before)
    assert length is not None
    assert moment(expected) == reminder(HELSINKI, moment("2025-12-01T00:00"), moment(end), length)


@pytest.mark.parametrize(
    ("expected", "end", "before"),
    [
        ("2026-06-01T19:00", "2026-06-03T03:00", "1 business day"),  # the end of Tuesday's shift
        ("2026-06-02T02:00", "2026-06-02T20:00", "2 business hours"),
        ("2026-06-01T19:00", "2026-06-02T03:00", "0 business days"),
    ],
)
def test_a_reminder_of_the_end_of_a_night_counts_from_the_day_on_which_the_night_began(
    expected: str, end: str, before: str
) -> None:
    length = parse_duration(before)
    assert length is not None
    assert moment(expected) == reminder(RIYADH, moment("2026-05-01T00:00"), moment(end), length)


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


UNKNOWN = "this machine does not know the holidays of {}, which the process names; update the Python package `holidays`"


@pytest.mark.parametrize(
    ("expected", "calendar", "start", "within"),
    [
        ("the holidays of FI in 2101 are not known; update the package `holidays`", HELSINKI, 2101, "1 business day"),
        (UNKNOWN.format("XX"), Calendar("UTC", "XX"), 2026, "1 business day"),
        (UNKNOWN.format("nowhere, FI"), Calendar("UTC", "FI", "nowhere"), 2026, "1 business hour"),
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


@pytest.mark.parametrize("unit", ["minutes", "hours", "weeks", "months", "years", "business minutes", "business hours"])
def test_a_duration_beyond_any_clock_is_a_calendar_unknown_too(unit: Unit) -> None:
    with pytest.raises(CalendarUnknown, match="later than the year 9999"):
        due(Calendar(), moment("2026-06-02T12:00"), Duration(10**15, unit))


@pytest.mark.parametrize("unit", ["business days", "business minutes", "months", "years"])
def test_business_time_months_and_years_have_no_fixed_length(unit: Unit) -> None:
    with pytest.raises(ValueError, match="no fixed length"):
        elapsed(Duration(1, unit))
