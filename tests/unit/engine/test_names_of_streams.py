"""Events name deals by their streams; whoever follows them is told which deal that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from procdef import UnknownDeal

if TYPE_CHECKING:
    from conftest import Desk


def test_a_stream_has_the_name_of_its_deal_until_that_is_erased(desk: Desk) -> None:
    desk.offered()
    stream = desk.engine.deal("D").stream
    assert desk.engine.key_of(stream) == "D"
    assert {desk.engine.key_of(item.event.stream) for item in desk.engine.feed()} == {"D", None}
    desk.engine.erase("D", basis="request", by=desk.manager)
    assert desk.engine.key_of(stream) is None


@pytest.mark.parametrize("stream", ["system", "definition:small"])
def test_a_stream_that_is_no_deals_has_none(desk: Desk, stream: str) -> None:
    assert desk.engine.key_of(stream) is None


@pytest.mark.parametrize("stream", ["D", "deal:01a20ba6-4458-7941-8ef0-51d696fbf64e", "", "deal:D", "definition:"])
def test_what_is_no_stream_is_told(desk: Desk, stream: str) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead")
    with pytest.raises(UnknownDeal) as told:
        desk.engine.key_of(stream)
    assert told.value.subject == stream
