"""``judged``: outcomes worked out again from the facts, on the story that has every type of event."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import pytest
from story import tell

from procdef.audit.reevaluated import Judged, judged
from procdef.log.chain import event_hash
from procdef.store import MemoryStore
from procdef.store.port import Tx
from procdef.store.queries import Events, Query
from procdef.store.rows import EventRow


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    told = MemoryStore()
    tell(told)
    return told


class Altered:
    """The log with other outcomes in its facts."""

    def __init__(self, tx: Tx, outcome: str) -> None:
        self._tx, self._outcome = tx, outcome

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def scan(self, query: Query[Any]) -> Iterator[Any]:
        for row in self._tx.scan(query):
            yield self._other(row) if isinstance(query, Events) else row

    def _other(self, row: EventRow) -> EventRow:
        event = json.loads(row.body)
        facts = event["data"].get("facts", {})
        for name in facts.get("criteria", {}):
            facts["criteria"][name] = self._outcome
        body = json.dumps(event).encode()
        return row._replace(body=body, hash=event_hash(body))


def again(tx: Tx) -> tuple[list[Judged], Counter[str]]:
    counts: Counter[str] = Counter()
    return list(judged(tx, (), counts)), counts


def test_honest_facts_come_out_the_same(store: MemoryStore) -> None:
    with store.transaction(write=False) as tx:
        rows, counts = again(tx)
    assert [row for row in rows if row.verdict == "differs"] == []
    assert counts["agrees"] > 50
    assert {row.kind for row in rows} <= {"criterion", "way", "action"}


def test_what_reads_personal_values_is_not_judged(store: MemoryStore) -> None:
    with store.transaction(write=False) as tx:
        rows, _ = again(tx)
    (rule,) = {(row.rule, row.why) for row in rows if row.rule.endswith(".reachable")}
    assert rule[1] == "reads email"
    assert {(row.verdict, row.again) for row in rows} == {("not judged", None)}


@pytest.mark.parametrize("outcome", ["met", "unmet", "waived"])
def test_another_outcome_is_told(outcome: str, store: MemoryStore) -> None:
    with store.transaction(write=False) as tx:
        rows, counts = again(cast(Tx, Altered(tx, outcome)))
    other = [row for row in rows if row.verdict == "differs"]
    assert len(other) == counts["differs"] > 0
    assert {row.stored for row in other} == {outcome}
    assert all(row.again != outcome and row.place and row.text for row in other)
