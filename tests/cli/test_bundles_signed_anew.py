"""A bundle made anew with the log's own key: hashes, proofs and signature hold, and what events say is judged too."""

from __future__ import annotations

import json
import zipfile
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from procdef.audit.bundle import verify_bundle
from procdef.log.chain import FIRST, event_hash
from procdef.log.merkle import Frontier, frontier_at, inclusion
from procdef.log.signed_note import Signer, signed

Procdef = Callable[..., tuple[int, str, str]]
Members = dict[str, bytes]
Edit = Callable[[Any], object]


@pytest.fixture
def members(office: Procdef, monkeypatch: pytest.MonkeyPatch) -> Members:
    """A deal with commands of one and of two events, personal values and an erasure, all under a checkpoint."""
    for name in ("PROCDEF_KEY", "PROCDEF_KEY_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    for command in (
        ("audit", "key", "new", "log.key"),
        ("note", "A-1", "Pekka wants it in May"),
        ("do", "A-1", "research", "company=Acme", "email=a@b.example", "size=big"),
        ("erase", "A-1", "--field", "email", "--basis", "art-17"),
        ("audit", "checkpoint", "--key", "log.key"),
        ("audit", "proof", "A-1", "-o", "a.zip", "--with-personal"),
    ):
        code, _, complaint = office(*command)
        assert code == 0, complaint
    with zipfile.ZipFile("a.zip") as file:
        return {name: file.read(name) for name in file.namelist()}


def anew(members: Members, name: str, edit: Edit) -> list[str]:
    """What is wrong with the bundle once an event was edited, and all that follows from its events was made and signed anew."""
    made, about = dict(members), json.loads(members["bundle.json"])
    value = json.loads(made[name])
    edit(value)
    made[name] = verify_bundle.canonical(value)
    prev, leaves = FIRST, [bytes([place]) * 32 for place in range(about["size"])]
    for row in about["events"]:
        name = f"events/{row['n']:06}.json"
        made[name] = verify_bundle.canonical({**json.loads(made[name]), "prev": prev})
        prev = event_hash(made[name])
    rows = [(f"{folder}/{row['n']:06}.json", row) for folder in ("events", "keys") for row in about[folder]]
    for name, row in rows:
        leaves[row["index"]] = bytes.fromhex(event_hash(made[name]))
    for _, row in rows:
        row["path"] = [b64encode(each).decode() for each in inclusion(row["index"], about["size"], perfect(leaves))]
    about["root"] = b64encode(frontier_at(about["size"], perfect(leaves)).root).decode()
    made["bundle.json"] = verify_bundle.canonical(about)
    signer = Signer.parse(Path("log.key").read_text("utf-8").strip())
    made["checkpoint.note"] = str(signed(f"{signer.name}\n{about['size']}\n{about['root']}\n", signer)).encode()
    sums = (f"{sha256(made[name]).hexdigest()}  {name}\n" for name in sorted(made) if name != "SHA256SUMS")
    return verify_bundle.verify({**made, "SHA256SUMS": "".join(sums).encode()}).wrong


