"""Keys, checkpoints, proofs, and what a verification says of notes that others hold."""

from __future__ import annotations

import json
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from authority import authority
from procdef.log.checkpoint import read_checkpoint
from procdef.log.proofs import check_consistency, check_inclusion
from procdef.log.signed_note import Signer, Verifier

Procdef = Callable[..., tuple[int, str, str]]
NOBODY = dict.fromkeys(("claimed", "os", "app", "token", "signed"), 0)


@pytest.fixture
def keyed(office: Procdef, monkeypatch: pytest.MonkeyPatch) -> Procdef:
    """The office with a key in log.key."""
    for name in ("PROCDEF_KEY", "PROCDEF_KEY_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    assert office("audit", "key", "new", "log.key")[0] == 0
    return office


def execute(statement: str) -> None:
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute(statement)
        log.commit()


def test_a_key_is_made_shown_and_replaced(office: Procdef, tmp_path: Path) -> None:
    code, out, _ = office("audit", "key", "new", "log.key")
    assert code == 0
    vkey, told = out.splitlines()
    assert Signer.parse((tmp_path / "log.key").read_text().strip()).verifier == Verifier.parse(vkey)
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    assert told == "is the log's key now; its private side is in log.key: keep that, and a copy, away from the database"
    assert office("audit", "key", "new", "other.key")[0] == 2
    assert not (tmp_path / "other.key").exists()
    code, out, _ = office("audit", "key", "rotate", "next.key", "--key", "log.key", "--format", "json")
    assert (code, json.loads(out)["file"]) == (0, "next.key")
    shown = [json.loads(line) for line in office("audit", "key", "show", "--format", "json")[1].splitlines()]
    assert [(each["key"], each.get("until")) for each in shown] == [(vkey, 4), (json.loads(out)["key"], None)]
    lines = office("audit", "key", "show")[1].splitlines()
    assert office("audit", "key", "show", "--quiet")[1].splitlines() == lines
    assert [line.partition(" ")[2] for line in lines] == ["signs from 4 events up to 4", "signs from 5 events on"]
    assert office("audit", "key", "rotate", "third.key", "--key", "log.key")[0] == 2
    assert office("audit", "verify")[0] == 0


def test_a_key_file_that_was_made_before_is_taken_as_it_is(office: Procdef, tmp_path: Path) -> None:
    """As after a power cut between the file and the log; and no key of another log."""
    assert office("audit", "key", "new", "log.key")[0] == 0
    taken = (tmp_path / "log.key").read_text()
    execute("DELETE FROM event WHERE type = 'log.rekeyed'")
    assert office("--db", "sqlite:///second.db", "publish", "office.yaml")[0] == 0
    code, _, err = office("--db", "sqlite:///second.db", "audit", "key", "new", "log.key")
    assert (code, (tmp_path / "log.key").read_text()) == (2, taken)
    assert "a key of this log is named" in err


def test_a_checkpoint_is_printed_stored_and_put_where_it_is_asked_for(keyed: Procdef, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    code, out, _ = keyed("audit", "checkpoint", "--key", "log.key", "--quiet")
    assert code == 0
    assert read_checkpoint(out)[0].size == 4
    code, out, err = keyed("audit", "checkpoint", "--key", "log.key", "--anchor", "folder:notes", "-o", "a.note")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "the note over 4 events is in notes/000000000004.note", "the note over 4 events is in a.note",
    ]  # fmt: skip
    assert (tmp_path / "a.note").read_bytes() == (tmp_path / "notes" / "000000000004.note").read_bytes()
    shown = json.loads(keyed("audit", "checkpoint", "--key", "log.key", "-o", "b.note", "--format", "json")[1])
    assert shown == {"size": 4, "note": (tmp_path / "b.note").read_text(), "files": ["b.note"]}


def test_a_note_takes_the_place_of_another_only_when_that_was_meant(keyed: Procdef, tmp_path: Path) -> None:
    write = ("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    assert keyed(*write)[0] == 0
    assert stat.S_IMODE((tmp_path / "a.note").stat().st_mode) == 0o600
    code, out, err = keyed(*write)
    assert (code, out, "a.note is there already" in err) == (2, "", True)
    assert keyed(*write, "--force")[0] == 0
    (tmp_path / "a.note").write_text("somebody's")
    assert keyed(*write, "--force")[0] != 0
    assert (tmp_path / "a.note").read_text() == "somebody's"
    (tmp_path / "link.note").symlink_to(tmp_path / "other")
    assert keyed(*write[:-1], "link.note", "--force")[0] == 2
    assert not (tmp_path / "other").exists()


def test_a_proof_takes_the_place_of_no_other_file_unasked(keyed: Procdef, tmp_path: Path) -> None:
    assert keyed("audit", "checkpoint", "--key", "log.key")[0] == 0
    prove = ("audit", "inclusion", "system", "1", "-o", "a.proof")
    (tmp_path / "a.proof").write_text("somebody's")
    code, _, err = keyed(*prove)
    assert (code, "a.proof is there already" in err, (tmp_path / "a.proof").read_text()) == (2, True, "somebody's")
    assert keyed(*prove, "--force")[0] == 0
    assert stat.S_IMODE((tmp_path / "a.proof").stat().st_mode) == 0o600
    assert keyed("audit", "inclusion", "system", "1", "-o", "/dev/null", "--force")[0] == 2


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("no key is given", []),
        ("cannot be read", ["--key", "no.key"]),
        ("names no place", ["--key", "log.key", "--anchor", "moon:a"]),
        ("names no place", ["--key", "log.key", "--anchor", "file:"]),
        ("stands beside", ["--key", "log.key", "--anchor", "rfc3161:true"]),
        ("and there is none", ["--key", "log.key", "-o", "x", "--tsa-ca", "no.pem"]),
        ("one timestamp", ["--key", "log.key", "--anchor", "rfc3161:a", "--anchor", "rfc3161:b", "-o", "x"]),
    ],
)
def test_a_checkpoint_that_cannot_be_made_says_why(keyed: Procdef, expected: str, arguments: list[str]) -> None:
    code, _, err = keyed("audit", "checkpoint", *arguments)
    assert (code, expected in err) == (2, True)


