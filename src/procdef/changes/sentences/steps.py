"""What is said of changes to actions and to the ways between stages."""

from __future__ import annotations

from procdef.changes.sentences.told import NAMED, Sentence, Sentences, Told, listed, renamed, switch, text

_NOW = "deals here are held to it at the next step"
_FROM_THEN = "what is done from then on lapses by it; what was done before keeps its time"
_OF_ROWS = "who decides is said otherwise; a deal where it is approved needs an answer"

OF_ACTIONS: Sentences = {
    "id": Told(Sentence("{it} ({new}) is what was {old}", "by the plan what was done as {old} counts for it")),
    "title": renamed(),
    "required": switch(
        Sentence("{it} is required instead of optional", "deals cannot {leaving} without it{but}"),
        Sentence("{it} is optional instead of required", "deals can {leaving} without it"),
    ),
    "by": listed(
        "who does {it}", "these roles do it: {new}", gone="the roles that own {stage} do it"
    ),
    "by.*": Told(
        Sentence("row {sub} of who decides on {it}: {new}; it was {old}", _OF_ROWS),
        Sentence("new row {sub} of who decides on {it}: {new}", _OF_ROWS),
        Sentence("row {sub} of who decides on {it} is gone: {old}", _OF_ROWS),
    ),
    "when": Told(
        Sentence("{it} is due where {new}, instead of where {old}", "it applies to other deals than before"),
        Sentence("{it} is due only where {new}", "it applies to fewer deals"),
        Sentence("{it} is due in every case, not only where {old}", "it applies to all deals"),
    ),
    "ways.*": Told(
        Sentence('the way "{old}" ({sub}) of {it} reads "{new}"', NAMED),
        Sentence('new way of {it}: "{new}" ({sub})', "it can be done so too"),
        Sentence('the way "{old}" ({sub}) of {it} is gone', "it can no longer be done so"),
    ),
    "records": listed(
        "what is filled in with {it}", "it counts as done only with {new} filled in",
        gone="it counts as done with nothing filled in"
    ),
    "evidence": Told(values={
        "none": Sentence("{it} needs no evidence instead of a {old}", "it can be done without evidence"),
        "note": Sentence("{it} needs a note as evidence", "it cannot be done without a note"),
        "link": Sentence("{it} needs a link as evidence", "it cannot be done without a link"),
        "document": Sentence("{it} needs a document as evidence", "it cannot be done without a document"),
    }),
    "milestone": Told(
        Sentence("{it} counts as the {new} of a deal instead of the {old}", "reports count it so"),
        Sentence("{it} counts as the {new} of a deal", "reports count a deal as offered once it is done"),
        Sentence("{it} no longer counts as the {old} of a deal", "reports do not count a deal as offered by it"),
    ),
    "decision": switch(
        Sentence("{it} is a decision", "it is approved or rejected; a deal where it is done needs an answer"),
        Sentence("{it} is no decision any more", "it is done like any action; a deal where it is approved needs an answer"),
    ),
    "four_eyes": switch(
        Sentence("{it} takes a second person", "who prepared it, or owns the deal, cannot decide it"),
        Sentence("{it} takes no second person", "who prepared it, or owns the deal, can decide it too"),
    ),
    "voided_by": listed(
        "what undoes {it} when it changes", "it has to be done again when one of these changes: {new}",
        gone="once done it stays done",
    ),
    "needs": listed("what has to be done before {it}", "it cannot be done before {new}", gone="it can be done at once"),
    "at_least": Told(
        Sentence("{it} takes {new} people or times instead of {old}", "it counts as done only after {new} completions")
    ),
    "valid_for": Told(
        Sentence("{it} counts for {new} once it is done, instead of for {old}", _FROM_THEN),
        Sentence("{it} counts for {new} once it is done", _FROM_THEN),
        Sentence("{it} counts for ever once it is done, instead of for {old}", _FROM_THEN),
    ),
    "sla.within": Told(
        Sentence("{it} is to be done within {new} instead of {old}", "it falls due at other times"),
        Sentence("{it} is to be done within {new}", "where it takes longer it is overdue"),
        Sentence("{it} is no longer to be done within {old}", "it is not overdue by that"),
    ),
    "sla.until": Told(
        Sentence("{it} is to be done by the time in {new} instead of {old}", "it falls due at other times"),
        Sentence("{it} is to be done by the time in {new}", "where it takes longer it is overdue"),
        Sentence("{it} is no longer to be done by the time in {old}", "it is not overdue by that"),
    ),
    "sla.remind": listed("reminders of {it}", "owners are reminded so long before: {new}", gone="nobody is reminded"),
    "sla.escalate_to": listed("who is told where {it} is overdue", "it comes to {new} then", gone="it comes to nobody then"),
    "sla.escalate_after": Told(
        Sentence("where {it} is overdue, others are told after {new} instead of {old}", "roles hear of it at another time"),
        Sentence("where {it} is overdue, others are told after {new}", "roles no longer hear of it at once"),
        Sentence("where {it} is overdue, others are told at once, and not after {old}", "roles hear of it at once"),
    ),
    "guide": text("the guide to {it}"),
}  # fmt: skip

OF_WAYS: Sentences = {
    "title": renamed(),
    "when": Told(
        Sentence("{it} is open where {new}, instead of where {old}", _NOW),
        Sentence("{it} is open only where {new}", _NOW),
        Sentence("{it} is open in every case, not only where {old}", "every deal can take it"),
    ),
    "by": listed("who takes {it}", "these roles take it: {new}", gone="the roles that own {stage} take it"),
    "reason": Told(values={
        "required": Sentence("{it} takes a reason", "deals cannot take it without one"),
        "optional": Sentence("{it} takes no reason", "deals can take it without one"),
    }),
    "unfinished": Told(values={
        "allowed": Sentence("{it} lets unfinished deals pass", "deals can take it with actions and criteria still open"),
        "refused": Sentence("{it} lets only finished deals pass", "deals can take it only with everything done in {stage}"),
    }),
}  # fmt: skip

OF_WAYS_BACK: Sentences = {
    "title": renamed(),
    "by": listed("who takes {it}", "these roles take it: {new}", gone="the roles that own {stage} take it"),
}
