"""What a picture of a process shows, whatever draws it: a box a stage, an arrow a way, and how deals are lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from procdef.advice.phrases import joined
from procdef.expression import Expression
from procdef.model import Action, Criterion, ProcessDefinition, Stage, Text, meant_language
from procdef.pages.diagram.counts import Figure, Painting
from procdef.pages.diagram.counts import number as plain

Detail = Literal["stages", "full"]
Won = Literal["before", "here", "after"]
MOST_REASONS = 12
"""So many reasons for losing are named; of the others only how many they are."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading within a box, and what stands under it."""

    heading: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A stage. ``won``: whether a deal is won on entering it, or was before. ``told`` says all of it in words."""

    id: str
    number: int
    title: str
    owner: str
    start: bool
    won: Won
    ends: bool
    sections: tuple[Section, ...]
    told: str
    figures: tuple[Figure, ...] = ()

    @property
    def heading(self) -> str:
        """Number and title with the marks of start, win and end, for what draws no marks of its own."""
        return f"{'● ' * self.start}{self.number}. {self.title}{' ★' * (self.won == 'here')}{' ■' * self.ends}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one stage to another. ``label`` may be empty. ``taken`` is how often it was taken, where that is counted, and
    ``weight`` that as a share of the way that was taken most."""

    source: str
    target: str
    label: str
    back: bool
    told: str
    taken: int | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Contents:
    """``name`` is that of the version, ``language`` the code of the process's own texts and ``words`` that of all others,
    ``lost`` how deals are lost, where the process says so; ``counted`` what of the deals is counted, and ``undrawn`` what of
    that has no place in the picture."""

    title: str
    name: str
    language: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    lost: str | None
    counted: str = ""
    undrawn: str = ""
    words: str = "en"


def contents(
    definition: ProcessDefinition, detail: Detail, language: str | None, counts: Painting | None = None
) -> Contents:
    """What the picture of that process shows, its texts in that language where they are translated, painted with ``counts``."""
    return _Reading(definition, language, counts).contents(detail)