def test_the_key_may_come_from_the_surroundings(keyed: Procdef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCDEF_KEY_COMMAND", "cat log.key")
    assert keyed("audit", "checkpoint")[0] == 0
    monkeypatch.setenv("PROCDEF_KEY", Path("log.key").read_text())
    monkeypatch.setenv("PROCDEF_KEY_COMMAND", "false")
    assert keyed("audit", "checkpoint")[0] == 0


def test_a_log_that_went_back_signs_nothing_over_a_note_that_a_place_holds(keyed: Procdef, tmp_path: Path) -> None:
    backup = (tmp_path / "procdef.db").read_bytes()
    assert keyed("note", "A-1", "Called")[0] == 0
    assert keyed("audit", "checkpoint", "--key", "log.key", "--anchor", "file:a.note")[0] == 0
    (tmp_path / "procdef.db").write_bytes(backup)
    for beside in tmp_path.glob("procdef.db-*"):
        beside.unlink()
    code, _, err = keyed("audit", "checkpoint", "--key", "log.key", "--anchor", "file:a.note")
    assert code == 1
    assert "the note at file:a.note is over 5 events, and the log has 4: its end is missing" in err


def test_a_note_altered_on_its_way_is_told_and_still_holds(keyed: Procdef, tmp_path: Path) -> None:
    note = tmp_path / "a.note"
    assert keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")[0] == 0
    note.write_bytes(b"\xef\xbb\xbf" + note.read_bytes().replace(b"\n", b"\r\n"))
    told = "a byte order mark was put in front and its line ends were changed to those of another system"
    code, out, _ = keyed("audit", "verify", "--note", "a.note", "--require-anchor")
    assert (code, f"a.note: {told}, by a program on its way" in out) == (0, True)
    shown = json.loads(keyed("audit", "verify", "--note", "a.note", "--format", "json")[1].splitlines()[-1])
    assert shown["notes"][0]["altered"] == told
    code, _, err = keyed("audit", "checkpoint", "--key", "log.key", "--anchor", "file:a.note")
    assert (code, told in err) == (0, True)
    assert keyed("audit", "verify", "--note", "a.note")[1].count("on its way") == 0


def test_a_verification_says_how_far_a_note_vouches(keyed: Procdef) -> None:
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    _, _, held, *told = keyed("audit", "verify", "--note", "a.note", "--require-anchor")[1].splitlines()
    assert held.startswith("a.note: over 4 events, the last of them recorded 20")
    assert held.endswith("Z; holds")
    assert told == [
        "clean; anchored at 4 events by a.note",
        "not covered: false entries by those who may make them",
    ]
    keyed("note", "A-1", "Called")
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "b.note")
    keyed("note", "A-1", "Called again")
    code, out, _ = keyed("audit", "verify", "--note", "a.note", "--note", "b.note")
    assert (code, out.splitlines()[4:]) == (0, [
        "clean; anchored at 5 events by b.note",
        "not covered: the 1 events after it, which are self-consistent only; false entries by those who may make them",
    ])  # fmt: skip
    code, out, _ = keyed("audit", "verify", "--since", "a.note", "--format", "json")
    found = json.loads(out)
    covers, (held,) = found.pop("covers"), found.pop("notes")
    assert (held["note"], held["size"], held["holds"]) == ("a.note", 4, True)
    assert covers["checked"].startswith("that the log begins with the tree of a.note, the 2 events since then")
    assert covers["not_checked"] == "the other deals' events, rows and personal values"
    assert (code, found) == (0, {
        "streams": 1, "events": 2, "deals": 1, "findings": 0, "events_per_level": {**NOBODY, "claimed": 2}, "since": "a.note",
        "tree": True, "assurance": "anchored at 4 events by a.note", "anchor": {"size": 4, "by": ["a.note"]},
    })  # fmt: skip
    told = keyed("audit", "verify", "--since", "a.note")[1]
    assert "what was checked is clean; anchored at " in told
    assert "checked: that the log begins with the tree of a.note, the 2 events since then, and all earlier ones of" in told
    assert "not checked: the other deals' events, rows and personal values; `procdef audit verify` without" in told


