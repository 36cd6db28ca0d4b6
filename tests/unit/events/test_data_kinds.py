"""What kinds of values the data of events hold."""

from __future__ import annotations

from typing import Any

import pytest

from procdef.events.data_check import FORMS, misshapen
from procdef.events.known_keys import DATA

STREAM = "deal:01a21570-adfa-7496-8223-e379c4d13d5f"
EXPORTED: dict[str, Any] = {"what": "proof", "filter": {"with_personal": False}, "rows": 0, "sha256": "ab" * 32}


@pytest.mark.parametrize("kind", DATA)
def test_every_key_of_the_format_has_its_kind(kind: str) -> None:
    assert FORMS[kind].fits.keys() == DATA[kind].keys
    assert set(FORMS[kind].needed) <= DATA[kind].keys


def test_others_types_and_unknown_keys_are_passed_over() -> None:
    assert misshapen("x-mine", {"to": 5}) is None
    assert misshapen("deal.won", {"stage": "x", "later": 5}) is None


def test_what_is_sealed_may_be_gone() -> None:
    assert misshapen("deal.won", {}) == "stage"
    assert misshapen("deal.won", {}, {"/stage": "0" * 64}) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("what", ""), ("what", 5), ("filter", None), ("filter", {}), ("filter", {"with_personal": 1}), ("rows", True),
        ("filter", {"with_personal": True, "from": "2026"}), ("filter", {"with_personal": True, "to": 5}),
        ("filter", {"with_personal": True, "deals": []}), ("filter", {"with_personal": True, "deals": ["system"]}),
        ("filter", {"with_personal": True, "deals": [5]}), ("rows", -1), ("rows", "1"), ("sha256", "x"), ("sha256", 5),
    ],
)  # fmt: skip
def test_an_export_of_another_shape(key: str, value: Any) -> None:
    assert misshapen("log.exported", {**EXPORTED, key: value}) == key


@pytest.mark.parametrize(
    "scope",
    [{}, {"deals": [STREAM]}, {"from": "2026-01-01T00:00:00.000000Z", "to": "2026-02-01T00:00:00.000000Z"}],
)
def test_an_export(scope: dict[str, Any]) -> None:
    assert misshapen("log.exported", {**EXPORTED, "filter": {"with_personal": True, **scope}}) is None


@pytest.mark.parametrize("events", [None, 5, "x", [], [[]], [["system"]], [["system", True]], [["system", 0]], [[5, 1]], {}])
def test_a_purge_of_another_shape(events: Any) -> None:
    assert misshapen("privacy.purged", {"events": events}) == "events"


@pytest.mark.parametrize("leaves", [None, 5, [], [[]], [[STREAM, 1]], [[STREAM, True, "/key"]], [[STREAM, 1, 5]], [[5, 1, ""]]])
def test_an_erasure_of_another_shape(leaves: Any) -> None:
    assert misshapen("privacy.erased", {"basis": "asked", "leaves": leaves}) == "leaves"
    assert misshapen("privacy.purged", {"events": [[STREAM, 1]]}) is None
