"""Signed notes (c2sp.org/signed-note): a text, a blank line, and one line for each signature; of the kinds only Ed25519.

What is read comes from strangers: anything that is not exactly of the form is one ``NoteInvalid``, whatever its bytes,
and the work is bounded by ``LONGEST``.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from procdef.errors import ExtraMissing, NoteInvalid

LONGEST = 1 << 20
"""Bytes of a note. A hundred of the largest signatures that are in use fit in."""
MOST_SIGNATURES = 100

ED25519 = 1
"""The kind of a signature, in front of a key wherever one is written down."""
_ED25519 = bytes([ED25519])
_PRIVATE = "PRIVATE+KEY+"
_DASH = "\u2014 "


class Signature(NamedTuple):
    """A line under a note: the name of a key, its id (4 bytes), and what it made of the text."""

    name: str
    id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64encode(self.id + self.value).decode()}\n"


class SignedNote(NamedTuple):
    """A text (its last newline included) and its signatures, which vouch for it only after ``opened``."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name. ``str`` gives ``NAME+id+base64``, as it is published."""

    name: str
    key: bytes
    id: bytes = field(init=False)

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.key) != 32:
            raise NoteInvalid("a key has a name without blanks and plus signs, and 32 bytes")
        object.__setattr__(self, "id", sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4])

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """The key of its text. Raises ``NoteInvalid``."""
        name, digits, encoded = _parts(text, "a public key is written NAME+id+base64")
        key = cls(name, encoded)
        if key.id.hex() != digits:
            raise NoteInvalid("the id in the public key is not that of its name and bytes")
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message so."""
        ed25519 = _ed25519()
        from cryptography.exceptions import InvalidSignature

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; ``verifier`` is its public side. Nothing prints the seed but ``secret``."""

    name: str
    seed: bytes = field(repr=False)
    verifier: Verifier = field(init=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise NoteInvalid("a private key has a seed of 32 bytes")
        object.__setattr__(self, "verifier", Verifier(self.name, self._key().public_key().public_bytes_raw()))

    def _key(self) -> Any:
        return _ed25519().Ed25519PrivateKey.from_private_bytes(self.seed)

    @classmethod
    def new(cls, name: str) -> Signer:
        """A fresh key of that name."""
        return cls(name, os.urandom(32))

    @classmethod
    def parse(cls, text: str) -> Signer:
        """The key of its text. Raises ``NoteInvalid``, which never tells any of it."""
        form = "a private key is written PRIVATE+KEY+NAME+id+base64"
        if not text.startswith(_PRIVATE):
            raise NoteInvalid(form)
        name, digits, encoded = _parts(text.removeprefix(_PRIVATE), form)
        signer = cls(name, encoded)
        if signer.verifier.id.hex() != digits:
            raise NoteInvalid("the id in the private key is not that of its name and bytes")
        return signer

    def secret(self) -> str:
        """The private key as it is kept."""
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{b64encode(_ED25519 + self.seed).decode()}"

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes) over the message; always the same for the same message."""
        signature: bytes = self._key().sign(message)
        return signature


def signed(text: str, *signers: Signer) -> SignedNote:
    """The text as a note signed by all of these. Raises ``NoteInvalid`` for a text that no note can have."""
    note = SignedNote(text, tuple(Signature(s.name, s.verifier.id, s.sign(_utf8(text))) for s in signers))
    return parse_note(str(note))


def opened(given: bytes | str, verifiers: Iterable[Verifier]) -> SignedNote:
    """The note, with only those signatures that these keys made.

    Raises ``NoteInvalid`` where there is none, and where one of them bears a known key's name and id and is not its.
    """
    note, known = parse_note(given), {(key.name, key.id): key for key in verifiers}
    message, vouching = note.text.encode(), []
    for signature in note.signatures:
        key = known.get(signature[:2])
        if key is None:
            continue
        if not key.verify(message, signature.value):
            raise NoteInvalid(f"the signature by {key.name}+{key.id.hex()} is not over this text")
        if signature not in vouching:
            vouching.append(signature)
    if not vouching:
        raise NoteInvalid("the note has no signature by a key that is known here")
    return note._replace(signatures=tuple(vouching))


def parse_note(given: bytes | str) -> SignedNote:
    """A note as it is written, its signatures unchecked. Raises ``NoteInvalid``."""
    whole = _text(given)
    front, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteInvalid("a note is a text, a blank line and signatures, and ends with a newline")
    found = lines[:-1].split("\n")
    if len(found) > MOST_SIGNATURES:
        raise NoteInvalid(f"a note has at most {MOST_SIGNATURES} signatures")
    return SignedNote(f"{front}\n", tuple(map(_signature, found)))


def base64_bytes(text: str, what: str) -> bytes:
    """The bytes of standard base64 in the one form that encoding gives. Raises ``NoteInvalid``."""
    try:
        found = b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise NoteInvalid(f"{what} is not base64") from None
    if b64encode(found).decode() != text:
        raise NoteInvalid(f"{what} is not base64")
    return found


def _signature(line: str) -> Signature:
    name, blank, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not blank or not _is_name(name):
        raise NoteInvalid("under the blank line a note has lines of an em dash, the name of a key, and a signature")
    found = base64_bytes(encoded, "a signature")
    if len(found) < 5:
        raise NoteInvalid("a signature has the id of its key in front, 4 bytes")
    return Signature(name, found[:4], found[4:])


def _text(given: bytes | str) -> str:
    raw = given if isinstance(given, bytes) else _utf8(given)
    if len(raw) > LONGEST:
        raise NoteInvalid(f"a note is at most {LONGEST} bytes long")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise NoteInvalid("a note is text in UTF-8") from None
    if any(each < " " and each != "\n" for each in text):
        raise NoteInvalid("a note has no control characters but newlines")
    return text


def kind_of(text: str) -> int | None:
    """The kind of a public key as it is written, known or not; ``None`` for what is no public key."""
    try:
        name, digits, found = _pieces(text, "")
    except NoteInvalid:
        return None
    return found[0] if found and sha256(name.encode() + b"\n" + found).digest()[:4].hex() == digits else None


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NoteInvalid("a note is text in UTF-8") from None


def _parts(text: str, form: str) -> tuple[str, str, bytes]:
    """Name, hex digits and the 32 bytes of a key's text."""
    name, digits, found = _pieces(text, form)
    if len(found) != 33 or found[:1] != _ED25519:
        raise NoteInvalid("the key is not an Ed25519 key, which is 0x01 and 32 bytes")
    return name, digits, found[1:]


def _pieces(text: str, form: str) -> tuple[str, str, bytes]:
    """Name, hex digits and the bytes of a key's text, the kind in front."""
    name, first, rest = text.partition("+")
    digits, second, encoded = rest.partition("+")
    if not (first and second and _is_name(name)):
        raise NoteInvalid(form)
    return name, digits, base64_bytes(encoded, "what stands last in a key")


def _is_name(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return bool(name) and not any(each.isspace() or each == "+" or each < " " for each in name)


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise ExtraMissing('signatures need the package cryptography; run pip install "procdef[audit]"') from None
    return ed25519
