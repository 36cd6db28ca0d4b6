"""Check a bundle that ``procdef audit proof`` made, without procdef: ``python3 verify_bundle.py FILE.zip``.

One file, the standard library only, Python 3.9 or later, written from docs/log.md alone. Exit code: 0 where all holds,
1 where something does not, 2 where there is nothing to check.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, Optional

MOST_BYTES = 1 << 28
LARGEST = 2**53 - 1
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
COMMON = ("at", "by", "for", "via", "happened", "definition")
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Unusable(Exception):
    """There is nothing to check."""


_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    three, four = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: Point) -> Point:
    made: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            made = _add(made, point)
        point, scalar = _add(point, point), scalar >> 1
    return made


def _x_of(y: int, sign: int) -> Optional[int]:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return _P - x if x & 1 != sign else x


_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE: Point = (_x_of(_Y, 0) or 0, _Y, 1, (_x_of(_Y, 0) or 0) * _Y % _P)


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key (32 bytes) signed the message so."""
    number, s = int.from_bytes(key, "little"), int.from_bytes(signature[32:], "little")
    y = number & (1 << 255) - 1
    x = _x_of(y, number >> 255) if len(key) == 32 and len(signature) == 64 and s < _L else None
    if x is None:
        return False
    h = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % _L
    x, y, z, _ = _add(_times(s, _BASE), _times(h, (-x % _P, y, 1, -x * y % _P)))
    inverse = pow(z, _P - 2, _P)
    return bool((y * inverse % _P | (x * inverse % _P & 1) << 255).to_bytes(32, "little") == signature[:32])


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise ValueError(f"the number {digits[:20]} is beyond 2^53-1")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if not all(key.isascii() for key, _ in pairs):
        raise ValueError("a key is not ASCII")
    return dict(pairs)


def parsed(body: bytes) -> Any:
    """The value of canonical bytes. Raises ``ValueError`` for any other bytes."""
    numbers: Any = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), _whole)
    value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, **numbers)
    if canonical(value) != body:
        raise ValueError("these are not the canonical bytes of what they say")
    return value


def leaf_of(body: bytes) -> bytes:
    """The hash of an event, which is its leaf too."""
    return sha256(b"\x00" + body).digest()


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, made = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        right = place & 1 or place == last
        made = sha256(b"\x01" + (step + made if right else made + step)).digest()
        while right and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def unbase64(text: str) -> bytes:
    """The bytes of base64 in its one form. Raises ``ValueError``."""
    found = b64decode(text.encode("ascii"), validate=True)
    if b64encode(found).decode() != text:
        raise ValueError("base64 in another form")
    return found


def key_of(line: str) -> tuple[str, bytes, bytes]:
    """Name, id and bytes of a public key as it is published. Raises ``ValueError``."""
    name, digits, encoded = line.split("+", 2)
    raw = unbase64(encoded)
    made = sha256(name.encode("utf-8") + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[:1] != b"\x01" or made.hex() != digits:
        raise ValueError(f"{line} is no Ed25519 key")
    return name, made, raw[1:]


def note_of(note: bytes) -> tuple[str, int, bytes, list[tuple[str, bytes]]]:
    """Text, size, root and signatures (name, id and signature) of a checkpoint. Raises ``ValueError``."""
    text, blank, lines = note.decode("utf-8").rpartition("\n\n")
    rows = text.split("\n")
    if len(note) > 1 << 20 or lines.count("\n") > 100 or re.search(r"[\x00-\x09\x0b-\x1f]", note.decode("utf-8")):
        raise ValueError("a checkpoint is at most 1 MiB long, has 100 signatures at most, and no control characters")
    if not blank or len(rows) < 3 or not all(rows) or not re.fullmatch("(?:\u2014 [^ \n]+ [^ \n]+\n)+", lines):
        raise ValueError("no checkpoint")
    if not re.fullmatch("0|[1-9][0-9]{0,18}", rows[1]) or len(unbase64(rows[2])) != 32:
        raise ValueError("no size or no root")
    signatures = [line.split(" ")[1:] for line in lines[:-1].split("\n")]
    return text + "\n", int(rows[1]), unbase64(rows[2]), [(name, unbase64(made)) for name, made in signatures]


@dataclass
class Report:
    """What was found, and what the bundle comes to."""

    wrong: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    proved = openings = erased = 0
    key, known, held = "", False, False

    def find(self, where: str, what: str) -> None:
        self.wrong.append(f"{where}: {what}")


def members_of(file: str) -> dict[str, bytes]:
    """The members of the archive. Raises ``Unusable``."""
    try:
        with zipfile.ZipFile(file) as archive:
            rows = archive.infolist()
            twice = len({row.filename for row in rows}) != len(rows)
            if twice or archive.comment or any(row.compress_type or row.flag_bits & 1 for row in rows):
                raise Unusable(f"{file} is no bundle: it has a comment, a member twice, or one not stored as it is")
            if sum(row.file_size for row in rows) > MOST_BYTES:
                raise Unusable(f"{file} is larger than {MOST_BYTES} bytes")
            return {row.filename: archive.read(row) for row in rows}
    except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, UnicodeError) as error:
        raise Unusable(f"{file} cannot be read: {error}") from None