class _Reading:
    def __init__(self, definition: ProcessDefinition, language: str | None, counts: Painting | None) -> None:
        self._definition, self._language, self._counts = definition, language, counts
        self._most = max((1, *counts.ways.values())) if counts else 1

    def contents(self, detail: Detail) -> Contents:
        definition, counts = self._definition, self._counts
        arrows = tuple(sorted(self._arrows(), key=lambda arrow: arrow.back))
        ways = frozenset((arrow.source, arrow.target) for arrow in arrows)
        return Contents(
            self._said(definition.title),
            definition.name,
            meant_language(self._language, definition.languages) or definition.languages[0],
            tuple(self._box(number, stage, detail) for number, stage in enumerate(definition.stages.values(), 1)),
            arrows,
            self._lost(),
            counts.told if counts else "",
            counts.elsewhere(frozenset(definition.stages), ways) if counts else "",
        )

    def _said(self, text: Text) -> str:
        return " ".join(text.in_language(self._language).split())

    def _roles(self, roles: tuple[str, ...]) -> str:
        return joined(self._said(self._definition.roles[role].title) for role in roles) if roles else ""

    def _box(self, number: int, stage: Stage, detail: Detail) -> Box:
        won: Won = "here" if stage.wins else "after" if stage.id in self._definition.won_side else "before"
        sections = tuple(section for section in self._sections(stage) if section.rows)
        title, owner = self._said(stage.title), self._roles(stage.owner)
        counted = self._counts.figures(stage.id) if self._counts else ()
        told = "\n".join((
            f"{number}. {title}" + (f", owned by {owner}" if owner else ""),
            *_STARTS * stage.start,
            *_WINS * stage.wins,
            *_ENDS * (not stage.next),
            *(f"{section.heading}: {'; '.join(section.rows)}" for section in sections),
            *((f"{self._counts.heading}: {'; '.join(each.text for each in counted)}",) if self._counts and counted else ()),
        ))  # fmt: skip
        shown = sections if detail == "full" else ()
        return Box(stage.id, number, title, owner, stage.start, won, not stage.next, shown, told, counted)

    def _sections(self, stage: Stage) -> Iterator[Section]:
        yield Section("Within", (str(stage.sla.within),) if stage.sla and stage.sla.within else ())
        yield Section("Until", (self._field(stage.sla.until),) if stage.sla and stage.sla.until else ())
        yield Section("To get in", tuple(map(self._criterion, stage.entry_criteria.values())))
        yield Section("Must be done", tuple(self._action(stage, each) for each in stage.required_actions.values()))
        yield Section("May be done", tuple(self._action(stage, each) for each in stage.optional_actions.values()))
        yield Section("To leave", tuple(map(self._criterion, stage.exit_criteria.values())))

    def _criterion(self, criterion: Criterion) -> str:
        if criterion.check is not None:
            return _written(criterion.check)
        return f"{joined(map(self._field, criterion.require), 'and')} filled in"

    def _field(self, name: str) -> str:
        title = self._definition.fields[name].title
        return self._said(title) if title else name

    def _action(self, stage: Stage, action: Action) -> str:
        who = f" ({self._roles(action.roles)})" if action.roles and action.roles != stage.owner else ""
        when = f", when {_written(action.when)}" if action.when else ""
        within = f", within {action.sla.within}" if action.sla and action.sla.within else ""
        until = f", until {self._field(action.sla.until)}" if action.sla and action.sla.until else ""
        return f"{self._said(action.title)}{who}{when}{within}{until}"

    def _arrows(self) -> Iterator[Arrow]:
        for stage in self._definition.stages.values():
            yield from self._arrows_of(stage)

    def _arrows_of(self, stage: Stage) -> Iterator[Arrow]:
        here = self._said(stage.title)
        for way in stage.next.values():
            when = f"when {_written(way.when)}" if way.when else ""
            label = self._said(way.title) if way.title else when
            by = f"by {self._roles(way.by)}" if way.by and way.by != stage.owner else ""
            notes = (label, when if way.title else "", by, *("even if unfinished",) * way.unfinished_allowed)
            yield self._arrow(stage.id, way.target, label, False, f"{here} to {self._title(way.target)}", notes)
        for back in stage.back.values():
            label = self._said(back.title) if back.title else ""
            by = f"by {self._roles(back.by)}" if back.by and back.by != stage.owner else ""
            yield self._arrow(stage.id, back.target, label, True, f"{here} back to {self._title(back.target)}", (label, by))

    def _arrow(self, source: str, target: str, label: str, back: bool, way: str, notes: tuple[str, ...]) -> Arrow:
        taken = self._counts.ways.get((source, target), 0) if self._counts else None
        times = self._counts.taken(taken) if self._counts and taken is not None else ""
        told = ", ".join(filter(None, (*notes, times)))
        told = f"{way}: {told}" if told else way
        if taken is None:
            return Arrow(source, target, label, back, told)
        shown = f"{plain(taken)}: {label}" if label else plain(taken)
        return Arrow(source, target, shown, back, told, taken, taken / self._most)

    def _title(self, stage: str) -> str:
        return self._said(self._definition.stages[stage].title)

    def _lost(self) -> str | None:
        lost = self._definition.lost
        if lost is None:
            return None
        may = "A deal may be lost in any stage"
        if self._counts is not None:
            may = f"{self._counts.lost}A deal may be lost in any stage"
        reasons = [self._said(title) for title in lost.reasons.values()]
        more = len(reasons) - MOST_REASONS
        shown = [*reasons[:MOST_REASONS], *([f"{more} more reasons"] if more > 0 else [])]
        return f"{may}: {joined(shown)}" if shown else may


_STARTS = ("A deal may start here",)
_WINS = ("A deal is won here",)
_ENDS = ("The process ends here",)


def _written(expression: Expression) -> str:
    return " ".join(expression.text.split())
