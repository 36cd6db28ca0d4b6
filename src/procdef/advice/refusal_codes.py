"""What the codes of a refusal mean, in the plain words of a log or a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from procdef.log.event import NO_ID

_SAID = {
    "closed": "the deal was closed",
    "not-declared": "{0} is not known to the process",
    "elsewhere": "{0} belongs to another stage",
    "not-yours": "{0} is for another role",
    "no-such-move": "there is no such move to {0}",
    "not-on-path": "{0} is not on the way the deal came",
    "not-won": "the deal was not won",
    "no-target": "no way forward was open: {all}",
    "several-targets": "several ways were open and none was named: {all}",
    "several-criteria": "several criteria have this id: {all}",
    "branch-closed": "the way to {0} was not open",
    "action-open": "{0} was not done",
    "when-unknown": "it was not known whether {0} is needed",
    "when-false": "{0} was not needed",
    "needs-open": "{0} had to be done first",
    "records-unset": "{0} was not filled in",
    "reason-missing": "the reason was missing",
    "note-missing": "the note was missing",
    "way-missing": "the way of {0} was missing",
    "evidence-missing": "the evidence of {0} was missing",
    "decision-missing": "{0} was neither approved nor rejected",
    "criterion-unmet": "{0} was not met",
    "criterion-unknown": "{0} could not be judged, for something was not filled in",
    "not-waivable": "nobody may waive {0}",
    "already-met": "{0} was met",
    "four-eyes": "{0} takes a second person",
    "gate-shut": "{0} could no longer be changed",
    "bad-value": "{0} did not fit",
    "too-late": "it was too late",
}


def said(code: str, about: Sequence[str]) -> str:
    """An unmet thing in words; a code that is not known here stands for itself."""
    about = ["what was named" if name == NO_ID else name for name in about]
    if code not in _SAID:
        return f"{', '.join(about)} ({code})" if about else code
    return _SAID[code].format(*(about or ("it",)), all=", ".join(about))


def titled(name: str, titles: Mapping[str, str]) -> str:
    """A title with its id behind it, or the id where there is no other title."""
    title = titles.get(name, name)
    return name if title == name else f"{title} ({name})"
