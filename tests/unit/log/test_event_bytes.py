"""An event is put together from parts; its bytes are the canonical JSON of the whole all the same."""

from __future__ import annotations

import json
import re
from itertools import combinations

import pytest

from procdef.log.canonical import canonical_bytes, encoded
from procdef.log.event import Entry, Envelope, uuids, write

AWKWARD = 'quote " backslash \\ line\n tab\t null\x00 line separator\u2028 Ääni 😀 ﬁ'
PERSON = encoded({"id": AWKWARD, "auth": "app", "roles": ["seller", "äijä"], "from": "directory"})
OPTIONAL = {
    "happened": "2026-01-05T08:00:00.000000Z",
    "behalf": PERSON,
    "definition": encoded({"id": "small", "version": 2, "lang": 1, "sha256": "ab" * 32}),
}
SUBSETS = [dict(part) for size in range(4) for part in combinations(OPTIONAL.items(), size)]
ENTRIES = [
    Entry("deal.noted", {"text": AWKWARD, "kind": "call"}),
    Entry("deal.noted", {"text": AWKWARD, "kind": "call"}, ("/text",)),
    Entry("deal.started", {"values": {"b": [{"y": "1", "x": AWKWARD}], "a": True}, "key": "K"}, ("/values/b/0/x", "/key")),
    Entry('x-"odd"', {}),
]  # fmt: skip


@pytest.mark.parametrize("given", SUBSETS, ids=lambda given: "+".join(given) or "none")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.type}{len(entry.private)}")
def test_the_bytes_of_an_event_are_canonical(entry: Entry, given: dict[str, str]) -> None:
    envelope = Envelope("log-uuid", "2026-01-05T08:00:00.000001Z", PERSON, "api", "command-uuid", 2, **given)
    written = write(entry, envelope, 'definition:"ä"', 7, "", 2, "event-uuid")
    event = json.loads(written.body)
    assert canonical_bytes(event) == written.body
    assert event["by"] == json.loads(PERSON)
    assert event["cmd"] == {"id": "command-uuid", "i": 2, "of": 2}
    assert (event["stream"], event["n"], event["prev"], event["type"]) == ('definition:"ä"', 7, "0" * 64, entry.type)
    assert {"for": PERSON if "behalf" in given else None, "definition": given.get("definition")} == {
        key: encoded(event[key]) if key in event else None for key in ("for", "definition")
    }
    assert sorted(entry.private) == sorted(event.get("private", {})) == sorted(path for path, _, _ in written.openings)


def test_fresh_ids_are_uuids_of_version_7_and_differ() -> None:
    ids = uuids(500)
    assert len(set(ids)) == 500
    form = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert [name for name in ids if not form.fullmatch(name)] == []
