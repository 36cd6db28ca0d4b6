"""What each finding of a verification says, and what may have come to pass: for the reader of a report and the page about
the log, which both take the words from here."""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """What is wrong, and what that may mean; the second is a lead to follow, not a proof."""

    wrong: str
    may_mean: str


_EDITED = "somebody changed the database by other means than procdef, or the disk failed"
_CUT = "somebody removed it by other means than procdef, or an older copy of part of the database was put back"
_PROGRAM = "another program wrote this event, or somebody forged it and made the hashes anew"
_ROW = "somebody changed what people see of the deal while the log stayed as it was; the events say what is so"
_OTHER = "the history was rewritten or cut off after the note was made, or an old copy of the database stands in its place"

MEANINGS = {
    "gap": Meaning("an event is missing in its stream, or stands out of its place", _CUT),
    "chain-broken": Meaning("an event does not name the hash of the one before", f"the one before was changed: {_EDITED}"),
    "time-backwards": Meaning("an event is older than the one before", f"an event was backdated: {_PROGRAM}"),
    "command-torn": Meaning("events of one command are missing, too many or out of order", f"{_CUT}; or {_PROGRAM}"),
    "not-canonical": Meaning("bytes that are not canonical JSON", f"the event's text was written anew: {_PROGRAM}"),
    "hash": Meaning("an event's stored hash is not that of its bytes", f"the event was changed: {_EDITED}"),
    "projection": Meaning(
        "a column that repeats part of an event says something else",
        "the column was changed, or the event's text, or it was taken from another stream or log",
    ),
    "leaf-missing": Meaning("an event without a place in the order of the log", f"the event was put in, or {_CUT}"),
    "leaf-hash": Meaning("the order of the log holds another hash for an event", f"the event was rewritten: {_EDITED}"),
    "leaf-order": Meaning(
        "events stand in another order in the log than in their stream, or a definition after deals that use it",
        f"events changed places, or were put in later: {_EDITED}",
    ),
    "leaf-gap": Meaning("a number is missing in the order of the log", f"an event was removed: {_CUT}"),
    "events-missing": Meaning("rows, a place in the order, or the log's first event, without the event they tell of", _CUT),
    "size-differs": Meaning("the log's count of its events is not that of their places", f"the end was cut off: {_CUT}"),
    "layout-differs": Meaning(
        "a table or index is not as procdef makes it, a trigger, an index or a view stands beside it, or the file's head tells "
        "of another layout",
        "somebody changed the tables; a trigger or view can keep back or alter what is written and read",
    ),
    "index-differs": Meaning(
        "an index does not hold what its table holds, or a table is not in its order",
        "somebody changed the file so that lists, reports and look-ups show other rows than the log; or the disk failed",
    ),
    "value-missing": Meaning("a personal value is gone and no erasure tells of it", "it was deleted by hand, not erased"),
    "value-changed": Meaning("a personal value is not the one that its event committed to", _EDITED),
    "value-without-event": Meaning("a personal value that no event commits to", f"it was put in, or its event removed: {_CUT}"),
    "value-not-erased": Meaning(
        "a personal value that an erasure lists is there",
        "a backup was restored (see `audit reapply-erasures`), or it was put back",
    ),
    "value-exposed": Meaning("a personal value stands in the clear in an event", f"it cannot be erased: {_PROGRAM}"),
    "definition-changed": Meaning("a definition's source is not the one that was published", _EDITED),
    "calendar-data-missing": Meaning(
        "a definition is in a time zone that this machine has no data of; its deals were not judged",
        "nobody changed anything: install or update the Python package tzdata, and repeat",
    ),
    "definition-missing": Meaning("a definition that events name is not there", _CUT),
    "definition-unpublished": Meaning("a definition that no event published", f"it was put in: {_EDITED}"),
    "directory-changed": Meaning("a directory of people is not the one that was published", _EDITED),
    "directory-missing": Meaning("a directory of people that an event published is not there", _CUT),
    "directory-unpublished": Meaning("a directory of people that no event published", f"it was put in: {_EDITED}"),
    "illegal": Meaning("a step that the definition, or the order of a deal, does not allow", _PROGRAM),
    "deal-missing": Meaning("a deal's row is gone, its events are there", "somebody hid the deal from lists and reports"),
    "deal-differs": Meaning("a deal's row does not follow from its events", _ROW),
    "stay-differs": Meaning("a visit to a stage does not follow from the deal's events", _ROW),
    "gate-differs": Meaning("what a stored refusal was about does not follow from its event", _ROW),
    "activity-differs": Meaning("what a deal's activities say does not follow from its event", _ROW),
    "request-differs": Meaning(
        "a request key is not of one step, whole and alone",
        "a key was put in or moved: a repeated request would get a wrong answer",
    ),
    "tree-differs": Meaning(
        "the Merkle tree as it was stored does not follow from the events",
        "a deal was rewritten together with its chain, or the tree was changed by hand",
    ),
    "tree-missing": Meaning(
        "there is no Merkle tree, though events or a note tell of one",
        "it was taken away, so that a history that was rewritten could be sealed anew",
    ),
    "note-not-kept": Meaning("a note, stored or held by somebody, whose tree the log does not begin with", _OTHER),
    "held-note-missing": Meaning("a note that somebody holds is not among the stored ones", f"it was deleted, or: {_OTHER}"),
    "note-signature": Meaning(
        "a note that the log's key of that size did not sign", "the note is forged, or made by another log or another key"
    ),
    "note-unreadable": Meaning("a stored note that cannot be read as one", _EDITED),
    "key-unsigned": Meaning(
        "a change of the log's key that the key before did not sign", "somebody without the old key brought in one of their own"
    ),
    "key-differs": Meaning(
        "a key that somebody was given as the log's is not one of its keys, or did not sign the note",
        "this is another log, or a made-up one under another key; or the key was given wrongly",
    ),
    "timestamp-invalid": Meaning(
        "a time stamp that does not hold for the note beside it", "note or token was exchanged, or the authority is another"
    ),
    "not-anchored": Meaning(
        "no held note holds, and one was required", "whoever can write to the database could have rewritten all of it"
    ),
    "weak-auth": Meaning(
        "an event by somebody who was authenticated more weakly than required",
        "the person may be another than the one named; ask how the step came in",
    ),
    "newer-log": Meaning(
        "something that only a later procdef reads; its bytes were verified, its meaning was not", "update procdef and repeat"
    ),
    "unreadable": Meaning("an event or a row that is not shaped as its type says", f"{_EDITED}; or {_PROGRAM}"),
}
"""By the code of the finding, in the order of a verification: streams, the order of the log, values, rows, tree, notes."""