def test_without_a_note_from_outside_it_says_so(keyed: Procdef) -> None:
    keyed("audit", "checkpoint", "--key", "log.key")
    assert keyed("audit", "verify")[1].splitlines()[2:] == [
        "clean; self-consistent only: no outside anchor was given",
        "not covered: a history rewritten as a whole, or cut off at its end, by somebody who can write to the database; "
        "false entries by those who may make them",
    ]
    code, out, _ = keyed("audit", "verify", "--require-anchor", "--format", "json")
    assert code == 1
    assert [json.loads(line).get("code") for line in out.splitlines()] == ["not-anchored", None]
    assert json.loads(out.splitlines()[-1])["assurance"] == "self-consistent only"


def test_a_key_that_was_given_from_outside_must_be_the_logs(keyed: Procdef, tmp_path: Path) -> None:
    def codes(*given: str) -> set[str]:
        lines = keyed("audit", "verify", *given, "--format", "json")[1].splitlines()
        return {json.loads(line).get("code") for line in lines[:-1]}

    first = keyed("audit", "key", "show")[1].split()[0]
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    assert keyed("audit", "key", "rotate", "next.key", "--key", "log.key")[0] == 0
    second = keyed("audit", "key", "show")[1].splitlines()[-1].split()[0]
    keyed("audit", "checkpoint", "--key", "next.key", "-o", "b.note")
    Path("published").write_text(f"{first} is the key of our log\n", "utf-8")
    assert codes("--key", first, "--note", "a.note", "--note", "b.note") == set()
    assert codes("--key", "published", "--note", "a.note") == set()
    assert codes("--key", second, "--note", "b.note") == set()
    assert codes("--key", second, "--note", "a.note") == {"key-differs"}
    other = Signer(first.split("+")[0], bytes(32)).verifier
    assert codes("--key", str(other)) == {"key-differs"}
    assert keyed("audit", "verify", "--key", "no+key+x")[0] == 2
    assert keyed("audit", "verify", "--key", "nothing.key")[0] == 2


