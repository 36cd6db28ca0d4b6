"""Business time is counted in the hours of the calendar: what `between` finds is what `after` was given."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from procdef.calendar import Calendar
from procdef.simulation.assumptions.model import Span
from procdef.simulation.assumptions.working_clock import WorkingClock

HELSINKI = Calendar("Europe/Helsinki", "FI")
NIGHTS = Calendar("Europe/Helsinki", None, None, {day: ((time(22), time(6)),) for day in (6, 0, 1, 2, 3)})
CLOCKS = [WorkingClock(HELSINKI), WorkingClock(NIGHTS)]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))


def test_it_goes_on_after_the_weekend_and_holidays() -> None:
    friday = datetime(2026, 4, 2, 13, 30, tzinfo=UTC)  # the Thursday before Easter, 16:30 in Helsinki
    assert CLOCKS[0].after(friday, Span(3600, True)) == datetime(2026, 4, 7, 6, 30, tzinfo=UTC)
    assert CLOCKS[0].after(friday, Span(1800, True)) == datetime(2026, 4, 2, 14, tzinfo=UTC)
    assert CLOCKS[0].after(friday, Span(3600)) == friday + timedelta(hours=1)
    assert CLOCKS[0].day == CLOCKS[1].day == 8 * 3600


@given(st.sampled_from(CLOCKS), MOMENTS, st.floats(1, 4_000_000))
def test_what_lies_between_is_what_was_counted(clock: WorkingClock, start: datetime, seconds: float) -> None:
    end = clock.after(start, Span(seconds, True))
    assert abs(clock.between(start, end) - seconds) < 0.01
    assert clock.between(start, end - timedelta(seconds=1)) < seconds