def perfect(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    def root(level: int, index: int) -> bytes:
        tree = Frontier()
        for leaf in leaves[index << level : (index + 1) << level]:
            tree.add(leaf)
        return tree.root

    return root


ENVELOPE: dict[str, Edit] = {
    "v that only equals one": lambda e: e.update(v=True),
    "a later v": lambda e: e.update(v=2),
    "nobody": lambda e: e.pop("by"),
    "no person": lambda e: e.update(by="maija"),
    "no time": lambda e: e.pop("at"),
    "another auth": lambda e: e["by"].update(auth="root"),
    "another door": lambda e: e.update(via="smtp"),
    "an id of version 4": lambda e: e.update(id="00000000-0000-4000-8000-000000000000"),
    "a time of no calendar": lambda e: e.update(at="2099-02-30T00:00:00.000000Z"),
    "something that happened later": lambda e: e.update(happened="2099-01-01T00:00:00.000000Z"),
    "roles out of order": lambda e: e["by"].update(roles=["b", "a"]),
    "a role twice": lambda e: e["by"].update(roles=["a", "a"]),
    "no roles": lambda e: e["by"].update(roles=[]),
    "a role that is none": lambda e: e["by"].update(roles=["a\nb"]),
    "a control character": lambda e: e["by"].update(id="a\x9bb"),
    "roles from nowhere": lambda e: e["by"].update({"from": 1}),
    "ext of another kind": lambda e: e.update(ext=[]),
    "an unknown key": lambda e: e.update(mood="x"),
    "an unknown key of a person": lambda e: e["by"].update(mood="x"),
    "an unknown key of the data": lambda e: e["data"].update(mood="x"),
    "an unknown type": lambda e: e.update(type="deal.frozen"),
    "a type of another stream": lambda e: e.update(type="log.created", data={"software": "x"}),
    "a command of more": lambda e: e["cmd"].update(of=2),
    "a place in no command": lambda e: e["cmd"].update(i=True),
    "data of another kind": lambda e: e.update(data=[]),
    "a value set apart at an unknown key": lambda e: e.setdefault("private", {}).update({"/mood": "0" * 64}),
}
LATER = ("a later v", "an unknown key", "an unknown key of a person", "an unknown key of the data", "an unknown type")
START, NOTE, RECORDED, COMPLETED, ERASED = (f"events/{n:06}.json" for n in (1, 2, 3, 4, 5))
DEAL: dict[str, tuple[str, Edit]] = {
    "no start": ("events/000001.json", lambda e: e.update(type="x-other", data={})),
    "another start": (NOTE, lambda e: e.update(type="deal.started", data={}, private={})),
    "no definition": (NOTE, lambda e: e.pop("definition")),
    "another version": (NOTE, lambda e: e["definition"].update(version=9)),
    "a version that only equals one": (NOTE, lambda e: e["definition"].update(version=True)),
    "another id": (ERASED, lambda e: e["definition"].update(id="other")),
    "a later language": (NOTE, lambda e: e["definition"].update(lang=2)),
    "a value beside its pointer": (RECORDED, lambda e: e["data"]["values"].update(email="a@b.example")),
    "a note in the clear": (NOTE, lambda e: e["data"].update(text="x")),
    "a reason in the clear": (COMPLETED, lambda e: e["data"].update(note="x")),
    "evidence in the clear": (COMPLETED, lambda e: e["data"].update(evidence={"kind": "note", "text": "x"})),
    "what is not personal set apart": (NOTE, lambda e: e["private"].update({"/kind": "0" * 64})),
    "a note within a command": (RECORDED, lambda e: e.update(type="deal.noted", data={})),
    "an assignment within a command": (COMPLETED, lambda e: e.update(type="deal.assigned", data={"to": "x"})),
    "the end before the beginning": (COMPLETED, lambda e: e.update(type="deal.recorded", data={})),
    "an erasure of another stream": (ERASED, lambda e: e["data"]["leaves"].append(["system", 1, "/key"])),
    "an erasure of what comes later": (ERASED, lambda e: e["data"]["leaves"].append([e["stream"], 9, "/key"])),
    "an erasure of nothing": (ERASED, lambda e: e["data"]["leaves"].append([e["stream"], 1, "/x"])),
    "an erasure that is none": (ERASED, lambda e: e["data"].update(leaves=[1])),
}


def test_what_the_events_say_is_judged_too(members: Members) -> None:
    assert [json.loads(members[name])["type"] for name in (NOTE, RECORDED, COMPLETED, ERASED)] == [
        "deal.noted", "deal.recorded", "action.completed", "privacy.erased",
    ]  # fmt: skip
    for name in (NOTE, "keys/000002.json"):
        assert anew(members, name, lambda event: None) == []
        for what, edit in ENVELOPE.items():
            wrong = anew(members, name, edit)
            assert wrong, (name, what)
            assert what not in LATER or any("of a later procdef" in each for each in wrong), (name, what)
    for what, (name, edit) in DEAL.items():
        assert anew(members, name, edit), what


def test_others_additions_are_passed_over(members: Members) -> None:
    assert anew(members, NOTE, lambda event: event.update(ext={"mood": [1]})) == []
    without = {name: body for name, body in members.items() if name != "openings.json"}
    without["bundle.json"] = verify_bundle.canonical({**json.loads(members["bundle.json"]), "personal": False})
    assert anew(without, NOTE, lambda event: (event.update(type="x-mood", data={"a": 1}), event.pop("private"))) == []


def test_a_first_key_has_no_old_one(members: Members) -> None:
    for data in ({"old": ""}, {"old": None}, {"old": "x"}):
        assert anew(members, "keys/000002.json", partial(_told, data)), data
    assert anew(members, "keys/000002.json", lambda event: event["cmd"].update(of=2))


def _told(data: dict[str, Any], event: Any) -> None:
    event["data"].update(data)


def test_what_is_not_checked_is_said(members: Members) -> None:
    out = "\n".join(verify_bundle.told(verify_bundle.verify(members)))
    assert "definitions (their SHA-256)" in out
    assert "not checked: what the definition says" in out


def timer(kind: str, **more: Any) -> Edit:
    """A timer in the place of an event."""

    def edit(event: Any) -> None:
        event.pop("private", None)
        due = event["at"] if kind != "timer.reminded" else "2126-01-01T00:00:00.000000Z"
        event.update({"type": kind, "via": "worker", "data": {"of": "lead", "due": due, **more}})

    return edit


def test_what_timers_tell_is_judged_as_far_as_no_definition_is_needed(members: Members) -> None:
    without = {name: body for name, body in members.items() if name != "openings.json"}
    without["bundle.json"] = verify_bundle.canonical({**json.loads(members["bundle.json"]), "personal": False})
    reminder, overdue = timer("timer.reminded", before="1 day"), timer("timer.overdue")

    def due(moment: str) -> Members:
        """The deal, with another due time of its stage."""
        start = json.loads(without[START])
        start["data"]["due"] = moment
        return {**without, START: verify_bundle.canonical(start)}

    assert anew(due("2126-01-01T00:00:00.000000Z"), NOTE, reminder) == []
    assert anew(due(json.loads(without[NOTE])["at"]), NOTE, overdue) == []
    unknown = "no event before tells that this is due then"
    assert any(unknown in each for each in anew(due("2126-01-01T00:00:00.000001Z"), NOTE, reminder))
    assert any(unknown in each for each in anew(without, NOTE, overdue))
    early, late = "2020-01-01T00:00:00.000000Z", "2126-01-01T00:00:00.000000Z"
    for edit in (
        timer("timer.overdue", due=late),
        timer("timer.escalated", due=late, to=["manager"]),
        timer("timer.reminded", due=early, before="1 day"),
        lambda event: (overdue(event), event.update(via="cli")),
    ):
        assert any("told by no worker, or not at its time" in each for each in anew(without, NOTE, edit))
    told = json.loads(without[NOTE])
    reminder(told)
    twice = {**without, NOTE: verify_bundle.canonical(told)}
    assert any("a timer told this before" in each for each in anew(twice, ERASED, reminder))
