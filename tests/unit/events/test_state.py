"""What is stored of a deal is canonical JSON of its fields, without those that are empty, and reads back as the deal."""

from __future__ import annotations

import pytest

from procdef.deal import Deal, Waiver, from_state
from procdef.log.canonical import canonical_bytes, parsed

TIME = "2026-03-02T08:00:00.000000Z"
BARE = Deal(
    stream="deal:1", process="sales", version=1, definition="ab" * 32, stage="lead", owner="maija", path=("lead",),
    started=TIME, entered=TIME, n=1, head="cd" * 32, at=TIME, latest=TIME, active=TIME,
)  # fmt: skip
FULL = BARE._replace(
    key='Ääkkönen "Oy" \\ Ltd',
    mode="lost",
    path=("lead", "offer"),
    values={"price": "100", "lines": [{"units": 2, "article": "Ä1"}], "urgent": True, "empty": "", "none": 0},
    standing={"offer.send": ("maija", "pekka"), "lead.call": ("maija",)},
    rejected={"offer.approve": "jaana"},
    changed_by={"price": "maija", "lines": "pekka"},
    former={"liisa": ("lines", "price"), "matti": ()},
    waivers=(Waiver("offer.fair", 4, ("price",)),),
    erased=("contact", "email"),
    due=TIME,
    lost=TIME,
    reason="no_budget",
    origin="deal:2",
)


@pytest.mark.parametrize("deal", [BARE, FULL, FULL._replace(visit=0, key="", offered=TIME, won=TIME, finished=TIME)])
def test_the_state_of_a_deal_is_canonical_json_of_what_is_not_empty(deal: Deal) -> None:
    told = {name: value for name, value in deal._asdict().items() if value or value in (0, "")}
    assert canonical_bytes(parsed(bytes(deal))) == bytes(deal)
    assert parsed(bytes(deal)) == listed(told)
    assert from_state(bytes(deal)) == deal


def listed(value: object) -> object:
    """The value as JSON has it, which has no tuples."""
    if isinstance(value, dict):
        return {key: listed(inner) for key, inner in value.items()}
    return [listed(inner) for inner in value] if isinstance(value, list | tuple) else value
