"""What is said of changes to a process as a whole: its texts, calendar, deals, losses, goals and measures."""

from __future__ import annotations

from procdef.changes.sentences.told import NAMED, Sentence, Sentences, Told, listed, renamed, text

_DUE = "due times in business days and hours come out otherwise for stages that are entered from then on"
_GOAL = "reports and forecasts hold the figures against it"
_MEASURE = "reports take this measure in another way"


def _amount(what: str, unit: str = "") -> Told:
    return Told(
        Sentence(f"the goal for {what} is {{new}}{unit} instead of {{old}}{unit}", _GOAL),
        Sentence(f"new goal for {what}: {{new}}{unit}", _GOAL),
        Sentence(f"the goal for {what} ({{old}}{unit}) is gone", "reports no longer hold the figures against it"),
    )


def _read_from(what: str, given: str, gone: str) -> Told:
    return Told(
        Sentence(f"{what} is read from the field {{new}} instead of {{old}}", given),
        Sentence(f"{what} is read from the field {{new}}", given),
        Sentence(f"{what} is no longer read from the field {{old}}", gone),
    )


def _measure(what: str) -> Told:
    return Told(
        Sentence(f"measure {{sub}}: {what} {{new}} instead of {{old}}", _MEASURE),
        Sentence(f"measure {{sub}}, new: {what} {{new}}", "reports show it"),
        Sentence(f"measure {{sub}}, gone: {what} {{old}}", "reports show it no longer"),
    )


OF_THE_PROCESS: Sentences = {
    "procdef": Told(Sentence("language {old} of procdef becomes {new}", "an older procdef cannot read the new version")),
    "id": Told(
        Sentence("the process has the id {new} instead of {old}", "it is another process: deals of {old} have no part of it")
    ),
    "title": renamed("the process"),
    "description": text("the process's description"),
    "languages": listed("languages", "texts can be shown in {new}; the first one is what people see by default"),
    "currency": Told(
        Sentence("the currency is {new} instead of {old}", "amounts are meant in {new}; recorded ones are not converted"),
        Sentence("the currency is {new}", "amounts are meant in {new}"),
        Sentence("the currency {old} is gone", "amounts have no currency"),
    ),
    "placeholders": listed(
        "texts that fill in nothing", "text fields refuse {new} as a value", gone="text fields take such texts as values"
    ),
    "calendar.timezone": Told(
        Sentence("the time zone is {new} instead of {old}", 'days, "today" and due times follow {new}'),
        Sentence("the time zone is {new}", 'days, "today" and due times follow {new}'),
        Sentence("the time zone {old} is gone", 'days, "today" and due times follow UTC'),
    ),
    "calendar.holidays": Told(
        Sentence("the holidays are those of {new} instead of {old}", _DUE),
        Sentence("the holidays of {new} are observed", _DUE),
        Sentence("the holidays of {old} are no longer observed", _DUE),
    ),
    "calendar.region": Told(
        Sentence("the holidays are those of the region {new} instead of {old}", _DUE),
        Sentence("the holidays of the region {new} are observed", _DUE),
        Sentence("the holidays of the region {old} are no longer observed", _DUE),
    ),
    "calendar.hours.*": Told(
        Sentence("working hours on {day}: {new} instead of {old}", _DUE),
        Sentence("working hours on {day}: {new}", _DUE),
        Sentence("nobody works on {day} any more", _DUE),
    ),
    "calendar.closed": listed("closed days", _DUE),
    "deal.value": _read_from(
        "the value of a deal", "forecasts, won value and lists of deals use it", "forecasts and reports have no values of deals"
    ),
    "deal.close": _read_from(
        "the expected close of a deal", "forecasts use it", "forecasts rest on times in stages alone"
    ),
    "deal.title": _read_from(
        "what people call a deal", "lists and screens show it beside the deal's id", "deals are known by their id alone"
    ),
    "deal.assign_by": listed(
        "who hands deals to people", "beside who works in the stage, these roles do: {new}",
        gone="only who works in the stage does",
    ),
    "deal.correct_by": listed(
        "who corrects recorded values", "these roles correct values: {new}", gone="nobody corrects them"
    ),
    "lost.reasons.*": Told(
        Sentence('the reason for losing a deal "{old}" ({sub}) reads "{new}"', NAMED),
        Sentence('new reason for losing a deal: "{new}" ({sub})', "deals can be lost for it"),
        Sentence('the reason for losing a deal "{old}" ({sub}) is gone', "no deal can be lost for it any more"),
    ),
    "lost.reasons.*.records": listed(
        "to be filled in when a deal is lost for {sub}", "a deal cannot be lost for {sub} without {new}",
        gone="a deal can be lost for {sub} with nothing filled in",
    ),
    "lost.note": Told(values={
        "required": Sentence("a note is required to lose a deal", "a deal cannot be lost without a note"),
        "optional": Sentence("no note is required to lose a deal", "a deal can be lost without a note"),
        None: Sentence("nothing is said of notes on lost deals", "no deal of this version can be lost"),
    }),
    "lost.reopen.by": listed(
        "who takes up lost deals again", "these roles may: {new}", gone="a lost deal stays lost"
    ),
    "lost.reopen.within": Told(
        values={"always": Sentence("lost deals can be taken up again at any time", "a lost deal is never lost for good")},
        changed=Sentence("lost deals can be taken up again within {new} instead of {old}", "later than that they stay lost"),
        given=Sentence("lost deals can be taken up again within {new}", "later than that they stay lost"),
        gone=Sentence("lost deals can no longer be taken up again (it was within {old})", "a lost deal stays lost"),
    ),
    "goals.hit_rate": _amount("the hit rate", " %"),
    "goals.win_rate": _amount("the win rate", " %"),
    "goals.won_value": _amount("won value"),
    "goals.won_deals": _amount("won deals"),
    "goals.new_deals": _amount("new deals"),
    "measures.*.field": _measure("of the field"),
    "measures.*.aggregate": _measure("taken as the"),
    "measures.*.title": _measure("called"),
    "measures.*.over": _measure("over the deals that were"),
}  # fmt: skip
