"""What ``audit verify`` is given from outside the database: notes that others hold, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from procdef.log.checkpoint import HeldNote
    from procdef.log.irregularity import Irregularity
    from procdef.log.signed_note import Verifier
    from procdef.store import Inspection
    from procdef.verification import Tally
    from procdef.verification.tree.assurance import Assurance, HeldNoteResult

_WHOLE = "a history rewritten as a whole, or cut off at its end, by somebody who can write to the database"
_OTHERS = "the other deals' events, rows and personal values"
_FALSE = "false entries by those who may make them"
_NO_TREE = (
    "this log is from before there was a Merkle tree and HAS NONE, so no note can vouch for it; it is sealed when a command "
    "that may write to its file opens it"
)
_ASKED = frozenset({"not-anchored", "weak-auth", "key-differs"})
"""Findings that tell of no contradiction, but of less than was required."""
_LONGEST_KEY = 10_000
"""Bytes of a file with a key."""


class Outside:
    """The options, and after ``findings`` the assurance."""

    def __init__(
        self, notes: tuple[str, ...], since: str | None, required: bool, authorities: str | None, keys: tuple[str, ...]
    ) -> None:
        self._notes, self._since, self._required, self._keys = notes, since, required, keys
        self._authorities = Path(authorities) if authorities is not None else None
        self._assurance: Assurance | None = None
        self._stamps: list[str] = []
        self._covered: dict[str, str] = {}

    def findings(self, tx: Inspection, tally: Tally) -> Iterator[Irregularity]:
        """Everything wrong with the log, or with what came since a note. Raises ``InvalidArgument``, ``NoteInvalid``."""
        from procdef.audit.anchors import token_of
        from procdef.errors import InvalidArgument
        from procdef.log.irregularity import Irregularity
        from procdef.verification import verify
        from procdef.verification.tree.assurance import Assurance
        from procdef.verification.tree.whole_tree import verify_tree

        held = tuple(map(note_in, self._notes))
        since = note_in(self._since) if self._since else None
        trusted = tuple(map(_key, self._keys))
        self._assurance = assurance = Assurance()
        notes = (*held, *([since] if since else []))
        if self._authorities is not None and not any(token_of(Path(note.name)) for note in notes):
            raise InvalidArgument("--tsa-ca checks the timestamp beside a note's file (NAME.tsr), and there is none")
        for note in notes:
            yield from self._stamped(note)
        if since is None:
            yield from verify(tx, tally)
            yield from verify_tree(tx, held, assurance, trusted)
        else:
            from procdef.verification.since_note import verify_since

            sound = True
            for found in verify_since(tx, since, held, tally, assurance, trusted):
                sound = False  # such a check may have ended before it had seen all
                yield found
            self._covered = {} if not sound else {
                "checked": f"that the log begins with the tree of {since.name}, the {tally.events} events since then, and all "
                "earlier ones of the same deals, with their rows and personal values",
                "not_checked": _OTHERS,
            }
        if self._required and not assurance.anchored:
            yield Irregularity("not-anchored", "log", 0, "a note from outside that the log begins with", "none")

    def _stamped(self, note: HeldNote) -> Iterator[Irregularity]:
        """What is wrong with the timestamp beside a note."""
        from procdef.audit.anchors import read_file, token_of
        from procdef.audit.timestamps import LONGEST, check_stamp
        from procdef.errors import NoteInvalid
        from procdef.log.irregularity import Irregularity

        token = token_of(Path(note.name)) if self._authorities else None
        if self._authorities is None or token is None:
            return
        try:
            stamped = check_stamp(note.text, read_file(token, LONGEST), read_file(self._authorities, LONGEST))
        except NoteInvalid as error:
            yield Irregularity("timestamp-invalid", "log", 0, f"a timestamp of {note.name} in {token}", str(error))
        else:
            self._stamps.append(f"{note.name} was seen {stamped.at:%Y-%m-%dT%H:%M:%SZ} by {stamped.by}")

    def shown(self) -> dict[str, Any]:
        """The assurance, for programs."""
        assurance = self._assurance
        shown: dict[str, Any] = {"since": self._since} if self._since else {}
        if assurance is not None:
            shown["tree"] = assurance.tree
        if self._covered:
            shown["covers"] = self._covered
        if assurance is not None and assurance.results:
            shown["notes"] = [result._asdict() for result in assurance.results]
        if assurance is None or not assurance.anchored:
            return {**shown, "assurance": "self-consistent only"}
        shown |= {"assurance": str(assurance), "anchor": {"size": assurance.size, "by": assurance.by}}
        return {**shown, "timestamps": self._stamps} if self._stamps else shown

    def told(self, wrong: Collection[str]) -> str:
        """The assurance, and what it does not cover, for people."""
        assurance = self._assurance
        held = [_held_note(result, bool(wrong)) for result in assurance.results] if assurance else []
        if wrong or assurance is None:
            said = "the log contradicts itself" if not self._notes and not self._since else "the log does not hold"
            if _ASKED.issuperset(wrong):
                said = "the log does not contradict itself, but it is not what was asked for"
            return "\n".join([*held, said])
        if not assurance.tree:
            return f"clean; self-consistent only: {_NO_TREE}\nnot covered: {_WHOLE}; {_FALSE}"
        if not assurance.anchored:
            return "\n".join([
                "clean; self-consistent only: no outside anchor was given",
                f"not covered: {_WHOLE}; {_FALSE}",
            ])  # fmt: skip
        after = assurance.total - assurance.size
        rest = f"the {after} events after it, which are self-consistent only; " if after else ""
        if not self._covered:
            return "\n".join([*held, f"clean; {assurance}", *self._stamps, f"not covered: {rest}{_FALSE}"])
        return "\n".join([
            *held, f"what was checked is clean; {assurance}", *self._stamps, f"checked: {self._covered['checked']}",
            f"not checked: {self._covered['not_checked']}; `procdef audit verify` without --since does",
            f"not covered: {rest}{_FALSE}",
        ])  # fmt: skip


def outside(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of what is given from outside, as one ``Outside``."""

    @wraps(function)
    def command(
        note: tuple[str, ...], since: str | None, require_anchor: bool, tsa_ca: str | None, key: tuple[str, ...], **more: Any
    ) -> Any:
        return function(Outside(note, since, require_anchor, tsa_ca, key), **more)

    options = (
        click.option("--note", multiple=True, type=click.Path(), help="A note that somebody holds; may be repeated."),
        click.option("--since", type=click.Path(), help="Check only what came after this note."),
        click.option("--require-anchor", is_flag=True, help="It is a finding when no note from outside holds."),
        click.option("--key", multiple=True, metavar="KEY", help="The log's public key as you were given it, or its file."),
        click.option("--tsa-ca", type=click.Path(), help="Certificates (PEM) to check timestamps beside notes."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _held_note(result: HeldNoteResult, wrong: bool) -> str:
    held = "holds" if not wrong else "the order of the log begins with it, the findings say which events differ"
    until = f", the last of them recorded {result.until}" if result.until else ""
    shown = f"{result.note}: over {result.size} events{until}; {held if result.holds else 'DOES NOT HOLD'}"
    return f"{shown}\n{altered_text(result.note, result.altered)}" if result.altered else shown


def altered_text(note: str, altered: str) -> str:
    """That a note was altered on its way, and what follows from that."""
    return f"{note}: {altered}, by a program on its way; it was read as it was signed, which its signature proves"


def _key(given: str) -> Verifier:
    """A public key, or the first in a file, as ``audit key show`` prints it. Raises ``NoteInvalid``."""
    from procdef.audit.anchors import read_file
    from procdef.errors import NoteInvalid
    from procdef.log.signed_note import Verifier

    text = given if "+" in given else read_file(Path(given), _LONGEST_KEY).decode("utf-8", "replace")
    try:
        return Verifier.parse((text.split() or [""])[0])
    except NoteInvalid as error:
        raise NoteInvalid(f"{given}: {error}") from None


def note_in(file: str) -> HeldNote:
    """The note in a file. Raises ``InvalidArgument``, and ``NoteInvalid``, which names the file."""
    from procdef.audit.anchors import read_note
    from procdef.errors import NoteInvalid
    from procdef.log.altered_notes import held_note
    from procdef.log.checkpoint import read_checkpoint

    note = held_note(file, read_note(Path(file)))
    try:
        read_checkpoint(note.text)
    except NoteInvalid as error:
        raise NoteInvalid(f"{file}: {error}") from None
    return note