def test_of_a_damaged_log_it_says_which_notes_still_hold(keyed: Procdef) -> None:
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    keyed("note", "A-1", "Called")
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "b.note")
    execute("UPDATE leaf SET hash = '" + "0" * 64 + "' WHERE idx = 4")
    code, out, _ = keyed("audit", "verify", "--note", "a.note", "--note", "b.note")
    fates = [line.rpartition("; ")[2] for line in out.splitlines() if line.startswith(("a.note: ", "b.note: "))]
    begins = "the order of the log begins with it, the findings say which events differ"
    assert (code, fates) == (1, [begins, "DOES NOT HOLD"])


def test_what_is_less_than_was_asked_for_is_no_contradiction(keyed: Procdef) -> None:
    for asked in (("--require-anchor",), ("--require-auth", "signed")):
        code, out, _ = keyed("audit", "verify", *asked)
        told = "the log does not contradict itself, but it is not what was asked for"
        assert (code, out.splitlines()[-1]) == (1, told)


def test_events_that_are_missing_are_told_by_their_places_and_times(keyed: Procdef) -> None:
    keyed("note", "A-1", "Called")
    keyed("note", "A-1", "Called again")
    execute("DELETE FROM leaf WHERE idx = 4")
    lines = keyed("audit", "verify", "--format", "json")[1].splitlines()
    (gap,) = [found for found in map(json.loads, lines[:-1]) if found["code"] == "leaf-gap"]
    assert (gap["stream"], gap["expected"]) == ("log", "the events of leaves 4 to 4")
    assert gap["found"].startswith("none: 1 event, recorded between 20")


def test_how_sure_the_log_is_of_people_is_counted_and_may_be_required(keyed: Procdef) -> None:
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    keyed("--as", "maija", "note", "A-1", "Called")
    assert keyed("audit", "verify", "--require-auth", "claimed")[0] == 0
    assert "by the weakest authentication: claimed 5, os 0" in keyed("audit", "verify")[1]
    for given, count in (((), 5), (("--since", "a.note"), 1)):
        code, out, _ = keyed("audit", "verify", "--require-auth", "os", *given, "--format", "json")
        *findings, summary = map(json.loads, out.splitlines())
        assert (code, summary["events_per_level"]) == (1, {**NOBODY, "claimed": count})
        assert [(finding["code"], finding["found"]) for finding in findings] == [("weak-auth", "claimed")] * count


def test_a_finding_says_what_it_may_mean_once_for_each_kind(keyed: Procdef) -> None:
    execute("UPDATE event SET recorded = '2020-01-01T00:00:00.000000Z'")
    lines = keyed("audit", "verify")[1].splitlines()
    assert len([line for line in lines if line.endswith("[projection]")]) == 4
    told = lines.index("projection (4): a column that repeats part of an event says something else")
    assert lines[told + 1].startswith("    may mean: the column was changed")
    found = json.loads(keyed("audit", "verify", "--format", "json")[1].splitlines()[0])
    assert found["may_mean"].startswith("the column was changed")


@pytest.mark.parametrize("option", ["--note", "--since"])
def test_a_note_that_the_log_contradicts_is_a_finding(keyed: Procdef, option: str) -> None:
    keyed("note", "A-1", "Called")
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    execute("DELETE FROM leaf WHERE idx = 4")
    code, out, _ = keyed("audit", "verify", option, "a.note")
    assert (code, "[note-not-kept]" in out) == (1, True)


@pytest.mark.parametrize("option", ["--note", "--since"])
def test_what_is_no_note_is_a_wrong_command_line(keyed: Procdef, tmp_path: Path, option: str) -> None:
    (tmp_path / "a.note").write_text("not a note")
    for name in ("a.note", "none.note"):
        code, _, err = keyed("audit", "verify", option, name)
        assert (code, err.startswith(f"procdef: {name}")) == (2, True)


