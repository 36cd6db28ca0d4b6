"""The changes between two versions of a process in a manager's words, each with its effect on sellers and deals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.changes.comparison import AspectChange, Comparison, PartChange
from procdef.changes.new_names import NewNames
from procdef.changes.sentences import OF_ANYTHING, OF_ASPECTS, OF_PARTS
from procdef.changes.sentences.told import Sentence
from procdef.model import Action, Criterion, Field, ProcessDefinition, Stage, Transition

_WITH_IDS = "options|items|reasons|measures|ways|points|questions|objections|materials|hours|by"
_ID_IN_KEY = re.compile(rf"(?<![a-z_])({_WITH_IDS})\.([^. ]+)")
_OF_COLUMN = re.compile(r"items\.[^.]+\.")
_LANGUAGE = re.compile(r" \(([A-Za-z0-9-]+)\)$")
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
         "sun": "Sunday"}  # fmt: skip
_MOST_SHOWN = 160
"""Characters of a text that is quoted; handbooks have whole pages."""


@dataclass(frozen=True, slots=True)
class Change:
    """``words`` say what changed, ``effect`` what it means for sellers and deals from then on.

    ``stage`` is the id of the stage it belongs to, ``None`` for the process as a whole. ``what``, ``id``, ``change``
    (``added``, ``removed``, ``changed``), ``key``, ``old`` and ``new`` are as in the list of changes; of a part that came or
    went ``key`` is ``None``. ``old_line`` and ``new_line`` are the part's lines in each version.
    """

    stage: str | None
    what: str
    id: str
    change: str
    key: str | None
    old: str | None
    new: str | None
    words: str
    effect: str
    old_line: int | None
    new_line: int | None


def worded(
    found: Comparison, old: ProcessDefinition, new: ProcessDefinition, language: str | None = None,
    names: NewNames | None = None,
) -> list[Change]:  # fmt: skip
    """Each change in words: those of the process first, then stage by stage in the order of the new version.

    Titles are told in ``language``, where the process has it. With ``names``, by which the two were compared, ``old`` reads
    under the new ids.
    """
    speaker = _Speaker(old, new, language, names)
    changes = [change for part in found.parts for change in speaker.changes(part)]
    stages = [*new.stages, *(stage for stage in old.stages if stage not in new.stages)]
    places = {stage: place for place, stage in enumerate(stages)}
    return sorted(changes, key=lambda each: -1 if each.stage is None else places[each.stage])


class _Speaker:
    """Fills in the sentences."""

    def __init__(
        self, old: ProcessDefinition, new: ProcessDefinition, language: str | None, names: NewNames | None
    ) -> None:
        self._old, self._new, self._language, self._names = old, new, language, names or NewNames()

    def changes(self, part: PartChange) -> Iterator[Change]:
        if part.change != "changed":
            sentence, blanks = OF_PARTS[part.what, part.change], self._of_part(part)
            if part.change == "removed" and part.id in self._names.merged:
                sentence = sentence._replace(effect="by the plan deals that are or were here go on in {into}")
                blanks["into"] = self._stage(self._names.merged[part.id])
            elif part.change == "removed" and part.id in self._names.dropped:
                sentence = sentence._replace(effect="by the plan what deals have of it is dropped")
            yield self._change(part, None, sentence, blanks)
            return
        keys = {aspect.key for aspect in part.aspects if aspect.old is None or aspect.new is None}
        for aspect in part.aspects:
            column = _OF_COLUMN.match(aspect.key)
            if column and aspect.key != column[0] + "type" and column[0] + "type" in keys:
                continue  # the column itself came or went
            if _LANGUAGE.sub("", aspect.key) != aspect.key and _LANGUAGE.sub("", aspect.key) in keys:
                continue  # so did all of the text
            if aspect.key == "by" and isinstance(part.now, Action) and part.now.table:
                continue  # the rows of the table that came say who
            yield self._change(part, aspect, *self._of_aspect(part, aspect))

    def _change(self, part: PartChange, aspect: AspectChange | None, sentence: Sentence, blanks: Mapping[str, str]) -> Change:
        key, old, new = (aspect.key, aspect.old, aspect.new) if aspect else (None, None, None)
        words, effect = (text.format(**blanks) for text in sentence)
        return Change(
            part.stage, part.what, part.id, part.change, key, old, new, words, effect, _line(part.was), _line(part.now)
        )  # fmt: skip

    def _of_aspect(self, part: PartChange, aspect: AspectChange) -> tuple[Sentence, dict[str, str]]:
        """The sentence for what a part says otherwise, and what fills it in."""
        spoken = _LANGUAGE.search(aspect.key)
        key = aspect.key[: spoken.start()] if spoken else aspect.key
        ids = [match[2] for match in _ID_IN_KEY.finditer(key)]
        told = OF_ASPECTS[part.what].get(_ID_IN_KEY.sub(r"\1.*", key))
        sentence = (told.sentence(aspect.old, aspect.new) if told else None) or OF_ANYTHING
        if spoken:
            sentence = sentence._replace(words=f"{sentence.words}, in {spoken[1]}")
        blanks = {
            **self._of_part(part, as_it_was=key == "title"),
            "key": key,
            "old": _shown(aspect.old),
            "new": _shown(aspect.new),
            "more": _more(aspect.old, aspect.new),
            "sub": ids[0] if ids else key,
            "day": _DAYS.get(ids[0], ids[0]) if ids else "",
        }
        return sentence, blanks

    def _of_part(self, part: PartChange, *, as_it_was: bool = False) -> dict[str, str]:
        """What is said of a part itself; ``as_it_was``: as the old version has it."""
        here: Any = part.was if as_it_was or part.now is None else part.now
        found = {"it": self._name(part, here), "stage": self._stage(part.stage) if part.stage else ""}
        if isinstance(here, Criterion):
            asks = here.check.text if here.check else f"{', '.join(here.require)} filled in"
            passing = f"enter {found['stage']}" if here.side == "entry" else self._leaving(here.stage)
            found |= {"asks": _shown(asks), "passing": passing}
        elif isinstance(here, Action):
            case = "" if here.when is None else f" where {here.when.text}"
            leaving, but = self._leaving(here.stage), self._but(here.stage)
            needed = f"deals cannot {leaving} without it{case}{but}"
            found |= {
                "leaving": leaving,
                "but": but,
                "need": "required action" if here.required else "optional action",
                "case": f", due{case}" if case else "",
                "consequence": needed if here.required else f"it can be done in {found['stage']}; nothing waits for it",
            }
        elif isinstance(here, Field):
            found["type"] = str(here.type.kind)
        elif isinstance(here, Stage):
            found["arrival"] = self._arrival(here)
        elif part.what in ("way", "back"):
            found["target"] = self._stage(here.target)
            found["case"] = "" if not isinstance(here, Transition) or here.when is None else f", open where {here.when.text}"
        return found

    def _leaving(self, stage: str) -> str:
        """What a deal does that goes on from a stage: where none follows, it is finished there."""
        found = self._new.stages.get(stage) or self._old.stages[stage]
        return f"leave {self._stage(stage)}" if found.next else "be finished"

    def _but(self, stage: str) -> str:
        """Where deals go on from a stage with things unfinished."""
        ways = self._new.stages[stage].next.values() if stage in self._new.stages else ()
        allowed = [self._stage(way.target) for way in ways if way.unfinished_allowed]
        return f", other than to {_and(allowed)}" if allowed else ""

    def _arrival(self, stage: Stage) -> str:
        """How deals come to a new stage."""
        sources = [self._stage(each.id) for each in self._new.stages.values() if stage.id in each.next]
        starts = ["at their start"] if stage.start else []
        come = [*starts, *([f"from {_and(sources)}"] if sources else [])]
        return f"deals come here {' and '.join(come)}" if come else "no deal comes here yet"

    def _name(self, part: PartChange, here: Any) -> str:
        """What a part is called: by its title where it has one."""
        match part.what:
            case "process":
                return "the process"
            case "stage":
                return f"stage {self._title(here)}"
            case "criterion":
                return f"criterion {here.id} to {'enter' if here.side == 'entry' else 'leave'} {self._stage(here.stage)}"
            case "action":
                return f'"{self._title(here)}"'
            case "way" | "back":
                from_, to = self._stage(part.stage or ""), self._stage(here.target)
                return f"way from {from_} {'to' if part.what == 'way' else 'back to'} {to}"
        title = self._title(here)
        return f'{part.what} "{title}" ({here.id})' if title and title != here.id else f"{part.what} {here.id}"

    def _stage(self, stage: str) -> str:
        """A stage by its title, as the new version has it."""
        found = self._new.stages.get(stage) or self._old.stages.get(stage)
        return self._title(found) if found is not None else stage

    def _title(self, part: Any) -> str:
        return part.title.in_language(self._language) if part.title is not None else ""


def _line(part: Any) -> int | None:
    return getattr(part, "line", None) or None


def _shown(text: str | None) -> str:
    """A text as it is quoted: on one line, and not too long."""
    if text is None:
        return "nothing"
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1].rstrip()}…"


def _more(old: str | None, new: str | None) -> str:
    """What a list gained and what it lost."""
    before, after = (text.split(", ") if text else [] for text in (old, new))
    gained, lost = [each for each in after if each not in before], [each for each in before if each not in after]
    if not before or not after:
        return f"now {_and(after)}" if after else f"no longer {_and(lost)}" if lost else "nothing"
    said = [f"now also {_and(gained)}"] * bool(gained) + [f"no longer {_and(lost)}"] * bool(lost)
    return ", ".join(said) or f"{new} instead of {old}"


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