def verify(members: dict[str, bytes], trusted: Optional[str] = None, held: Optional[bytes] = None) -> Report:
    """Everything that is wrong with a bundle. ``trusted`` is a public key, ``held`` a note that the reader has."""
    report = Report()
    try:
        report.about = about = parsed(members["bundle.json"])
        if canonical(about["format"]) != b"1":
            raise Unusable("the bundle is of another format; use the verifier of the procdef that made it")
        rows, keys, root = about["events"], about["keys"], unbase64(about["root"])
        unknown = set(about) - {"format", "log", "stream", "personal", "signed", "size", "root", "events", "keys"}
        if unknown or not rows or type(about["size"]) is not int or len(root) != 32:
            raise ValueError("it lacks what a bundle says, or says more")
        if type(about["personal"]) is not bool or type(about["signed"]) is not bool:
            raise ValueError("personal and signed are true or false")
        if not re.fullmatch(f"{UUID} deal:{UUID}", f"{about['log']} {about['stream']}"):
            raise ValueError("the log is a UUID, the stream that of a deal")
        events = _events(members, "events", rows, about["stream"], root, report)
        named = _events(members, "keys", keys, "system", root, report)
    except UNREADABLE as error:
        report.find("bundle.json", f"cannot be read: {error!r}")
        return report
    parts = {"README.txt", "verify_bundle.py", "bundle.json", "SHA256SUMS"}
    parts |= {f"events/{row['n']:06}.json" for row in rows} | {f"keys/{row['n']:06}.json" for row in keys}
    parts |= {name for name, there in (("checkpoint.note", "signed"), ("openings.json", "personal")) if about[there]}
    for check in (_chain, _definitions, _openings):
        _guarded(report, check, members, events, parts)
    _guarded(report, _signature, members, named, (trusted, held))
    _sums(members, parts, report)
    return report


def _guarded(report: Report, check: Any, members: dict[str, bytes], events: list[Any], more: Any) -> None:
    try:
        check(members, events, report, more)
    except UNREADABLE as error:
        report.find("bundle", f"cannot be read{check.__name__.replace('_', ' of its ', 1)}: {error!r}")


