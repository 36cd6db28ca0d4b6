"""A date in another notation is refused with the one that is meant."""

import pytest

from procdef.expression.given_values import BadValue, coerce
from procdef.expression.types import FieldType, Kind


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("15.12.2026", "must be a date with the year first: write 2026-12-15"),
        ("3.4.2026", "must be a date with the year first: write 2026-04-03"),
        ("15-12-2026", "must be a date with the year first: write 2026-12-15"),
        ("12/31/2026", "must be a date with the year first: write 2026-12-31"),
        ("3/4/2026", "must be a date with the year first: write 2026-04-03 or 2026-03-04"),
        ("32.1.2026", "must be a date, as 2026-01-31"),
        ("tomorrow", "must be a date, as 2026-01-31"),
    ],
)
def test_a_date_in_another_notation_is_refused_with_what_to_write(given: str, told: str) -> None:
    with pytest.raises(BadValue) as refused:
        coerce(FieldType(Kind.DATE), given)
    assert refused.value.message == told
