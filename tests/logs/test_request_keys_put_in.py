"""A request key put in before somebody sends it keeps no step from being written that the event beside it cannot be of."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from story import SELLER

from procdef import Engine, LogBroken, open_store
from procdef.log.canonical import encode


@pytest.mark.parametrize("kind", ["step.refused", "stage.advanced", "action.completed", "deal.recorded"])
def test_a_key_kept_with_another_step_is_told_and_not_answered(kind: str, file: Path, log: sqlite3.Connection) -> None:
    place = "SELECT event.stream, event.n FROM event JOIN deal USING (stream) WHERE event.type = ? AND deal.key = 'C'"
    found = log.execute(place, (kind,)).fetchone() or log.execute(place.replace("= 'C'", "LIKE 'Anna%'"), (kind,)).fetchone()
    stream, n = found
    given = encode({"do": "note", "person": SELLER.id, "arguments": {"note": "Hello"}})
    row = (stream, "to-come", bytes(32), sha256(bytes(32) + given).digest(), n, n)
    log.execute("INSERT INTO request VALUES (?, ?, ?, ?, ?, ?)", row)
    log.commit()
    expected = f"kept with event {n}, which is of another step"
    with closing(open_store(f"sqlite:///{file}")) as store, pytest.raises(LogBroken, match=expected):
        Engine(store).note(stream, "Hello", by=SELLER, request="to-come")
