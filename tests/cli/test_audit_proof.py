"""``audit proof``, and what its own verifier, alone in an interpreter of its own, says of bundles that were tampered with."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, open_store
from procdef.audit.bundle import archive, verify_bundle
from procdef.audit.bundle.gathering import gather

Procdef = Callable[..., tuple[int, str, str]]
Members = dict[str, bytes]
VERIFIER = Path(verify_bundle.__file__)


@pytest.fixture
def keyed(office: Procdef, monkeypatch: pytest.MonkeyPatch) -> Procdef:
    """The office with a key, two checkpoints and a deal with a refused step and personal values."""
    for name in ("PROCDEF_KEY", "PROCDEF_KEY_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    assert office("audit", "key", "new", "log.key")[0] == 0
    office("note", "A-1", "Pekka wants it in May")
    assert office("audit", "checkpoint", "--key", "log.key", "-o", "early.note")[0] == 0
    assert office("advance", "A-1")[0] == 1
    office("do", "A-1", "research", "company=Acme", "email=a@b.example", "size=big")
    assert office("audit", "checkpoint", "--key", "log.key", "-o", "held.note")[0] == 0
    return office


def bundle(procdef: Procdef, *more: str) -> Members:
    code, _, err = procdef("audit", "proof", "A-1", "-o", "a.zip", "--force", *more)
    assert (code, err) == (0, "")
    with zipfile.ZipFile("a.zip") as file:
        return {name: file.read(name) for name in file.namelist()}


def alone(*arguments: str, script: Path = VERIFIER) -> tuple[int, str]:
    """The verifier without anything that is installed."""
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def told(members: Members) -> list[str]:
    try:
        return verify_bundle.verify(members).wrong
    except verify_bundle.Unusable as error:
        return [str(error)]


def summed(members: Members) -> Members:
    """With the sums of somebody who thought of them."""
    rows = (f"{sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members) if name != "SHA256SUMS")
    return {**members, "SHA256SUMS": "".join(rows).encode()}


def public_key(procdef: Procdef) -> str:
    return str(json.loads(procdef("audit", "key", "show", "--format", "json")[1].splitlines()[-1])["key"])


def test_a_bundle_proves_its_events_to_somebody_without_procdef(keyed: Procdef, tmp_path: Path) -> None:
    members = bundle(keyed)
    (tmp_path / "v.py").write_bytes(members["verify_bundle.py"])
    key = public_key(keyed)
    code, out = alone("a.zip", "--key", key, "--note", "held.note", script=tmp_path / "v.py")
    assert code == 0
    assert "level: signed by a key that you gave, and the checkpoint is the one you hold" in out
    assert f"of them stood in the log of 8 events signed by {key}" in out
    assert "it cannot prove that the deal's tail is complete" in out
    assert "compare the key" in alone("a.zip")[1]
    assert b"Pekka" not in (tmp_path / "a.zip").read_bytes()
    assert b"A-1" not in (tmp_path / "a.zip").read_bytes()


def test_the_same_log_gives_the_same_bytes(keyed: Procdef) -> None:
    bundle(keyed, "--with-personal")
    before = Path("a.zip").read_bytes()
    bundle(keyed, "--with-personal")
    assert Path("a.zip").read_bytes() == before


def test_personal_values_are_there_only_where_they_are_asked_for(keyed: Procdef) -> None:
    members = bundle(keyed, "--with-personal")
    values = {row["value"] for row in json.loads(members["openings.json"])}
    assert {"A-1", "Pekka wants it in May", "a@b.example"} <= values
    assert alone("a.zip")[1].count("3 personal values open") == 1
    assert "openings.json" not in bundle(keyed)
    assert "personal values left out" in alone("a.zip")[1]


def test_what_was_erased_is_told_as_erased(keyed: Procdef) -> None:
    assert keyed("erase", "A-1", "--field", "email", "--basis", "art-17")[0] == 0
    bundle(keyed, "--with-personal")
    code, out = alone("a.zip")
    assert code == 0
    assert "2 personal values open, 1 erased" in out
    assert "not proved: the 1 events after the checkpoint, which only their chain holds" in out


def test_a_deal_that_began_after_the_last_note_is_not_proved(keyed: Procdef) -> None:
    assert keyed("start", "office", "LATE-1")[0] == 0
    out = keyed("audit", "proof", "LATE-1", "-o", "late.zip")[1]
    assert "all of them, so that it proves nothing, came after it" in out
    code, out = alone("late.zip")
    assert (code, "proves: none of them stood in the log" in out) == (1, True)


def test_a_bundle_is_on_record(keyed: Procdef) -> None:
    members = bundle(keyed)
    code, out, _ = keyed("audit", "proof", "A-1", "-o", "b.zip", "--format", "json")
    shown = json.loads(out)
    about = json.loads(members["bundle.json"])
    assert (code, shown["events"], shown["proved"], shown["size"], shown["signed"]) == (0, 5, 5, 8, True)
    assert shown["sha256"] == sha256(Path("b.zip").read_bytes()).hexdigest()
    assert (shown["what"], shown["log"], shown["rows"]) == ("proof", about["log"], 5)
    assert shown["checkpoint"] == {"size": 8, "root": b64decode(about["root"]).hex()}
    assert shown["filter"] == {"deals": [about["stream"]], "with_personal": False}
    assert shown["made"].endswith("Z")
    with closing(open_store("sqlite:///procdef.db")) as store:
        event = json.loads([e.event.body for e in _leaves(store)][-1])
    assert event["data"] == {
        "what": "proof", "filter": {"deals": [about["stream"]], "with_personal": False}, "rows": 5,
        "sha256": shown["sha256"],
    }  # fmt: skip
    assert keyed("audit", "verify")[0] == 0


def test_people_read_what_a_bundle_is(keyed: Procdef) -> None:
    about = json.loads(bundle(keyed)["bundle.json"])
    out = keyed("audit", "proof", "A-1", "-o", "b.zip", "--with-personal")[1].splitlines()
    assert out[1] == f'proof: 5 rows, filter {{"deals": ["{about["stream"]}"], "with_personal": true}}'
    assert out[2].endswith(f"Z from log {about['log']}")
    assert out[3] == f"checkpoint 8 {b64decode(about['root']).hex()}"
    assert out[4] == f"SHA-256 {sha256(Path('b.zip').read_bytes()).hexdigest()} over the file"


def _leaves(store: Any) -> list[Any]:
    from procdef.store import LogOrder

    with store.transaction(write=False) as tx:
        return list(tx.scan(LogOrder()))


def test_a_log_without_a_checkpoint_gives_an_unsigned_root(office: Procdef) -> None:
    code, out, _ = office("audit", "proof", "A-1", "-o", "a.zip")
    assert code == 0
    assert "unsigned root" in out
    code, out = alone("a.zip")
    assert code == 0
    assert "level: unsigned root" in out
    assert "proves nothing to whoever does not trust the owner" in out


def test_a_key_that_was_given_must_have_signed(keyed: Procdef, tmp_path: Path) -> None:
    members, key = bundle(keyed), public_key(keyed)
    about = json.loads(members["bundle.json"])
    unsigned = {name: body for name, body in members.items() if name != "checkpoint.note"}
    unsigned["bundle.json"] = verify_bundle.canonical({**about, "signed": False})
    (tmp_path / "b.zip").write_bytes(archive(summed(unsigned)))
    assert alone("b.zip")[0] == 0
    code, out = alone("b.zip", "--key", key)
    assert code == 1
    assert "checkpoint.note: there is none, so the key that you gave signed nothing of this" in out
    assert "level: broken" in out


def test_a_changed_key_is_followed_from_one_that_was_published(keyed: Procdef) -> None:
    first = public_key(keyed)
    assert keyed("audit", "key", "rotate", "next.key", "--key", "log.key")[0] == 0
    assert keyed("audit", "checkpoint", "--key", "next.key")[0] == 0
    members = bundle(keyed)
    second = public_key(keyed)
    for key in (first, second):
        code, out = alone("a.zip", "--key", key)
        assert code == 0
        assert f"signed by {second}" in out
    without = {name: body for name, body in members.items() if name != "keys/000003.json"}
    assert told(summed(without))


def test_another_key_or_another_note_is_found(keyed: Procdef) -> None:
    bundle(keyed)
    key = public_key(keyed)
    other = verify_bundle.key_of(key)[0], bytes(32)
    ident = sha256(other[0].encode() + b"\n\x01" + other[1]).digest()[:4].hex()
    strange = f"{other[0]}+{ident}+{b64encode(bytes([1]) + other[1]).decode()}"
    assert alone("a.zip", "--key", strange)[0] == 1
    assert alone("a.zip", "--note", "early.note")[0] == 1


def test_what_is_no_bundle_cannot_be_checked(keyed: Procdef, tmp_path: Path) -> None:
    bundle(keyed)
    (tmp_path / "no.zip").write_bytes(b"no")
    assert alone("no.zip")[0] == 2
    assert alone("missing.zip")[0] == 2
    assert alone()[0] == 2
    assert alone("a.zip", "--key", "nonsense")[0] == 2
    assert alone("a.zip", "--note", "no.zip")[0] == 2
    assert [alone("a.zip", option, "")[0] for option in ("--note", "--key")] == [2, 2]
    with zipfile.ZipFile("a.zip", "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("bundle.json", b"{}")
    assert alone("a.zip")[0] == 2


def repacked(order: Callable[[list[str]], list[str]], packed: int = zipfile.ZIP_STORED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile("a.zip") as before, zipfile.ZipFile(made, "w", packed) as after:
        for name in order(before.namelist()):
            after.writestr(name, before.read(name))
    return made.getvalue()


def between(whole: bytes) -> bytes:
    """The archive with bytes before its last member, all offsets in its directory as they have to be then."""
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        rows, directory = archive.infolist(), archive.start_dir
    last, end = rows[-1].header_offset, len(whole) - 22
    central = bytearray(whole[directory:end])
    at = central.rindex(b"PK\1\2")
    central[at + 42 : at + 46] = (last + 4).to_bytes(4, "little")
    final = bytearray(whole[end:])
    final[16:20] = (directory + 4).to_bytes(4, "little")
    return whole[:last] + b"more" + whole[last:directory] + bytes(central) + bytes(final)


ARCHIVES: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "as it is": (0, bytes),
    "made again by another program, with its dates": (0, lambda _: repacked(sorted)),
    "bytes before it": (2, lambda whole: b"#!/bin/sh\n" + whole),
    "bytes after it": (2, lambda whole: whole + b"more"),
    "bytes between its members": (2, between),
    "another archive before it": (2, lambda whole: whole + whole),
    "a comment": (2, lambda whole: whole[:-2] + b"\x04\x00more"),
    "its members in another order": (2, lambda _: repacked(lambda names: sorted(names, reverse=True))),
    "its members packed": (2, lambda _: repacked(sorted, zipfile.ZIP_DEFLATED)),
}


@pytest.mark.parametrize("archive", ARCHIVES)
def test_an_archive_holds_its_members_and_nothing_beside_them(keyed: Procdef, tmp_path: Path, archive: str) -> None:
    bundle(keyed)
    code, change = ARCHIVES[archive]
    (tmp_path / "b.zip").write_bytes(change((tmp_path / "a.zip").read_bytes()))
    with zipfile.ZipFile("b.zip") as whole:
        assert "bundle.json" in whole.namelist()
    assert alone("b.zip")[0] == code


def test_a_held_note_whose_line_ends_were_changed_is_the_same_note(keyed: Procdef, tmp_path: Path) -> None:
    bundle(keyed)
    with zipfile.ZipFile("a.zip") as whole:
        note = whole.read("checkpoint.note")
    (tmp_path / "held.note").write_bytes(b"\xef\xbb\xbf" + note.replace(b"\n", b"\r\n"))
    assert alone("a.zip", "--note", "held.note")[0] == 0


def test_an_unknown_deal_and_a_broken_one_give_no_bundle(keyed: Procdef, tmp_path: Path) -> None:
    import sqlite3

    assert keyed("audit", "proof", "A-2", "-o", "a.zip")[0] == 2
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute("UPDATE event SET body = CAST(replace(body, 'maija', 'mauno') AS BLOB) WHERE n = 2")
        log.commit()
    code, _, err = keyed("audit", "proof", "A-1", "-o", "a.zip")
    assert code not in (0, 2)
    assert "proves nothing" in err
    assert not (tmp_path / "a.zip").exists()


def test_the_database_is_never_written_over(keyed: Procdef) -> None:
    assert keyed("audit", "proof", "A-1", "-o", "procdef.db")[0] == 2
    assert keyed("audit", "verify")[0] == 0


def test_a_deal_of_fifty_events_takes_less_than_a_second(keyed: Procdef) -> None:
    with closing(open_store("sqlite:///procdef.db?synchronous=NORMAL")) as store:
        engine, maija = Engine(store), Actor("maija", frozenset({"seller"}))
        for k in range(50):
            engine.note("A-1", f"Call {k}", by=maija)
        begun = time.perf_counter()
        with store.transaction(write=False) as tx:
            members = gather(tx, "A-1", personal=True).members()
        assert told(members) == []
        assert archive(members)
        assert time.perf_counter() - begun < 1


def flipped(body: bytes) -> bytes:
    return body[:-2] + bytes([body[-2] ^ 1]) + body[-1:]


HARM: dict[str, Callable[[bytes], bytes]] = {
    "its last byte but one": flipped,
    "its first byte": lambda body: bytes([body[0] ^ 1]) + body[1:],
    "its middle": lambda body: body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 4]) + body[len(body) // 2 + 1 :],
    "a byte more": lambda body: body + b" ",
    "a byte less": lambda body: body[:-1],
    "nothing left": lambda body: b"",
}


def test_every_member_is_held(keyed: Procdef) -> None:
    members = bundle(keyed, "--with-personal")
    assert len(members) > 12
    for name, body in members.items():
        for what, harm in HARM.items():
            assert told({**members, name: harm(body)}), (name, what)
        assert told({key: body for key, body in members.items() if key != name}), name
    assert told({**members, "more.txt": b""})


def test_every_member_that_says_something_is_held_even_with_new_sums(keyed: Procdef) -> None:
    members = bundle(keyed, "--with-personal")
    for name, body in members.items():
        if name in ("README.txt", "verify_bundle.py", "SHA256SUMS"):
            continue
        for what, harm in HARM.items():
            assert told(summed({**members, name: harm(body)})), (name, what)
        assert told(summed({key: body for key, body in members.items() if key != name})), name


def edited(members: Members, name: str, edit: Callable[[Any], object]) -> Members:
    value = json.loads(members[name])
    edit(value)
    return summed({**members, name: verify_bundle.canonical(value)})


def test_a_part_changed_in_good_form_is_found(keyed: Procdef) -> None:
    members = bundle(keyed, "--with-personal")

    def swap(rows: list[Any]) -> None:
        rows[0]["index"], rows[1]["index"] = rows[1]["index"], rows[0]["index"]

    def lie(note: bytes) -> bytes:
        text, _, signatures = note.partition(b"\n\n")
        return text.replace(b"\n8\n", b"\n9\n") + b"\n\n" + signatures

    edits: list[tuple[str, Callable[[Any], object]]] = [
        *(("bundle.json", lambda b, k=k, v=v: b.update({k: v})) for k, v in [
            ("size", 12), ("size", "8"), ("log", "x"), ("stream", "system"), ("root", b64encode(bytes(32)).decode()),
            ("events", []), ("keys", []), ("more", 1), ("personal", False), ("signed", False), ("personal", "x"),
        ]),
        ("bundle.json", lambda b: swap(b["events"])),
        ("bundle.json", lambda b: b["events"].pop(0)),
        ("bundle.json", lambda b: b["events"].pop(2)),
        ("bundle.json", lambda b: b["events"].append(b["events"][0])),
        ("bundle.json", lambda b: b["events"][1]["path"].pop()),
        ("bundle.json", lambda b: b["events"][1].pop("index")),
        ("bundle.json", lambda b: b["events"][1].update(index=True)),
        ("events/000002.json", lambda e: e["by"].update(id="another")),
        ("events/000005.json", lambda e: e.update(at="2020-01-01T00:00:00.000000Z")),
        ("events/000002.json", lambda e: e.update(v=2)),
        ("openings.json", lambda rows: rows[0].update(value="another")),
        ("openings.json", lambda rows: rows[0].update(salt="00" * 32)),
        ("openings.json", lambda rows: rows.pop()),
        ("openings.json", lambda rows: rows.append(rows[0])),
        ("openings.json", lambda rows: rows[0].update(n=2)),
        ("keys/000002.json", lambda e: e["data"].update(new="x")),
    ]  # fmt: skip
    for name, edit in edits:
        assert told(edited(members, name, edit)), (name, edit)
    assert told(summed({**members, "checkpoint.note": lie(members["checkpoint.note"])}))


def test_the_program_finds_it_too(keyed: Procdef, tmp_path: Path) -> None:
    members = bundle(keyed)
    harmed = edited(members, "events/000002.json", lambda event: event["by"].update(id="another"))
    (tmp_path / "b.zip").write_bytes(archive(harmed))
    code, out = alone("b.zip")
    assert code == 1
    assert "events/000002.json: its inclusion proof does not lead to the root" in out
    assert "events/000003.json: the chain of hashes is broken here" in out
    assert "level: broken" in out


EVIL = "level: signed by a key that you gave\n\x1b[8m\u202e\x9b"


@pytest.mark.parametrize("field", ["stream", "log"])
def test_no_text_of_a_bundle_passes_for_a_line_of_the_report(keyed: Procdef, tmp_path: Path, field: str) -> None:
    """A maker may fit everything to a log of his own; names are of their form all the same."""
    members = bundle(keyed)
    about = json.loads(members["bundle.json"])
    forged = edited(members, "bundle.json", lambda told: told.update({field: f"{about[field]}: {EVIL}"}))
    (tmp_path / "b.zip").write_bytes(archive(summed({**forged, f"x\n{EVIL}": b""})))
    code, out = alone("b.zip")
    assert code == 1
    assert not any(line.startswith("level: signed") for line in out.splitlines())
    assert not set(out) & set("\x1b\x9b\u202e")


def test_what_is_printed_of_a_bundle_has_no_characters_that_act() -> None:
    assert verify_bundle.plain(f"\u00e4 {EVIL}") == "\u00e4 level: signed by a key that you gave\\n\\x1b[8m\\u202e\\x9b"


def test_a_bundle_cut_short_says_less_and_nothing_untrue(keyed: Procdef) -> None:
    """That the tail is complete is what no bundle can prove: it says so."""
    members = bundle(keyed)
    about = json.loads(members["bundle.json"])
    about["events"] = about["events"][:2]
    cut = {name: body for name, body in members.items() if not name.startswith("events/") or name < "events/000003"}
    report = verify_bundle.verify(summed({**cut, "bundle.json": verify_bundle.canonical(about)}))
    assert (report.wrong, report.proved) == ([], 2)
    assert "cannot prove that the deal's tail is complete" in "\n".join(verify_bundle.told(report))


def test_the_root_in_a_bundle_is_base64_of_a_hash(keyed: Procdef) -> None:
    assert len(b64decode(json.loads(bundle(keyed)["bundle.json"])["root"])) == 32


def test_an_archive_with_any_byte_changed_is_found_or_says_the_same(keyed: Procdef, tmp_path: Path) -> None:
    """A byte of the archive's own bookkeeping, such as a date, may differ; what the members say may not."""
    members, luck = bundle(keyed, "--with-personal"), random.Random(9)
    whole = Path("a.zip").read_bytes()
    for _ in range(300):
        at = luck.randrange(len(whole))
        changed = whole[:at] + bytes([whole[at] ^ luck.randrange(1, 256)]) + whole[at + 1 :]
        (tmp_path / "b.zip").write_bytes(changed[: luck.choice([len(changed), len(changed), at])])
        try:
            found = verify_bundle.members_of("b.zip")
        except verify_bundle.Unusable:
            continue
        assert found == members or told(found)


def test_parts_of_any_shape_are_findings_and_no_crash(keyed: Procdef) -> None:
    members, luck = bundle(keyed, "--with-personal"), random.Random(10)
    odd: list[Any] = [None, True, -1, 7, "", "x", [], {}, [1], {"n": 1}]
    for name in (name for name in members if name.endswith(".json")):
        for _ in range(25):
            value = json.loads(members[name])
            holder: Any = value
            while isinstance(holder, dict | list) and holder:
                key = luck.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
                if not isinstance(holder[key], dict | list) or not holder[key] or luck.random() < 0.4:
                    before = holder[key]
                    holder[key] = luck.choice([each for each in odd if each != before or type(each) is not type(before)])
                    break
                holder = holder[key]
            changed = summed({**members, name: verify_bundle.canonical(value)})
            assert changed[name] == members[name] or told(changed), (name, value)


def test_the_number_of_an_event_may_be_too_large_for_any(keyed: Procdef) -> None:
    code, _, complaint = keyed("audit", "inclusion", "A-1", "9" * 20)
    assert (code, complaint) == (2, "procdef: `n` is larger than any number that a log holds; write a smaller one\n")
