"""Check a bundle that ``procdef audit proof`` made, without procdef: ``python3 verify_bundle.py FILE.zip``.

One file, standard library only, Python 3.9 or later, from docs/log.md alone. Exit: 0 holds, 1 findings, 2 no bundle."""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from base64 import b64decode, b64encode
from datetime import date, datetime, timedelta
from hashlib import sha256, sha512
from itertools import accumulate
from pathlib import Path
from typing import Any, Iterator, Optional

MOST_BYTES, LARGEST, DEEPEST = 1 << 28, 2**53 - 1, 100
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
UUID, HASH, NAME = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[0-9a-f]{64}", "[^\x00-\x1f\x7f-\x9f]+"
PERSON = {"id": NAME, "auth": "claimed|os|app|token|signed", "roles?": list, "from?": NAME}
ENVELOPE = {
    "v": int, "log": UUID, "stream": NAME, "n": int, "prev": HASH, "type": NAME, "at": TIME, "by": PERSON, "for?": PERSON,
    "id": "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "via": "cli|api|import|web|worker",
    "cmd": {"id": NAME, "i": int, "of": int}, "happened?": TIME, "data": dict, "private?": dict, "ext?": dict,
    "definition?": {"id": NAME, "version": int, "lang": int, "sha256": HASH},
}  # fmt: skip
BUNDLE = {"format": int, "log": UUID, "stream": f"deal:{UUID}", "personal": bool, "signed": bool, "size": int,
          "root": "[A-Za-z0-9+/]{43}=", "events": list, "keys": list, "people?": list}  # fmt: skip
# The keys of the data by type. Where * stands, nothing does in the data itself: it is a personal value.
DATA = {kind: keys.split() for kind, keys in (row.split(": ") for row in """
action.completed: action way evidence evidence/text* evidence/url* evidence/name* decision milestone note* facts until row
step.refused: do arguments arguments/key* arguments/note* arguments/evidence* arguments/reason* unmet facts; deal.assigned: to
deal.migrated: plan from to stage path stages fields actions values unset voided waived due dues reason*; timer.overdue: of due
stage.advanced: from to reason* waivers unfinished due dues facts; deal.started: key* process stage values from due dues facts
deal.corrected: values unset changed due dues reason*; deal.recorded: values unset changed due dues; timer.escalated: of due to
criterion.waived: criterion reads reason*; stage.returned: from to reason* due dues; deal.lost: reason note* after_won
deal.noted: kind objection text*; action.voided: action by_fields; deal.reopened: reason* due dues; deal.finished: waivers facts
log.rekeyed: old new signature; timer.reminded: of due before; privacy.erased: basis leaves; deal.won: stage
people.published: sha256
""".strip().replace("; ", "\n").split("\n"))}  # fmt: skip
# What the events of one command can be, in this order, by a letter for each: any other event is alone in its command.
LETTERS = {"deal.recorded": "r", "action.voided": "v", "action.completed": "c", "stage.advanced": "a", "deal.won": "w"}
ORDER, SHARED = "rv*c?|c|aw?|[.]", ("at", "by", "for", "via", "happened", "definition")
VISITS, PLACES = ("stage.advanced", "stage.returned", "deal.reopened"), ("deal.started", "deal.migrated")
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_P, _L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D, _ROOT, _Y = -121665 * pow(121666, -1, _P) % _P, pow(2, (_P - 1) // 4, _P), 4 * pow(5, -1, _P) % _P
Point = tuple[int, int, int, int]


# What prints and is not to be seen, and what stands for a list that is not there.
UNSEEN, ALL = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]", [{"id": "a", "periods": [{}]}]


class Unusable(Exception):
    """There is nothing to check."""


