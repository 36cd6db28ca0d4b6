"""What is said of changes to stages and to the criteria at their gates."""

from __future__ import annotations

from procdef.changes.sentences.told import Sentence, Sentences, Told, listed, renamed, switch, text

_GATE = "deals can {passing} only if this holds"
_PLAYBOOK = "sellers see it on the stage's page of the handbook; the rules stay as they are"

OF_STAGES: Sentences = {
    "id": Told(Sentence("{it} is what was the stage {old}", "deals that are or were in {old} go on in it by the plan")),
    "title": renamed(),
    "owner": listed(
        "who works in {it}", "these roles take the steps that name no role: {new}",
        gone="any role takes the steps that name no role",
    ),
    "start": switch(
        Sentence("deals can start in {it}", "new deals begin here too"),
        Sentence("deals can no longer start in {it}", "new deals begin elsewhere"),
    ),
    "probability": Told(
        Sentence("the chance of winning from {it} is {new} % instead of {old} %", "forecasts weigh deals here by it"),
        Sentence("the chance of winning from {it} is {new} %", "forecasts weigh deals here by it"),
        Sentence("the chance of winning from {it} is no longer set ({old} %)", "forecasts go by what deals did so far"),
    ),
    "forecast": Told(Sentence("{it} counts as {new} in forecasts instead of {old}", "the sums of forecasts change with it")),
    "sla.within": Told(
        Sentence("deals are to leave {it} within {new} instead of {old}", "deals fall due at other times"),
        Sentence("deals are to leave {it} within {new}", "deals that stay longer are overdue"),
        Sentence("deals are no longer to leave {it} within {old}", "no deal is overdue by that"),
    ),
    "sla.until": Told(
        Sentence("deals are to leave {it} by the time in {new} instead of {old}", "deals fall due at other times"),
        Sentence("deals are to leave {it} by the time in {new}", "deals that stay longer are overdue"),
        Sentence("deals are no longer to leave {it} by the time in {old}", "no deal is overdue by that"),
    ),
    "sla.remind": listed("reminders before the time limit of {it}", "owners are reminded so long before: {new}",
                         gone="nobody is reminded"),
    "sla.escalate_to": listed("who is told of overdue deals in {it}", "overdue deals come to {new}",
                              gone="overdue deals come to nobody"),
    "sla.escalate_after": Told(
        Sentence("overdue deals in {it} are told of after {new} instead of {old}", "roles hear of them at another time"),
        Sentence("overdue deals in {it} are told of after {new}", "roles no longer hear of them at once"),
        Sentence("overdue deals in {it} are told of at once, and not after {old}", "roles hear of them at once"),
    ),
    "outcome": Told(
        given=Sentence("a deal that enters {it} is won", "entering it counts as the win"),
        gone=Sentence("a deal that enters {it} is not won by that", "entering it no longer counts as the win"),
    ),
    "playbook.goal": text("the goal of {it}", _PLAYBOOK),
    "playbook.guide": text("the guide to {it}", _PLAYBOOK),
    "playbook.questions.*": text("question {sub} in {it}", _PLAYBOOK),
    "playbook.objections.*.concern": text("the objection {sub} in {it}", _PLAYBOOK),
    "playbook.objections.*.answer": text("the answer to the objection {sub} in {it}", _PLAYBOOK),
    "playbook.materials.*.title": text("the title of the material {sub} in {it}", _PLAYBOOK),
    "playbook.materials.*.url": text("the address of the material {sub} in {it}", _PLAYBOOK),
}  # fmt: skip

OF_CRITERIA: Sentences = {
    "side": Told(values={
        "entry": Sentence("{it} is asked for when deals enter instead of when they leave", "deals can leave without it"),
        "exit": Sentence("{it} is asked for when deals leave instead of when they enter", "deals can enter without it"),
    }),
    "check": Told(
        Sentence("{it} asks for {new} instead of {old}", _GATE),
        Sentence("{it} asks for {new}", _GATE),
        Sentence("{it} no longer asks for {old}", "deals can {passing} without that"),
    ),
    "require": Told(
        Sentence("what {it} wants filled in: {more}", "deals can {passing} only with {new} filled in"),
        Sentence("{it} wants filled in: {new}", "deals can {passing} only with {new} filled in"),
        Sentence("{it} no longer wants filled in: {old}", "deals can {passing} without that"),
    ),
    "message": text("the message of {it}"),
    "fix": text("the advice of {it}"),
    "waivable_by": listed(
        "who can waive {it}", "these roles can let it pass: {new}", gone="nobody can let it pass"
    ),
}  # fmt: skip
