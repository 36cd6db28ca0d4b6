"""The codes of a refusal: one table of what each means, what it is about, and what is said of it to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from procdef.log.event import NO_ID


class RefusalCode(NamedTuple):
    """A code and its sentences.

    ``meaning`` and ``about`` stand in the documentation: what the code means, and which ids its ``about`` holds.
    ``message`` is what the person reads who was refused, ``logged`` what a log or a report says later. In both ``{0}`` is
    the first id, ``{all}`` are all of them. ``more`` are further sentences under names of their own: other messages for
    special cases, reasons (those of an obstacle's ``cause`` under its name), and what to do about it (that of a ``remedy``
    under its name). ``repeat``: what is missing can be given with the same step, sent again.
    """

    code: str
    meaning: str
    about: str
    message: str
    logged: str
    more: Mapping[str, str] = {}
    repeat: bool = False


_TABLE = (
    RefusalCode(
        "closed",
        "the deal is lost or finished, and takes no such step",
        "the stage in which the deal is lost or done",
        "the deal is finished and takes only notes",
        "the deal was closed",
        {"lost": "the deal is lost ({reason})"},
    ),
    RefusalCode(
        "not-declared",
        "the process does not know this id",
        "the reason, way, objection, field, action, stage or criterion that the definition lacks",
        '{of} has no {kind} called "{id}"{hint}',
        "{0} is not known to the process",
        {
            "not an id": "{of} has no {kind} of that name",
            "no ways": "{of} has no ways to choose from",
            "other stage": "{id} is an objection of {homes}, and the deal is in {of}",
        },
    ),
    RefusalCode(
        "elsewhere",
        "the action or criterion is not one that counts in this stage; of a start: no deal starts in that stage",
        "the action or criterion of another stage (all that have this id), or the stage in which no deal starts",
        "{any} does not count in {stage}",
        "{0} belongs to another stage",
        {
            "start": "no deal starts in {0}; it starts in {starts}",
            "action": "{own} belongs to {homes}, and the deal is in {stage}",
            "none here": "{stage} has no {kind}",
        },
    ),
    RefusalCode(
        "not-yours",
        "other roles do this, or take the one way that is open",
        "the stage, action, target or criterion, or `assign`, `correct`, `reopen`, `note`; `roles` could",
        "this is for {roles}, and {person} {own}",
        "{0} was for another role",
        {
            "nobody": "nobody",
            "roles": "is {roles}",
            "no role": "has no role",
            "unknown roles": "{process} has {unknown}; use {roles}",
            "unknown role": "no role {role}",
            "directory roles": "{process} has {unknown}, which is from the directory of people; use {roles} there",
            "correct": "if it is a typing error, correct it",
        },
    ),
    RefusalCode(
        "no-such-move",
        "no such way leads on or back from this stage; of `finish`: the process does not end here; "
        "of `reopen`: the deal is open",
        "the stage",
        "{stage} does not lead to {0}",
        "there is no such move: {0}",
        {
            "end": "the process ends in {stage}",
            "lose": "in this process no deal can be lost",
            "finish": "the process does not end in {stage}",
            "reopen lost": "in this process a lost deal cannot be reopened",
            "reopen": "the deal is not lost",
            "ways": "from {stage} a deal can go {ways}",
            "logged way": "there is no such move to {0}",
            "logged reopen": "it was not lost, or this process does not reopen lost deals",
        },
    ),
    RefusalCode(
        "not-on-path",
        "the deal did not come through that stage",
        "the stage",
        "the deal did not come through {0}",
        "the deal did not come through {0}",
        {"path": "it came by {path}", "no path": "it started here"},
    ),
    RefusalCode(
        "not-won",
        "the process ends here, and the deal is not won: only a won deal is finished",
        "the stage",
        "the deal is not won yet",
        "the deal was not won",
    ),
    RefusalCode(
        "no-target",
        "no stage was named, and no way forward has a `when` that holds",
        "the targets",
        "no way forward is open: {all}",
        "no way forward was open: {all}",
    ),
    RefusalCode(
        "several-targets",
        "several ways, or several start stages, are open: name one",
        "the targets",
        "several ways are open, name one: {all}",
        "several ways were open and none was named: {all}",
        {"start": "a deal starts in {any}; name one"},
    ),
    RefusalCode(
        "several-criteria",
        "several criteria have this id: write `stage.id`",
        "the criteria with that id",
        "several criteria have this id, name the stage: {all}",
        "several criteria have this id: {all}",
    ),
    RefusalCode(
        "branch-closed",
        "the way's `when` does not hold",
        "the target whose condition is not true",
        "the way to {0} is not open",
        "the way to {0} was not open",
    ),
    RefusalCode(
        "action-open",
        "a required action is not done",
        "the action",
        "{0} is not done",
        "{0} was not done",
        {
            "before": "{actions} must be done first",
            "empty": "{fields} {are} not filled in",
            "emptied": "it was, but does not count while {fields} {are} not filled in",
            "times": "it must be done {at_least} times, so far {times}",
            "another row": "{people} approved it while another row of its table held",
            "lapsed": "what {people} did has lapsed",
            "rejected": "{person} rejected it",
            "excluded": "somebody other than {people} must do it",
            "in addition": "{message}: {parts}",
        },
    ),
    RefusalCode(
        "when-unknown",
        "whether the action is needed is not known: a field is not filled in",
        "the action",
        "whether {0} is needed is not known yet",
        "it was not known whether {0} is needed",
        {"why": "it depends on {fields}, which {are} not filled in", "fix": "fill in {fields}"},
    ),
    RefusalCode(
        "when-false",
        "the action is not needed now",
        "the action",
        "{0} is not needed now",
        "{0} was not needed",
    ),
    RefusalCode(
        "approver-unknown",
        "which row of the action's table in `by` holds is not known: a field is not filled in",
        "the action",
        "who decides on {0} is not known yet",
        "it was not known who decides on {0}",
        {"why": "it depends on {fields}, which {are} not filled in", "fix": "fill in {fields}"},
    ),
    RefusalCode(
        "needs-open",
        "another action must be done first",
        "the action that is missing",
        "{0} must be done first",
        "{0} had to be done first",
        {"other stage": "{0} must be done first, in {home}"},
    ),
    RefusalCode(
        "criterion-unmet",
        "a criterion does not hold",
        "the criterion",
        "{0} does not hold",
        "{0} was not met",
        {"empty": "{fields} {are} not filled in", "at a start": "{fix} (nothing can be waived at a start)"},
    ),
    RefusalCode(
        "criterion-unknown",
        "whether a criterion holds is not known: a field is not filled in",
        "the criterion",
        "{0} does not hold",
        "{0} could not be judged, because something was not filled in",
        {"at a start": "{fix} (nothing can be waived at a start)"},
    ),
    RefusalCode(
        "not-waivable",
        "the criterion has no `waivable_by`",
        "the criterion",
        "nobody may waive {0}",
        "nobody may waive {0}",
    ),
    RefusalCode(
        "already-met",
        "the criterion holds, so there is nothing to waive",
        "the criterion",
        "{0} is met, so there is nothing to waive",
        "{0} was met",
    ),
    RefusalCode(
        "reason-missing",
        "a reason is asked for",
        "the action, or the command",
        "a reason is missing",
        "the reason was missing",
        {"lose": "name one of {candidates}"},
        repeat=True,
    ),
    RefusalCode(
        "note-missing",
        "a note is asked for",
        "the action, or the command",
        "a note is missing",
        "the note was missing",
        repeat=True,
    ),
    RefusalCode(
        "way-missing",
        "say in which of the `ways` it was done",
        "the action, or the command",
        "the way is missing",
        "the way of {0} was missing",
        {"fix": "name one of {candidates}"},
        repeat=True,
    ),
    RefusalCode(
        "evidence-missing",
        "the action asks for a note, a link or a document",
        "the action, or the command",
        "the evidence is missing",
        "the evidence of {0} was missing",
        {
            "note": "write what was said or done",
            "link": "give an http(s) address",
            "document": 'give the path of a file, or, of one that is kept elsewhere, name and SHA-256: "NAME sha256:HEX"',
        },
        repeat=True,
    ),
    RefusalCode(
        "decision-missing",
        "the action is a decision: approve or reject",
        "the action, or the command",
        "the decision is missing: approve or reject",
        "{0} was neither approved nor rejected",
        repeat=True,
    ),
    RefusalCode(
        "records-unset",
        "a field of the `records` of the action, or of the reason for losing, is not filled in",
        "the field that is empty",
        "{0} is not filled in",
        "{0} was not filled in",
        repeat=True,
    ),
    RefusalCode(
        "bad-value",
        "a value is not of the field's type or outside its limits",
        "the field, or the argument",
        "{0} does not fit",
        "{0} did not fit",
        {
            "no_decision": "{action} is not a decision",
            "unknown_decision": "a decision is approve or reject",
            "unknown_kind": "the kind of a note is call, email or meeting",
            "no_such_file": "no file of that name is read here",
            "number": "write {forms}",
            "cell": "row {row}, {column}: write {forms}",
        },
    ),
    RefusalCode(
        "gate-shut",
        "the value would undo something in a stage that was passed, or a correction would spare what is to be done again",
        "the field that changes, and the action behind the gate",
        "{0} can no longer be changed here: it would undo {1}",
        "{0} could no longer be changed",
        {
            "correction": "{0} cannot be corrected: {1} would not be done again",
            "go_back": "go back to {home} first",
            "correct": "only a correction can change it",
            "record_again": "record it instead, so that {action} is done again",
        },
    ),
    RefusalCode(
        "four-eyes",
        "this person owns the deal, owned it since the values last changed, set them or approved already: another must",
        "the action",
        "{0} needs a second person",
        "{0} needed a second person",
        {
            "owner": "{person} owns the deal",
            "owned": "{person} owned the deal when what this is about was last changed, or later",
            "changed": "{person} last changed {fields}",
            "done_already": "{person} has done it already; somebody else must do it too",
            "fix": "ask another {roles}",
        },
    ),
    RefusalCode(
        "too-late",
        "the time for reopening is over",
        "`reopen`",
        "it is too late to reopen",
        "it was too late",
        {"why": "it had to be reopened within {within}"},
    ),
)


class Explained(NamedTuple):
    """An obstacle in words. ``expression`` is the rule's own text, ``line`` where it stands in the definition."""

    message: str
    why: str | None = None
    fix: str | None = None
    expression: str | None = None
    line: int | None = None