def _sums(members: dict[str, bytes], parts: set[str], report: Report) -> None:
    for name in sorted(parts ^ set(members)):
        report.find(name, "missing" if name in parts else "does not belong to the bundle")
    rows = (f"{sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members) if name != "SHA256SUMS")
    if "".join(rows).encode("utf-8") != members.get("SHA256SUMS"):
        report.find("SHA256SUMS", "is not that of the other members")


def _events(
    members: dict[str, bytes], folder: str, rows: Any, stream: str, root: bytes, report: Report
) -> list[tuple[dict[str, Any], bytes, int]]:
    """Each event with its bytes and place (-1 where it has none), its form and its inclusion proof checked."""
    found: list[Any] = []
    before, size = -1, report.about["size"]
    for row in rows:
        where = f"{folder}/{row['n']:06}.json"
        body = members.get(where, b"")
        try:
            event = parsed(body)
            if (event["v"], event["log"], event["stream"], event["n"]) != (1, report.about["log"], stream, row["n"]):
                report.find(where, "is another event, of another log, or of a later format")
            index = row.get("index", -1)
            odd = {type(index), type(row["n"])} != {int} or set(row) not in ({"n"}, {"n", "index", "path"})
            if odd or 0 <= index <= before:
                report.find(where, "its place in the log is not after that of the event before")
            elif index >= 0 and not included(leaf_of(body), index, size, [unbase64(h) for h in row["path"]], root):
                report.find(where, "its inclusion proof does not lead to the root of the checkpoint")
            elif index >= 0:
                report.proved += folder == "events"
            if (index < 0 and not report.about["signed"]) or (found and found[-1][2] < 0 <= index):
                report.find(where, "lacks an inclusion proof, or stands after an event that does")
            before = max(before, index)
            found.append((event, body, index))
        except UNREADABLE as error:
            report.find(where, f"cannot be read: {error}" if members.get(where) else "missing")
    return found


def _chain(members: dict[str, bytes], events: list[Any], report: Report, parts: set[str]) -> None:
    prev, at, left = "0" * 64, "", 0
    command: dict[str, Any] = {}
    for number, (event, body, _) in enumerate(events, 1):
        where = f"events/{event['n']:06}.json"
        if event["n"] != number or event["prev"] != prev:
            report.find(where, "the chain of hashes is broken here")
        if not re.fullmatch("[-0-9T:.]{26}Z", event["at"]) or event["at"] < at or event.get("happened", "") > event["at"]:
            report.find(where, "time runs backwards here, or is none")
        cmd = event["cmd"]
        first, shared = cmd["i"] == 1, {"id": cmd["id"], "of": cmd["of"], **{k: event.get(k) for k in COMMON}}
        if first != (left == 0) or (not first and (shared != command or cmd["i"] != cmd["of"] - left + 1)):
            report.find(where, "a command is torn here")
        prev, at, left, command = leaf_of(body).hex(), event["at"], cmd["of"] - cmd["i"], shared
        report.times.append(at)
    if left:
        report.find("events", "the last command is not whole: its end is missing")


def _definitions(members: dict[str, bytes], events: list[Any], report: Report, parts: set[str]) -> None:
    for sha in {event["definition"]["sha256"] for event, _, _ in events if "definition" in event}:
        name = f"definitions/{sha}.yaml"
        parts.add(name)
        if sha256(members.get(name, b"")).hexdigest() != sha:
            report.find(name, "is not the definition that the events name")


def _openings(members: dict[str, bytes], events: list[Any], report: Report, parts: set[str]) -> None:
    about = report.about
    committed = {(event["n"], at): made for event, _, _ in events for at, made in event.get("private", {}).items()}
    gone = {tuple(leaf[1:]) for event, _, _ in events if event["type"] == "privacy.erased"
            for leaf in event["data"]["leaves"] if leaf[0] == about["stream"]}  # fmt: skip
    report.erased = len(gone & set(committed))
    if not about["personal"]:
        return
    opened = set()
    for row in parsed(members["openings.json"]):
        place = (row["n"], row["path"])
        said = canonical([about["log"], about["stream"], row["n"], row["path"], row["value"]])
        salt = bytes.fromhex(row["salt"])
        right = len(salt) == 32 and salt.hex() == row["salt"] and set(row) == {"n", "path", "salt", "value"}
        if place in opened or not right or sha256(b"\x02" + salt + said).hexdigest() != committed.get(place):
            report.find("openings.json", f"{row['path']} of event {row['n']} is not what the event commits to")
        if place in gone:
            report.find("openings.json", f"{row['path']} of event {row['n']} was erased, and is here")
        opened.add(place)
    for n, path in sorted(set(committed) - opened - gone):
        report.find("openings.json", f"lacks {path} of event {n}, which was not erased")
    report.openings = len(opened)


def _signature(members: dict[str, bytes], named: list[Any], report: Report, given: Any) -> None:
    """The log's keys, each signed for by the one before, and the signature of the last over the checkpoint."""
    about, (trusted, held) = report.about, given
    origin, old, keys = f"procdef.log/{about['log']}", "", []
    for event, _, index in named:
        new, before = event["data"]["new"], event["data"].get("old", "")
        said = f"procdef.log/rekeyed\n{about['log']}\n{before}\n{new}\n".encode()
        signer = key_of(before or new)[2]
        whole = event["type"] == "log.rekeyed" and before == old and key_of(new)[0] == origin and new not in keys
        if not whole or index < 0 or not ed25519(signer, said, unbase64(event["data"]["signature"])):
            report.find("keys", f"event {event['n']} of system makes no key the log's")
        old = new
        keys.append(new)
    if trusted is not None and trusted not in keys:
        report.find("keys", "the key that you gave is none of this log's")
    if held is not None and (not about["signed"] or note_of(held)[0] != note_of(members["checkpoint.note"])[0]):
        report.find("checkpoint.note", "is not over the same as the note that you hold; ask for a bundle by that one")
    if not about["signed"]:
        if trusted is not None:
            report.find("checkpoint.note", "there is none, so the key that you gave signed nothing of this")
        return
    text, size, root, signatures = note_of(members["checkpoint.note"])
    if (text.split("\n")[0], size, b64encode(root).decode()) != (origin, about["size"], about["root"]):
        report.find("checkpoint.note", "is over another log, another size or another root")
    name, ident, key = key_of(old) if keys else ("", b"", b"")
    mine = [made[4:] for who, made in signatures if (who, made[:4]) == (name, ident)]
    if not mine or not all(ed25519(key, text.encode("utf-8"), made) for made in mine):
        report.find("checkpoint.note", "is not signed by the log's key")
    report.key, report.known, report.held = old, trusted is not None, held is not None


def plain(text: object) -> str:
    """The text on one line, with nothing in it that acts on a terminal or is not to be seen."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(text))


def told(report: Report) -> list[str]:
    """The report for people: what was found, the level, and what that means."""
    if report.wrong:
        return [*report.wrong, f"level: broken; {len(report.wrong)} findings, and this bundle proves nothing"]
    about, count = report.about, len(report.about["events"])
    personal = f"{report.openings} personal values open" if about["personal"] else "personal values left out"
    lines = [
        f"{about['stream']}: events 1 to {count}, from {report.times[0]} to {report.times[-1]}",
        "holds: canonical form, hashes, chain, commands, definition, inclusion proofs",
        f"{personal}, {report.erased} erased",
    ]
    if not about["signed"]:
        return [*lines, "level: unsigned root", f"{count} events that fit a log of {about['size']} events as its owner "
                f"tells it, root {about['root']}; it proves nothing to whoever does not trust the owner"]  # fmt: skip
    level = "signed by a key that you gave" if report.known else "signed by a key that stands in the bundle"
    lines += [f"level: {level}{', and the checkpoint is the one you hold' if report.held else ''}",
              f"proves these {report.proved} events stood in the log of {about['size']} events signed by {report.key}; "
              "it cannot prove that the deal's tail is complete"]  # fmt: skip
    if count > report.proved:
        lines.append(f"not proved: the {count - report.proved} events after the checkpoint, which only their chain holds")
    if not report.known:
        lines.append("compare the key with the one that the log's owner published, or give that with --key")
    return lines


def main() -> int:
    """The program."""
    ask = argparse.ArgumentParser(description="Check a bundle of procdef audit proof.")
    ask.add_argument("bundle")
    ask.add_argument("--key", help="a public key of the log, as it was published: NAME+ID+BASE64")
    ask.add_argument("--note", help="the file of a note that you hold")
    given = ask.parse_args()
    try:
        held = Path(given.note).read_bytes() if given.note else None
        _ = held is not None and note_of(held), given.key and key_of(given.key)
        report = verify(members_of(given.bundle), given.key, held)
    except (Unusable, OSError, ValueError) as error:
        print(plain(error), file=sys.stderr)
        return 2
    print("\n".join(map(plain, told(report))))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
