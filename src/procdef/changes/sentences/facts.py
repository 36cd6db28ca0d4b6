"""What is said of changes to roles, fields and scores."""

from __future__ import annotations

from procdef.changes.sentences.told import NAMED, READ, Sentence, Sentences, Told, renamed, switch, text

_TAKES = "values are held against it when they are recorded from then on"
_PERSONAL = Told(values={
    "true": Sentence(
        "{it} holds personal data", "its values stay out of facts, reports and messages, and can be erased"
    ),
    "false": Sentence("{it} holds no personal data", "its values stand in the log and in reports, and cannot be erased there"),
    None: Sentence("{it} says nothing of personal data", "it is treated as its type is"),
})  # fmt: skip


def _bound(words: str, what: str = "{it}") -> Told:
    return Told(
        Sentence(f"the {words} value of {what} is {{new}} instead of {{old}}", _TAKES),
        Sentence(f"the {words} value of {what} is {{new}}", _TAKES),
        Sentence(f"{what} has no {words} value any more ({{old}})", "values beyond it are taken"),
    )


OF_ROLES: Sentences = {"title": renamed(), "description": text("the description of {it}")}

OF_FIELDS: Sentences = {
    "id": Told(Sentence("{it} is what was the field {old}", "by the plan it keeps the values that deals have of {old}")),
    "type": Told(
        Sentence(
            "{it} is of type {new} instead of {old}", "values are recorded as {new}; a deal with a value of it needs an answer"
        )
    ),
    "personal": _PERSONAL,
    "title": renamed(),
    "help": text("the help of {it}"),
    "min": _bound("smallest"),
    "max": _bound("largest"),
    "many": switch(
        Sentence("{it} holds several options instead of one", "several can be recorded; a deal with a value needs an answer"),
        Sentence("{it} holds one option instead of several", "only one can be recorded; a deal with a value needs an answer"),
    ),
    "options.*": Told(
        Sentence('the option "{old}" ({sub}) of {it} reads "{new}"', NAMED),
        Sentence('new option "{new}" ({sub}) of {it}', "it can be chosen"),
        Sentence(
            'the option "{old}" ({sub}) of {it} is gone', "it can no longer be chosen; a deal that has it needs an answer"
        ),
    ),
    "items.*.type": Told(
        Sentence("the column {sub} of {it} is of type {new} instead of {old}", "a deal with rows in it needs an answer"),
        Sentence("new column {sub} of {it}, of type {new}", "it can be filled in for each row"),
        Sentence("the column {sub} of {it} is gone", "a deal with a cell in it needs an answer"),
    ),
    "items.*.title": renamed("the column {sub} of {it}"),
    "items.*.help": text("the help of column {sub} of {it}"),
    "items.*.required": switch(
        Sentence("the column {sub} of {it} is required", "no row is taken without it"),
        Sentence("the column {sub} of {it} is not required", "rows are taken without it"),
    ),
    "items.*.personal": Told(values={
        value: sentence._replace(words=sentence.words.replace("{it}", "the column {sub} of {it}"))
        for value, sentence in _PERSONAL.values.items()
    }),
    "items.*.min": _bound("smallest", "the column {sub} of {it}"),
    "items.*.max": _bound("largest", "the column {sub} of {it}"),
    "items.*.many": switch(
        Sentence("the column {sub} of {it} holds several options", "several can be recorded in each row"),
        Sentence("the column {sub} of {it} holds one option", "only one can be recorded in each row"),
    ),
    "items.*.options.*": Told(
        Sentence('an option in column {sub} of {it} reads "{new}" instead of "{old}"', READ),
        Sentence('new option "{new}" in column {sub} of {it}', "it can be chosen"),
        Sentence('the option "{old}" in column {sub} of {it} is gone', "it can no longer be chosen"),
    ),
}  # fmt: skip

_SUM = "the score of deals is another at once, and with it every rule that reads it"
OF_SCORES: Sentences = {
    "title": renamed(),
    "points.*": Told(
        Sentence("points {sub} of {it}: {new} instead of {old}", _SUM),
        Sentence("new points {sub} of {it}: {new}", _SUM),
        Sentence("the points {sub} of {it} are gone: {old}", _SUM),
    ),
    "points.*.title": renamed("the points {sub} of {it}"),
}