def test_a_timestamp_is_stored_beside_the_note_and_checked(keyed: Procdef, tmp_path: Path) -> None:
    tsa = authority(tmp_path / "tsa")
    other = authority(tmp_path / "other")
    stamped = ("audit", "checkpoint", "--key", "log.key", "-o", "a.note", "--anchor", f"rfc3161:{tsa.command}")
    code, out, _ = keyed(*stamped, "--tsa-ca", str(tsa.root))
    assert code == 0
    assert out.splitlines()[-1].endswith(" by CN=Test TSA")
    assert (tmp_path / "a.note.tsr").exists()
    assert keyed(*stamped, "--tsa-ca", str(other.root))[0] == 2
    lines = keyed("audit", "verify", "--note", "a.note", "--tsa-ca", str(tsa.root))[1].splitlines()
    assert lines[4].startswith("a.note was seen 20")
    assert lines[4].endswith("Z by CN=Test TSA")
    code, out, _ = keyed("audit", "verify", "--note", "a.note", "--tsa-ca", str(other.root))
    assert (code, "[timestamp-invalid]" in out) == (1, True)


def test_a_timestamp_that_is_not_there_is_not_passed_over(keyed: Procdef, tmp_path: Path) -> None:
    assert keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")[0] == 0
    (tmp_path / "ca.pem").write_text("")
    for options in (["--note", "a.note"], ["--since", "a.note"], []):
        for authorities in ("ca.pem", ""):
            code, _, err = keyed("audit", "verify", *options, "--tsa-ca", authorities)
            assert (code, "and there is none" in err) == (2, True)


def test_a_service_that_gives_no_timestamp_leaves_the_note(keyed: Procdef, tmp_path: Path) -> None:
    code, _, err = keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note", "--anchor", "rfc3161:false")
    assert (code, "the note is kept, without a timestamp" in err) == (3, True)
    assert (tmp_path / "a.note").exists()


def test_proofs_are_printed_and_hold(keyed: Procdef, tmp_path: Path) -> None:
    vkey = keyed("audit", "key", "show")[1].partition(" ")[0]
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "a.note")
    keyed("note", "A-1", "Called")
    keyed("audit", "checkpoint", "--key", "log.key", "-o", "b.note")
    keys = [Verifier.parse(vkey)]
    code, out, _ = keyed("audit", "inclusion", "A-1", "2")
    assert code == 0
    shown = check_inclusion(out, keys)
    assert (json.loads(shown.body)["type"], shown.idx, shown.checkpoint.size) == ("deal.noted", 4, 5)
    old = read_checkpoint((tmp_path / "a.note").read_bytes())[0]
    for given in (("4", "5"), ("a.note", "b.note"), ("4", "b.note")):
        code, out, _ = keyed("audit", "consistency", *given)
        assert (code, check_consistency(out, old, keys).size) == (0, 5)
    assert keyed("audit", "consistency", "4", "5", "-o", "proof")[0] == 0
    assert (tmp_path / "proof").read_text() == out
    proof = json.loads(keyed("audit", "inclusion", "system", "2", "--size", "5", "--format", "json")[1])["proof"]
    assert check_inclusion(proof, keys).checkpoint == read_checkpoint((tmp_path / "b.note").read_bytes())[0]
    for arguments in (("inclusion", "A-1", "9"), ("consistency", "5", "4"), ("consistency", "1", "3"), ("inclusion", "X", "1")):
        assert keyed("audit", *arguments)[0] == 2


def test_without_the_packages_what_needs_none_works_and_the_rest_names_them(
    office: Procdef, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office("audit", "key", "new", "log.key")[0] == 0
    for hidden in ("cryptography.hazmat.primitives.asymmetric", "cryptography.exceptions", "rfc3161_client"):
        monkeypatch.setitem(sys.modules, hidden, None)
    for arguments in (("verify",), ("key", "show"), ("checkpoint", "--key", "log.key")):
        code, _, err = office("audit", *arguments)
        assert (code, 'pip install "procdef[audit]"' in err) == (3, True)
    execute("DELETE FROM event WHERE type = 'log.rekeyed'")
    assert "clean" not in office("audit", "verify")[1]
    assert office("--db", "sqlite:///second.db", "publish", "office.yaml")[0] == 0
    assert office("--db", "sqlite:///second.db", "audit", "verify")[0] == 0
    monkeypatch.undo()
