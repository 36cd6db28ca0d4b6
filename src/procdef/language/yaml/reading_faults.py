"""Findings that are made while a file is read: at characters of the whole file, before there is a tree with routes."""

from __future__ import annotations

from dataclasses import replace

from procdef.diagnostics import Finding, Place, SubjectKind
from procdef.language.yaml.nodes import Stretch

NO_COLON = 'the colon after "{subject}" is missing; write {subject}: {rest}'
NO_COLON_ALONE = 'the colon after "{subject}" is missing; write {subject}:'
NO_SPACE_AFTER_COLON = "the space after the colon is missing; write {subject}: {rest}"


def reading_fault(
    code: str, at: Stretch, sentence: str, subject: str | None = None, kind: SubjectKind | None = None, **details: object
) -> Finding:
    """The finding at a stretch of the file; see ``Finding`` for the sentence and what is filled in."""
    return Finding(code, Place((), "file", at.start, at.end), sentence, subject=subject, kind=kind, details=details)


def cut_by_yaml(at: Stretch, sentence: str, **details: object) -> Finding:
    """The finding on a text of which YAML makes something else; ``form`` in the details is what to write there instead."""
    form = details.get("form")
    found = reading_fault("cut-by-yaml", at, sentence, None, "text", **details)
    return found if form is None else replace(found, fix=str(form))


def stretch_of(fault: Finding) -> Stretch:
    """Where a finding of ``reading_fault`` stands."""
    return Stretch(fault.place.start or 0, fault.place.end or 0)


def glued_fault(at: Stretch, key: str, rest: str, colon: bool) -> Finding:
    """What to say of a key and the bracket of its value without a colon, or without a space, between them."""
    sentence = NO_SPACE_AFTER_COLON if colon else "the colon before the {sign} is missing; write {subject}: {rest}"
    return replace(reading_fault("syntax", at, sentence, key, "key", sign=rest[:1], rest=rest), fix=f"{key}: ")


def no_colon(at: Stretch, key: str, rest: str, colon: bool = False) -> Finding:
    """What to say of a line, or a part in brackets, where the colon after the key is missing, or the space after the colon."""
    sentence = NO_SPACE_AFTER_COLON if colon else NO_COLON if rest else NO_COLON_ALONE
    return replace(reading_fault("syntax", at, sentence, key, "key", rest=rest), fix=f"{key}: {rest}".rstrip())
