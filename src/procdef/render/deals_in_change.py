"""What a change of a process means for deals, in words."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.model import ProcessDefinition
from procdef.reports.changed_deals import Counted, Reason, Tally

HEADS = {
    "answers": ("needs an answer", "need an answer"),
    "new_work": ("has new work here", "have new work here"),
    "behind": ("has something behind it that was never done", "have something behind them that was never done"),
    "overdue": ("is overdue at once", "are overdue at once"),
    "other_rows": ("brings an approval under a row that says otherwise", "bring approvals under rows that say otherwise"),
}
_TOLD = {
    ("stage", "gone"): "its stage {it} is gone",
    ("stage", "due"): "the time for {it} is over",
    ("action", "due"): "the time for {it} is over",
    ("stage", "win"): "its stage {it} is on the other side of the win",
    ("path", "gone"): "it came by the stage {it}, which is gone",
    ("field", "gone"): "it has a value of {it}, which is gone",
    ("field", "type"): "it has a value of {it}, which is of another type",
    ("field", "option"): "its option of {it} is gone",
    ("field", "column"): "it has rows of {it} with a column that is gone or of another type",
    ("field", "currency"): "it has an amount of {it} in the old currency",
    ("field", "shown"): "it has a personal value of {it}, which would be personal no more",
    ("action", "gone"): "{it} is done, and the new version does not have it",
    ("action", "decision"): "{it} is done, and has become a decision, or is none any more",
    ("action", "table"): "{it} is decided, and the new version says otherwise by whom",
    ("stage", "calendar"): "when {it} is due is not known: its calendar does not tell",
    ("path", "unreachable"): "no way leads to {it} from the stage that it came through before",
    ("path", "twice"): "it would have come through {it} twice",
    ("field", "value"): "its value does not fit {it}",
    ("field", "lost"): "its value of {it} would be lost",
    ("action", "lost"): "what was done in {it} would be lost",
    ("action", "open"): "{it} is not done",
    ("action", "unknown"): "{it} may have to be done: what decides it is not filled in",
    ("criterion", "unmet"): "{it} is not met",
    ("criterion", "unknown"): "{it} cannot be judged: something is not filled in",
}


class DealWords:
    """Says what comes to deals, by the titles of the two versions."""

    def __init__(self, old: ProcessDefinition, new: ProcessDefinition, language: str | None = None) -> None:
        self._old, self._new, self._language = old, new, language

    def stage(self, stage: str) -> str:
        """A stage by the title that deals know it by."""
        found = self._old.stages.get(stage) or self._new.stages.get(stage)
        return found.title.in_language(self._language) if found else stage

    def reason(self, reason: Reason) -> str:
        """One thing that is in a deal's way; what a plan has to answer is named with the id by which it does."""
        group, what, name, how = reason
        told = self._name(what, name)
        if group == "other_rows":
            return f"{told} was decided under {how}"
        if group == "answers" and what != "field":
            told = f"{told} ({name})"
        return _TOLD[what, how].format(it=told)

    def counted(self, group: str, tally: Tally) -> list[tuple[str, Counted]]:
        """The reasons of a group with how many deals have them, the commonest first."""
        found = [(each, deals) for each, deals in tally.reasons.items() if each.group == group]
        return [(self.reason(each), deals) for each, deals in sorted(found, key=lambda each: (-each[1].deals, each[0]))]

    def _name(self, what: str, name: str) -> str:
        if what in ("stage", "path"):
            return self.stage(name)
        if what == "field":
            field = self._old.fields.get(name) or self._new.fields[name]
            return f"field {name}" if field.title is None else f'field "{field.title.in_language(self._language)}" ({name})'
        if what == "action":
            action = self._new.actions.get(name) or self._old.actions[name]
            return f'"{action.title.in_language(self._language)}"'
        criterion = self._new.criteria[name]
        told = f": {criterion.message.in_language(self._language)}" if criterion.message else ""
        gate = "enter" if criterion.side == "entry" else "leave"
        return f"criterion {criterion.id} to {gate} {self.stage(criterion.stage)}{told and f' ({told[2:]})'}"


def how_many(number: int, group: str) -> str:
    """A group with its number of deals."""
    one, several = HEADS[group]
    return f"1 deal {one}" if number == 1 else f"{number} deals {several}"


def unnoticed(number: int) -> str:
    """How many deals go on as they are."""
    return "1 deal moves as it is" if number == 1 else f"{number} deals move as they are"


def under_way(number: int, version: int) -> str:
    """How many deals are told of."""
    return f"{number} deal{'s' if number != 1 else ''} under way in version {version}"


def named(found: Counted) -> str:
    """The first deals that have a reason."""
    more = found.deals - len(found.first)
    return ", ".join(found.first) + (f" and {more} more" if more else "")


def others(tally: Tally, process: str, new: int) -> Iterator[str]:
    """What is said of deals of other versions, which this change is not about."""
    for version, deals in sorted(tally.elsewhere.items()):
        verb = "is" if deals == 1 else "are"
        yield f"beside these there {verb} {under_way(deals, version)}: compare {process}@{version} with version {new}"
