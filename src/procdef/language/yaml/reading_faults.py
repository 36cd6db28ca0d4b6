"""Findings that are made while a file is read: at characters of the whole file, before there is a tree with routes."""

from __future__ import annotations

from procdef.diagnostics import Finding, Place, SubjectKind
from procdef.language.yaml.nodes import Stretch


def reading_fault(
    code: str, at: Stretch, sentence: str, subject: str | None = None, kind: SubjectKind | None = None, **details: object
) -> Finding:
    """The finding at a stretch of the file; see ``Finding`` for the sentence and what is filled in."""
    return Finding(code, Place((), "file", at.start, at.end), sentence, subject=subject, kind=kind, details=details)


def cut_by_yaml(at: Stretch, sentence: str, **details: object) -> Finding:
    """The finding on a text of which YAML makes something else."""
    return reading_fault("cut-by-yaml", at, sentence, None, "text", **details)


def stretch_of(fault: Finding) -> Stretch:
    """Where a finding of ``reading_fault`` stands."""
    return Stretch(fault.place.start or 0, fault.place.end or 0)
