"""How long the durations are that random processes use."""

from __future__ import annotations

from datetime import timedelta

SPANS = {
    "2 days": timedelta(days=2),
    "36 hours": timedelta(hours=36),
    "2160 minutes": timedelta(hours=36),
    "5 hours": timedelta(hours=5),
    "2 minutes": timedelta(minutes=2),
    "30 hours": timedelta(hours=30),
    "90 minutes": timedelta(minutes=90),
    "1 week": timedelta(weeks=1),
}