def _add(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    three, four = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key (32 bytes) signed the message so."""
    def times(scalar: int, x: int, y: int) -> Point:
        made: Point = (0, 1, 1, 0)
        for bit in f"{scalar:b}":
            made = _add(_add(made, made), (x, y, 1, x * y % _P)) if bit == "1" else _add(made, made)
        return made
    def x_of(y: int, sign: int) -> Optional[int]:
        square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
        x = pow(square, (_P + 3) // 8, _P)
        x = x * _ROOT % _P if (x * x - square) % _P else x
        if y >= _P or (x * x - square) % _P or (x == 0 and sign):
            return None
        return _P - x if x & 1 != sign else x
    number, s = int.from_bytes(key, "little"), int.from_bytes(signature[32:], "little")
    y = number & (1 << 255) - 1
    x = x_of(y, number >> 255) if len(key) == 32 and len(signature) == 64 and s < _L else None
    if x is None:
        return False
    h = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % _L
    x, y, z, _ = _add(times(s, x_of(_Y, 0) or 0, _Y), times(h, -x % _P, y))
    inverse = pow(z, -1, _P)
    return bool((y * inverse % _P | (x * inverse % _P & 1) << 255).to_bytes(32, "little") == signature[:32])


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def parsed(body: bytes) -> Any:
    """The value of canonical bytes. Raises ``ValueError`` for any other bytes."""
    def whole(digits: str) -> int:  # also of what is no integer, which int() refuses
        if abs(int(digits[:18])) > LARGEST:
            raise ValueError(f"the number {digits[:20]} is beyond 2^53-1")
        return int(digits)
    def keyed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if not all(key.isascii() for key, _ in pairs):
            raise ValueError("a key is not ASCII")
        return dict(pairs)
    text = body.decode("utf-8")
    value = json.loads(text, object_pairs_hook=keyed, parse_int=whole, parse_float=whole, parse_constant=whole)
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    if canonical(value) != body or max(accumulate((each in "[{") - (each in "]}") for each in bare), default=0) > DEEPEST:
        raise ValueError("these are not the canonical bytes of what they say, or nest too deep")
    return value


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root (RFC 6962, 2.1.1)."""
    def over(index: int, size: int, path: list[bytes]) -> bytes:
        if size == 1 or not path:
            return leaf if size == 1 and not path else b""
        left, last = 1 << (size - 1).bit_length() - 1, path[-1]
        made = over(index, left, path[:-1]) if index < left else over(index - left, size - left, path[:-1])
        return sha256(b"\x01" + (made + last if index < left else last + made)).digest()
    return 0 <= index < size and over(index, size, path) == root


def unbase64(text: str) -> bytes:
    """The bytes of base64 in its one form. Raises ``ValueError``."""
    if b64encode(found := b64decode(text.encode("ascii"), validate=True)).decode() != text:
        raise ValueError("base64 in another form")
    return found


def key_of(line: str) -> tuple[str, bytes, bytes]:
    """Name, id and bytes of a public key as it is published. Raises ``ValueError``."""
    name, digits, rest = line.split("+", 2)
    raw = unbase64(rest)
    made = sha256(name.encode("utf-8") + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[:1] != b"\x01" or made.hex() != digits:
        raise ValueError(f"{line} is no Ed25519 key, or of a later procdef")
    return name, made, raw[1:]


def note_of(note: bytes) -> tuple[str, int, bytes, list[tuple[str, bytes]]]:
    """Text, size, root and signatures (name, id and signature) of a checkpoint. Raises ``ValueError``."""
    text, blank, lines = note.decode("utf-8").rpartition("\n\n")
    rows = text.split("\n")
    if len(note) > 1 << 20 or lines.count("\n") > 100 or re.search(r"[\x00-\x09\x0b-\x1f]", text + lines):
        raise ValueError("a checkpoint is at most 1 MiB long, has 100 signatures at most, and no control characters")
    if not blank or len(rows) < 3 or not all(rows) or not re.fullmatch(r"(?:\u2014 [^\s+]+ [^\s]+\n)+", lines):
        raise ValueError("no checkpoint")
    signatures = [(name, unbase64(made)) for _, name, made in (line.split(" ") for line in lines[:-1].split("\n"))]
    root = unbase64(rows[2])
    if not re.fullmatch("0|[1-9][0-9]{0,18}", rows[1]) or len(root) != 32 or any(len(made) < 5 for _, made in signatures):
        raise ValueError("no size, no root, or a signature of less than 5 bytes")
    return text + "\n", int(rows[1]), root, signatures


def members_of(file: str) -> dict[str, bytes]:
    """The members of the archive. Raises ``Unusable``."""
    try:
        with zipfile.ZipFile(file) as archive, Path(file).open("rb") as raw:
            rows, at = archive.infolist(), 0
            odd = bool(archive.comment) or (names := [row.filename for row in rows]) != sorted(set(names))
            for row in rows:  # each begins where the one before ends, the first one with the file
                odd |= row.header_offset != raw.seek(at) or bool(row.compress_type or row.flag_bits & 1)
                at += 30 + row.file_size + sum(each << 8 * (i % 2) for i, each in enumerate(raw.read(30)[26:]))  # name, fields
            raw.seek(-22, 2)
            if odd or at != archive.start_dir or raw.read(4) != b"PK\5\6" or sum(row.file_size for row in rows) > MOST_BYTES:
                raise Unusable(f"{file} is no bundle: its members are packed or out of order, or more is there, or too much")
            return {row.filename: archive.read(row) for row in rows}
    except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, UnicodeError) as error:
        raise Unusable(f"{file} cannot be read: {error}") from None


def _unlike(form: dict[str, Any], value: Any, at: str = "") -> Iterator[str]:
    """Where an object is not of that form, or has a key that only a later procdef knows."""
    known = {key.rstrip("?"): key for key in form}
    yield from (f"the key {at}{key} is of a later procdef" for key in sorted(set(value) - set(known)))
    for name, key in known.items():
        kind, inner = form[key], value.get(name)
        if name not in value and key != name:
            continue
        if isinstance(kind, dict) and isinstance(inner, dict):
            yield from _unlike(kind, inner, f"{at}{name}.")
        elif type(inner) is not kind if isinstance(kind, type) else not (type(inner) is str and re.fullmatch(kind, inner)):
            yield f"{at}{name} is not as the format says"


def _faults(event: Any) -> Iterator[str]:
    """What is wrong with an event by itself."""
    def pointers(value: Any, at: str = "") -> Iterator[str]:
        yield at
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            yield from pointers(inner, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
    yield from _unlike(ENVELOPE, event)
    kind, data, sealed, named = event["type"], event["data"], event.get("private", {}), event.get("definition")
    if event["v"] != 1 or (named or {}).get("lang", 1) != 1 or not (kind in DATA or kind.startswith("x-")):
        yield "its format, language or type is of a later procdef, or its type is of another stream"
    if datetime.fromisoformat(event["at"][:-1]) < datetime.fromisoformat(event.get("happened", event["at"])[:-1]):
        yield "it happened after it was recorded"
    for roles in (event[who]["roles"] for who in ("by", "for") if "roles" in event.get(who, ())):
        if not roles or roles != sorted(set(roles)) or not all(re.fullmatch(NAME, role) for role in roles):
            yield "the roles are no names in their order"
    if kind.startswith("timer.") and ((event["at"] < data["due"]) is not ("before" in data) or event["via"] != "worker"):
        yield "it is told by no worker, or not at its time: a reminder before that is due, all else from then on"
    if kind in DATA and not all(_sayings(kind, data, event.get("happened", event["at"]))):
        yield "its data says what is not of its form, or contradicts itself"
    if (event["stream"] == "system") is not (named is None):
        yield "it names no definition, or one where none belongs"
    own = DATA.get(kind, [])
    later = {*data, *(pointer.split("/")[1] for pointer in sealed)} - {each.strip("*").split("/")[0] for each in own}
    yield from (f"the key data.{key} is of a later procdef" for key in sorted(later if own else ()))
    apart = {f"/{each[:-1]}" for each in own if each[-1] == "*" and (each, data.get("do")) != ("arguments/reason*", "lose")}
    yield from (f"{each} stands in its data" for each in sorted((apart | set(sealed)) & set(pointers(data))))
    for pointer, made in sealed.items():
        if not re.fullmatch(HASH, made) or (own and pointer not in apart and not re.match("(/arguments)?/values/", pointer)):
            yield f"{pointer} is no personal value, or has no commitment"


def _sayings(kind: str, data: Any, occurred: str) -> Iterator[bool]:
    """What has to hold of the data of an event, whatever the definition and the events before say."""
    for at in (data.get("due"), data.get("until"), *data.get("dues", {}).values()):
        yield at is None or bool(re.fullmatch(TIME, at) and datetime.fromisoformat(at[:-1]))
    yield data.get("dues") != {} and all(re.fullmatch(HASH, data[key]) for key in ("plan", "sha256") if key in data)
    if kind == "action.completed":
        yield data.get("row") == data["facts"].get("rows", {}).get(data["action"]) and data.get("row") != 0
        yield "until" not in data or (data["until"] >= occurred and data.get("decision") != "reject")
    if kind == "deal.migrated":
        for names in (data.get("fields", {}), data.get("actions", {})):
            yield len({*names.values()} - {None}) == sum(new is not None for new in names.values())
        for rows in (data["unset"], data.get("voided", []), sorted(data["path"])):
            yield rows == sorted({*rows})
        yield {*data["unset"]} <= {*data.get("fields", {})} - {*data["values"]}
    if kind == "timer.reminded":
        yield bool(re.fullmatch("[1-9][0-9]{0,5} (business )?(minute|hour|day|week|month|year)s?", data["before"]))
    if kind == "timer.escalated":
        yield data["to"] == sorted({*data["to"]}) != []


def held_on(people: Any, who: str, day: str) -> Optional[tuple[list[str], str]]:
    """The roles that a directory of people gives somebody on a day, and for whom they stand in by that."""
    def on(listed: Any) -> set[str]:
        return {one["id"] for one in listed if any(p.get("from", day) <= day <= p.get("until", day) for p in one["periods"])}
    there = {one["id"]: (on(one.get("roles", ())), on(one.get("deputies", ()))) for one in people}
    if who not in there:
        return None
    absent = [one for one in sorted(there) if one != who and who in there[one][1] and not there[one][0] <= there[who][0]]
    return sorted(there[who][0].union(*(there[one][0] for one in absent))), ",".join(absent)


def is_directory(told: Any) -> bool:
    """Whether this is a directory of people in its one form. Raises one of ``UNREADABLE`` for what is nothing like it."""
    def days(given: Any) -> tuple[date, date]:
        both = given.get("from", "0001-01-01"), given.get("until", "9999-12-31")
        first, last = (date.fromisoformat(day if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day) else "") for day in both)
        return first, last
    def listed(rows: Any, shape: str) -> bool:
        held = [(row["id"], [*map(days, row["periods"])], {*row}.union(*row["periods"])) for row in rows]
        return [each for each, *_ in held] == sorted({each for each, *_ in held}) != [] and all(
            re.fullmatch(shape, each) and spans == sorted({*spans}) != [] and all(one <= other for one, other in spans)
            and keys <= {"id", "periods", "from", "until"} for each, spans, keys in held)  # fmt: skip
    people, ids = told["people"], [one["id"] for one in told["people"]]
    logins = [one["login"] for one in people if "login" in one]
    right = canonical(told["procdef-people"]) == b"1" and len(told) == 2 and len({*logins}) == len(logins)
    return right and ids == sorted({*ids}) != [] and all(
        re.fullmatch(r"[^\s:,]{1,64}", one["id"]) and one["id"].isprintable() and not re.search(UNSEEN, one["id"])
        and re.fullmatch(r"\S(.{0,198}\S)?", login := one.get("login", "-")) and login.isprintable()
        and {*one} <= {"id", "login", "roles", "deputies"} and listed(one.get("roles", ALL), "[a-z][a-z0-9_]{0,63}")
        and listed(one.get("deputies", ALL), ".+") and {each["id"] for each in one.get("deputies", ())} <= {*ids} - {one["id"]}
        for one in people)  # fmt: skip


class BundleReport:
    """What is wrong with a bundle, and what it comes to."""

    def __init__(self, members: dict[str, bytes], trusted: Optional[str], held: Optional[bytes]) -> None:
        self.members, self.trusted, self.held, self.key = members, trusted, held, ""
        self.about, self.events, self.keys, self.published = dict[str, Any](), list[Any](), list[Any](), list[Any]()
        self.proved, self.erased, self.opened = 0, 0, "personal values left out"
        self.parts, self.wrong = {"README.txt", "verify_bundle.py", "bundle.json", "SHA256SUMS"}, list[str]()

    def find(self, where: str, what: str) -> None:
        self.wrong.append(f"{where}: {what}")

    def read(self) -> None:
        self.about = about = parsed(self.members["bundle.json"])
        if canonical(about["format"]) != b"1":
            raise Unusable("the bundle is of another format; use the verifier of the procdef that made it")
        if (wrong := [*_unlike(BUNDLE, about)]) or not about["events"]:
            raise ValueError(", ".join(wrong) or "it has no events")
        self.parts |= {name for name, key in (("checkpoint.note", "signed"), ("openings.json", "personal")) if about[key]}
        self.events, self.keys = self._rows("events", about["stream"]), self._rows("keys", "system")
        self.published = self._rows("people", "system") if "people" in about else []

    def _rows(self, folder: str, stream: str) -> list[Any]:
        """Each event with its hash and place (-1 where it has none), its form and its inclusion proof checked."""
        found, about, root = list[Any](), self.about, unbase64(self.about["root"])
        for row in about[folder]:
            self.parts.add(where := f"{folder}/{row['n']:06}.json")
            body = self.members.get(where, b"")
            try:
                event, leaf, index = parsed(body), sha256(b"\x00" + body).digest(), row.get("index", -1)
                for fault in _faults(event):
                    self.find(where, fault)
                if (event["log"], event["stream"], event["n"]) != (about["log"], stream, row["n"]):
                    self.find(where, "is another event, or of another log")
                odd = {type(index), type(row["n"])} != {int} or set(row) not in ({"n"}, {"n", "index", "path"})
                if odd or (found and (row["n"] <= found[-1][0]["n"] or 0 <= index <= found[-1][2])):
                    self.find(where, "its place in the log is not after that of the event before")
                elif index >= 0 and not included(leaf, index, about["size"], [unbase64(h) for h in row["path"]], root):
                    self.find(where, "its inclusion proof does not lead to the root of the checkpoint")
                if (index < 0 and not about["signed"]) or (found and found[-1][2] < 0 <= index):
                    self.find(where, "lacks an inclusion proof, or stands after an event that does")
                found.append((event, leaf.hex(), index))
            except UNREADABLE as error:
                self.find(where, f"cannot be read: {error}" if body else "missing")
        return found

    def chain(self) -> None:
        prev, at, left, letters, command, rung = "0" * 64, "", 0, "", dict[str, Any](), set[Any]()
        for number, (event, leaf, index) in enumerate(self.events, 1):
            where, cmd = f"events/{event['n']:06}.json", event["cmd"]
            if event["n"] != number or event["prev"] != prev or (number == 1) is not (event["type"] == "deal.started"):
                self.find(where, "the chain of hashes is broken here, or it has another start than that of the deal")
            if event["at"] < at:
                self.find(where, "time runs backwards here")
            if (once := (event["type"], canonical(event["data"]))) in rung:
                self.find(where, "a timer told this before, in the same visit to the stage")
            rung = set[Any]() if once[0] in VISITS else {*rung, once} if once[0].startswith("timer.") else rung
            first, shared = cmd["i"] == 1, {"id": cmd["id"], "of": cmd["of"], **{k: event.get(k) for k in SHARED}}
            torn = first != (left == 0) or (not first and (shared != command or cmd["i"] != cmd["of"] - left + 1))
            letters = ("" if first else letters) + LETTERS.get(event["type"], ".")
            prev, at, left, command = leaf, event["at"], cmd["of"] - cmd["i"], shared
            if torn or (left == 0 and not re.fullmatch(ORDER, letters)):
                self.find(where, "a command is torn here, or has events that come from no one command")
            self.proved += index >= 0
        if left:
            self.find("events", "the last command is not whole: its end is missing")

    def definitions(self) -> None:
        before, odd = self.events[0][0]["definition"], set[str]()
        for event, *_ in self.events:  # they name one, until the deal is taken over to another version of the process
            named, data = event["definition"], event["data"]
            name, way = f"definitions/{named['sha256']}.yaml", [before["version"], named["version"]]
            right = named == before
            if event["type"] == "deal.migrated":
                right = [data["from"], data["to"], data["path"][-1], named["id"]] == [*way, data["stage"], before["id"]]
                right = right and way[0] != way[1]
            if not right or sha256(self.members.get(name, b"")).hexdigest() != named["sha256"]:
                odd.add(name)
            self.parts, before = self.parts | {name}, named
        for name in sorted(odd):
            self.find(name, "is not the definition that the events name, or they name another one too")

    def due_times(self) -> None:
        """What timers tell is of the stage where the deal is, and of a time that the events before tell for it."""
        stage, due, lapses = "", dict[str, Any](), list[tuple[str, str]]()
        for event in (event for event, *_ in self.events if event["type"] in DATA):
            kind, data, of = event["type"], event["data"], event["data"].get("of", "")
            stage = data.get("to" if kind in VISITS[:2] else "stage", stage) if kind in (*PLACES, *VISITS[:2]) else stage
            lapsing = kind == "timer.reminded" and (of, data["due"]) in lapses
            if kind.startswith("timer.") and (of.split(".")[0] != stage or not (lapsing or data["due"] == due.get(of))):
                self.find(f"events/{event['n']:06}.json", "no event before tells that this is due then, where the deal is")
            if any(path.split(".")[0] != stage for path in data.get("dues", {})):
                self.find(f"events/{event['n']:06}.json", "it tells of an action that is due in another stage")
            if kind == "deal.migrated":
                lapses = [(data.get("actions", {}).get(path, path), until) for path, until in lapses]
            due = {} if kind in (*PLACES, *VISITS, "deal.lost", "deal.finished") else due
            due |= {**({stage: data["due"]} if "due" in data and not of else {}), **data.get("dues", {})}
            lapses += [(data["action"], data["until"])] if "until" in data else []

    def people(self) -> None:
        """The roles that come from a directory of people are those that the one in force gives, on that day or the next."""
        wrong = [event["n"] for event, *_ in self.published if event["type"] != "people.published"]
        self.wrong += [f"people/{n:06}.json: publishes no directory of people" for n in wrong]
        told = [(index, event["data"]["sha256"]) for event, _, index in self.published if event["n"] not in wrong]
        for event, _, index in self.events:
            for key, who in ((key, event[key]) for key in ("by", "for") if key in event):
                named = re.fullmatch("people:([0-9a-f]{16})(?::(.+))?", who.get("from", ""), re.DOTALL)
                before = [sha for at, sha in told if 0 <= at < index or (index < 0 <= at)][-1:]
                if not named:
                    if before and who.get("from", "").lower().startswith("people:"):
                        self.find(f"events/{event['n']:06}.json", "its roles are of a directory in no form of it")
                    continue
                could = before + [sha for at, sha in told if at < 0 and index < 0]  # after the checkpoint nobody can tell which
                sha = next((each for each in could if each[:16] == named[1]), "")
                name = f"directories/{sha}.json"
                self.parts |= {name} if sha else set()
                source = self.members.get(name, b"")
                if not sha or sha256(source).hexdigest() != sha:
                    self.find(f"events/{event['n']:06}.json", "its roles are of no directory in force, or that is not here")
                    continue
                day, people = date.fromisoformat(event["at"][:10]), parsed(source)["people"]
                given = [held_on(people, who["id"], str(day + timedelta(more))) for more in (-1, 0, 1)]
                odd = event["via"] == "import" or (key == "by" and "for" in event)
                if odd or (who.get("roles", []), named[2] or "") not in given:
                    self.find(f"events/{event['n']:06}.json", "its roles are not those that the directory of people gives")

        for name in (name for name in self.members if name.startswith("directories/")):
            if not is_directory(parsed(self.members[name])):
                self.find(name, "is no directory of people as the format has it")

    def personal(self) -> None:
        about, opened, gone = self.about, set[Any](), set[Any]()
        made = {(event["n"], at): each for event, *_ in self.events for at, each in event.get("private", {}).items()}
        for event in (event for event, *_ in self.events if event["type"] == "privacy.erased"):
            for stream, n, path in event["data"]["leaves"]:
                if stream != about["stream"] or not n < event["n"] or (n, path) not in made:
                    self.find(f"events/{event['n']:06}.json", f"erases {path} of event {n}, no personal value before it")
                gone.add((n, path))
        for row in parsed(self.members["openings.json"]) if about["personal"] else ():
            place, salt = (row["n"], row["path"]), bytes.fromhex(row["salt"])
            said = canonical([about["log"], about["stream"], *place, row["value"]])
            right = len(salt) == 32 and salt.hex() == row["salt"] and set(row) == {"n", "path", "salt", "value"}
            right = right and sha256(b"\x02" + salt + said).hexdigest() == made.get(place)
            if not right or place in opened | gone:
                self.find("openings.json", f"{row['path']} of event {row['n']} was erased, or is not what that commits to")
            opened.add(place)
        for n, path in sorted(set(made) - opened - gone) if about["personal"] else ():
            self.find("openings.json", f"lacks {path} of event {n}, which was not erased")
        self.erased, self.opened = len(gone), f"{len(opened)} personal values open" if about["personal"] else self.opened

    def signature(self) -> None:
        """The log's keys, each signed for by the one before, and the signature of the last over the checkpoint."""
        about, held, trusted, origin = self.about, self.held, self.trusted, f"procdef.log/{self.about['log']}"
        keys: list[Any] = [()]
        for event, _, index in self.keys:
            new, before = event["data"]["new"], event["data"].get("old", ())
            said = f"procdef.log/rekeyed\n{about['log']}\n{before or ''}\n{new}\n".encode()
            made, signer = unbase64(event["data"]["signature"]), key_of(before or new)[2]
            whole = (event["type"], event["cmd"]["i"], event["cmd"]["of"]) == ("log.rekeyed", 1, 1) and before == keys[-1]
            if not whole or key_of(new)[0] != origin or new in keys or index < 0 or not ed25519(signer, said, made):
                self.find("keys", f"event {event['n']} of system makes no key the log's")
            keys.append(new)
        if trusted is not None and (trusted not in keys or not about["signed"]):
            why = "none of this log's keys is the one" if about["signed"] else "there is none, so the key"
            self.find("checkpoint.note", f"{why} that you gave{'' if about['signed'] else ' signed nothing of this'}")
        if held is not None and (not about["signed"] or note_of(held)[0] != note_of(self.members["checkpoint.note"])[0]):
            self.find("checkpoint.note", "is not over the same as the note that you hold; ask for a bundle by that one")
        if about["signed"]:
            text, size, root, signatures = note_of(self.members["checkpoint.note"])
            if (text.split("\n")[0], size, b64encode(root).decode()) != (origin, about["size"], about["root"]):
                self.find("checkpoint.note", "is over another log, another size or another root")
            self.key, (name, ident, key) = keys[-1], key_of(keys[-1])
            mine = [made[4:] for who, made in signatures if (who, made[:4]) == (name, ident)]
            if not mine or not all(ed25519(key, text.encode("utf-8"), made) for made in mine):
                self.find("checkpoint.note", "is not signed by the log's key")

    def sums(self) -> None:
        for name in sorted(self.parts ^ set(self.members)):
            self.find(name, "missing" if name in self.parts else "does not belong to the bundle")
        made = {name: sha256(body).hexdigest() for name, body in self.members.items() if name != "SHA256SUMS"}
        if "".join(f"{made[name]}  {name}\n" for name in sorted(made)).encode() != self.members.get("SHA256SUMS"):
            self.find("SHA256SUMS", "is not that of the other members")


def verify(members: dict[str, bytes], trusted: Optional[str] = None, held: Optional[bytes] = None) -> BundleReport:
    """Everything that is wrong with a bundle. ``trusted`` is a public key, ``held`` a note that the reader has."""
    report = BundleReport(members, trusted, held)
    checks = (report.chain, report.definitions, report.due_times, report.people, report.personal, report.signature, report.sums)
    for check in (report.read, *checks):
        try:
            check()
        except UNREADABLE as error:
            report.find("bundle", f"{check.__name__}: cannot be read: {error!r}")
            if check == report.read:
                break
    return report


def plain(text: object) -> str:
    """The text on one line, with nothing in it that acts on a terminal or is not to be seen."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(text))


def told(report: BundleReport) -> list[str]:
    """The report for people: what was found, the level, and what that means."""
    if report.wrong:
        return [*report.wrong, f"level: broken; {len(report.wrong)} findings, and this bundle proves nothing"]
    about, count = report.about, len(report.about["events"])
    made_up = any("procdef-simulate" in (event["by"]["id"], event.get("for", event["by"])["id"]) for event, *_ in report.events)
    lines = ["a simulated deal: it is made up, and nobody ever worked on it"] if made_up else []
    lines += [
        f"{about['stream']}: events 1 to {count}, from {report.events[0][0]['at']} to {report.events[-1][0]['at']}",
        "holds: canonical form, envelopes, keys of the data, hashes, chain, commands, definitions (their SHA-256), "
        "what is personal in every process set apart, erasures, due times against earlier events, inclusion proofs",
        "not checked: what the definition says, and so its id and version in it, which fields are personal, and each step",
        f"{report.opened}, {report.erased} erased",
    ]
    if not about["signed"]:
        return [*lines, "level: unsigned root", f"{count} events that fit a log of {about['size']} events as its owner "
                f"tells it, root {about['root']}; it proves nothing to whoever does not trust the owner"]  # fmt: skip
    level = f"signed by a key that {'you gave' if report.trusted else 'stands in the bundle'}"
    lines += [f"level: {level}{', and the checkpoint is the one you hold' if report.held else ''}",
              f"proves: {report.proved or 'none'} of them stood in the log of {about['size']} events signed by {report.key}; "
              "it cannot prove that the deal's tail is complete"]  # fmt: skip
    if count > report.proved:
        lines.append(f"not proved: the {count - report.proved} events after the checkpoint, which only their chain holds")
    return lines if report.trusted else [*lines, "compare the key with the one that the log's owner published, or give --key"]


def main() -> int:
    """The program."""
    ask = argparse.ArgumentParser(description="Check a bundle of procdef audit proof.")
    ask.add_argument("bundle")
    ask.add_argument("--key", help="a public key of the log, as it was published: NAME+ID+BASE64")
    ask.add_argument("--note", help="the file of a note that you hold")
    given = ask.parse_args()
    try:
        raw = None if given.note is None else Path(given.note).read_bytes()
        held = raw and raw.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf")
        _ = held is not None and note_of(held), given.key is not None and key_of(given.key)
        report = verify(members_of(given.bundle), given.key, held)
    except (Unusable, OSError, ValueError) as error:
        ask.exit(2, f"{plain(error)}\n")
    print("\n".join(map(plain, told(report))))
    return 1 if report.wrong or (report.about["signed"] and not report.proved) else 0


if __name__ == "__main__":
    sys.exit(main())
