"""Times in the log are UTC with six digits, whatever clock they come from; one without an offset is no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from procdef import InvalidArgument
from procdef.log.event import instant, timestamp

EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("expected", "moment"),
    [
        ("2026-03-02T08:00:00.000000Z", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-03-02T08:00:00.000001Z", datetime(2026, 3, 2, 10, 0, 0, 1, tzinfo=EAST)),
        ("0999-12-31T22:00:00.500000Z", datetime(1000, 1, 1, 0, 0, 0, 500_000, tzinfo=EAST)),
    ],
)
def test_a_time_is_written_in_utc_with_six_digits(expected: str, moment: datetime) -> None:
    assert timestamp(moment) == expected
    assert instant(expected) == moment


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="has no offset"):
        timestamp(datetime(2026, 3, 2, 8))