REFUSAL_CODES: Mapping[str, RefusalCode] = {row.code: row for row in _TABLE}


def sentence(code: str, name: str = "", *ids: str, **names: object) -> str:
    """The message of a code, or one of its further sentences by its name, with these ids and names put in."""
    row = REFUSAL_CODES[code]
    return (row.more[name] if name else row.message).format(*(ids or ("",)), all=", ".join(ids), **names)


_LOGGED_MOVES = {"advance": "logged way", "back": "logged way", "finish": "finish", "lose": "lose", "reopen": "logged reopen"}
"""By the verb of a step: what is said of a move that there is not."""


def logged_sentence(code: str, about: Sequence[str], verb: str = "", to: object = None) -> str:
    """An unmet thing as a log or a report tells of it; a code that is not known here stands for itself.

    ``verb`` is that of the refused step, where it is known, and ``to`` the stage that it named.
    """
    about = ["what was named" if name == NO_ID else name for name in about]
    row = REFUSAL_CODES.get(code)
    if row is None:
        return f"{', '.join(about)} ({code})" if about else code
    name = "end" if verb == "advance" and to is None else _LOGGED_MOVES.get(verb, "")
    words = row.more[name] if code == "no-such-move" and about and name else row.logged
    return words.format(*(about or ("it",)), all=", ".join(about), stage=about[0] if about else "it")
