"""What is said of each change that a process can undergo, by what changed."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.changes.sentences.facts import OF_FIELDS, OF_ROLES, OF_SCORES
from procdef.changes.sentences.process import OF_THE_PROCESS
from procdef.changes.sentences.stages import OF_CRITERIA, OF_STAGES
from procdef.changes.sentences.steps import OF_ACTIONS, OF_WAYS, OF_WAYS_BACK
from procdef.changes.sentences.told import Sentence, Sentences

OF_ASPECTS: Mapping[str, Sentences] = {
    "process": OF_THE_PROCESS,
    "role": OF_ROLES,
    "field": OF_FIELDS,
    "score": OF_SCORES,
    "stage": OF_STAGES,
    "criterion": OF_CRITERIA,
    "action": OF_ACTIONS,
    "way": OF_WAYS,
    "back": OF_WAYS_BACK,
}
OF_PARTS: Mapping[tuple[str, str], Sentence] = {
    ("role", "added"): Sentence("new {it}", "people can be given it"),
    ("role", "removed"): Sentence("{it} is gone", "steps in this role are refused"),
    ("field", "added"): Sentence("new {it}, of type {type}", "it can be recorded"),
    ("field", "removed"): Sentence("{it} is gone", "it can no longer be recorded; a deal with a value of it needs an answer"),
    ("score", "added"): Sentence("new {it}", "rules and reports can read it"),
    ("score", "removed"): Sentence("{it} is gone", "nothing is held against it any more"),
    ("stage", "added"): Sentence("new {it}", "{arrival}"),
    ("stage", "removed"): Sentence("{it} is gone", "no deal can come here; a deal that is or was here needs an answer"),
    ("criterion", "added"): Sentence("new {it}: {asks}", "deals cannot {passing} unless it holds"),
    ("criterion", "removed"): Sentence("{it} is gone: {asks}", "deals can {passing} whether it holds or not"),
    ("action", "added"): Sentence("new {need} {it}{case}", "{consequence}"),
    ("action", "removed"): Sentence(
        "the {need} {it} is gone", "it is no longer asked for; a deal where it is done needs an answer"
    ),
    ("way", "added"): Sentence("new {it}{case}", "deals in {stage} can advance to {target}"),
    ("way", "removed"): Sentence("{it} is gone", "deals in {stage} can no longer advance to {target}"),
    ("back", "added"): Sentence("new {it}", "deals in {stage} can return to {target}"),
    ("back", "removed"): Sentence("{it} is gone", "deals in {stage} can no longer return to {target}"),
}
OF_ANYTHING = Sentence("{key} of {it}: {new} instead of {old}", "the new version goes by it")
"""What is said where nobody wrote a sentence."""
