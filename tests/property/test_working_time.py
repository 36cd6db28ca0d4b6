"""Working time between two moments against due times: what is due after so much working time lies so much of it away."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_calendar_oracle import MINUTE, situations, watch

from procdef.calendar import Calendar, Duration, due
from procdef.reports.working_time import WorkingTime

THOROUGH = settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=list(HealthCheck))


@THOROUGH
@given(situation=situations(), minutes=st.integers(1, 20_000), late=st.integers(0, 59_999_999))
def test_what_is_due_after_so_many_working_minutes_is_so_many_away(
    situation: tuple[Calendar, datetime, int], minutes: int, late: int
) -> None:
    calendar, start, _ = situation
    start += timedelta(microseconds=late)
    end = due(calendar, start, Duration(minutes, "business minutes"))
    found = WorkingTime(calendar).between(start.timestamp(), end.timestamp())
    assert found is not None
    assert abs(found - 60 * minutes) < 0.001


@THOROUGH
@given(situation=situations(), length=st.integers(0, 3 * 24 * 60))
def test_as_many_minutes_are_worked_as_a_watch_sees(situation: tuple[Calendar, datetime, int], length: int) -> None:
    calendar, start, _ = situation
    end = start + length * MINUTE
    seen = sum(1 for _ in takewhile(lambda minute: minute[0] < end, watch(calendar, start)))
    assert WorkingTime(calendar).between(start.timestamp(), end.timestamp()) == 60 * seen


@THOROUGH
@given(situation=situations(), days=st.lists(st.integers(-4000, 4000), min_size=3, max_size=6))
def test_one_table_answers_in_any_order_what_a_fresh_one_answers(
    situation: tuple[Calendar, datetime, int], days: list[int]
) -> None:
    calendar, start, _ = situation
    moments = sorted((start + timedelta(days=day)).timestamp() for day in days)
    kept = WorkingTime(calendar)
    pairs = [(one, other) for one in moments for other in moments if one <= other]
    assert [kept.between(*pair) for pair in pairs] == [WorkingTime(calendar).between(*pair) for pair in pairs]
