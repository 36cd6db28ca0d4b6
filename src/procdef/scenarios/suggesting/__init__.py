"""Scenarios that would try what no scenario tries yet: thought of with what is proved of the process, played by the engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.commands import Actor
from procdef.directory import Directory
from procdef.errors import ProcdefError
from procdef.model import ProcessDefinition
from procdef.proof.domains import TODAY
from procdef.proof.plans import Plans
from procdef.proof.player import Player as Led
from procdef.scenarios.coverage import Coverage, Item, ends_of
from procdef.scenarios.model import Scenario
from procdef.scenarios.play import Player
from procdef.scenarios.reading import as_step
from procdef.scenarios.suggesting.casting import Cast
from procdef.scenarios.suggesting.reasons import reason
from procdef.scenarios.suggesting.rehearsal import Rehearsal
from procdef.scenarios.suggesting.specs import begins, folded, specs
from procdef.scenarios.suggesting.tries import Tries
from procdef.scenarios.times import moment

_ROUTED = ("stages", "starts", "ways")
_ORDER = ("criteria", "when", "waivers", "rejected", "rows", "actions", "decisions", "lapses", "deadlines", "returns")
"""Of what is tried in a stage: what time takes away stands behind, and at the end what leads out of it."""
_MOST_IN_ONE = 6
"""So many items are tried by one scenario on purpose, so that a person can say whether each is meant."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A scenario that was played: its ``steps`` as scenarios write them, from ``at`` on, and what they ``try`` that nothing
    tried before."""

    name: str
    title: str
    at: str
    steps: tuple[Mapping[str, Any], ...]
    tries: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``people`` are all that take part, ``new`` those of them that the file does not have. ``left`` is what no scenario tries,
    each with the reason."""

    definition: ProcessDefinition
    scenarios: tuple[Suggestion, ...]
    people: Mapping[str, tuple[str, ...]]
    new: Mapping[str, tuple[str, ...]]
    left: tuple[tuple[Item, str], ...]
    directory: Directory | None = None


def suggest(
    coverage: Coverage,
    people: Mapping[str, Iterable[str]] | None = None,
    names: Collection[str] = (),
    directory: Directory | None = None,
) -> Suggestions:
    """Scenarios that try what is not tried yet.

    ``people`` are those of the file that they are for, and ``names`` the scenarios that it has. Where a ``directory`` says who
    has which roles, ``people`` are those who have them as the scenarios begin; it is left aside where it has too few.
    """
    if directory is not None:
        held = {person: directory.roles_of(person, TODAY) for person in directory.people}
        people = {person: sorted(each.roles) for person, each in held.items() if each is not None and each.roles}
    found = _Suggesting(coverage.definition, coverage.missing, people or {}, set(names), directory).found()
    if directory is None or not found.new:
        return found
    return _Suggesting(coverage.definition, coverage.missing, {}, set(names), None).found()


@dataclass(slots=True)
class _Idea:
    """A deal that was led in rehearsal, and what its scenario is called."""

    led: Rehearsal
    name: str
    title: str


@dataclass(slots=True)
class _Suggesting:
    definition: ProcessDefinition
    asked: list[Item]
    people: Mapping[str, Iterable[str]]
    names: set[str]
    directory: Directory | None
    missing: set[Item] = field(default_factory=set)
    told: list[Suggestion] = field(default_factory=list)
    player: Player = field(init=False)

    def __post_init__(self) -> None:
        self.player = Player(self.definition)

    def found(self) -> Suggestions:
        """What comes of it."""
        tries, self.missing = Tries(Plans.of(self.definition)), set(self.asked)
        cast = Cast({person: tuple(roles) for person, roles in self.people.items()})
        for ideas in (self._routes(tries), self._at_start(tries), self._by_site(tries)):
            for idea in ideas:
                self._play(idea, cast)
        left = [item for item in self.asked if item in self.missing]
        reasons = tuple((item, reason(tries, item)) for item in left)
        everybody = {**cast.people, **cast.new}
        return Suggestions(self.definition, tuple(self.told), everybody, cast.new, reasons, self.directory)

    def _play(self, idea: _Idea, cast: Cast) -> None:
        """Have the engine play an idea: what it tries then is what is said of it."""
        people, name = cast.of(idea.led.steps), self._free(idea.name)
        at = begins(self.definition, idea.led.steps)
        actors = {person: Actor(person, frozenset(roles)) for person, roles in {**cast.people, **cast.new}.items()}
        if self.directory is not None:
            actors = {person: Actor(person) for person in actors}
        steps = tuple(specs(self.definition, folded(self.definition, idea.led.steps), people))
        found = self._tried(name, at, steps, actors)
        if found != idea.led.tried:
            plain = tuple(specs(self.definition, idea.led.steps, people))
            tried = self._tried(name, at, plain, actors)
            found, steps = (found, steps) if found >= tried else (tried, plain)
        tried = found & self.missing
        if tried:
            self.missing -= tried
            self.names.add(name)
            self.told.append(Suggestion(name, idea.title, at, steps, tuple(item for item in self.asked if item in tried)))

    def _tried(
        self, name: str, at: str, steps: Iterable[Mapping[str, Any]], people: Mapping[str, Actor]
    ) -> frozenset[Item]:
        """What the engine says that steps try; nothing where it cannot even take them."""
        taken = tuple(as_step(self.definition, people, name, number, step) for number, step in enumerate(steps, 1))
        try:
            from_ = moment(at, self.definition.calendar.zone)
            return self.player.rehearse(Scenario(name, name, from_, taken, directory=self.directory))
        except ProcdefError:
            return frozenset()

    def _free(self, wanted: str) -> str:
        name, number = wanted[:60], 1
        while name in self.names:
            number += 1
            name = f"{wanted[:60]}_{number}"
        return name

    def _routes(self, tries: Tries) -> Iterator[_Idea]:
        """Deals that go as far as they can, along every way that can be taken."""
        plans = tries.plans
        ends = [plans.along(player, None) for stage, player in plans.there.items() if not self.definition.stages[stage].next]
        several = {id(each): each for each in (*filter(None, ends), *plans.taken.values(), *plans.there.values())}
        routes = [tries.again(each) for each in several.values()]
        while routes:
            wanted = {item for item in self.missing if item.kind in _ROUTED}
            best = max(routes, key=lambda each: len(each.tried & wanted))
            if not best.tried & wanted:
                return
            routes.remove(best)
            assert best.deal is not None
            first, last = best.deal.path[0], best.deal.stage
            titles = [self.definition.stages[each].title.in_language(None) for each in (first, last)]
            name = first if first == last else f"{first}_to_{last}"
            yield _Idea(best, name, titles[0] if first == last else f"From {titles[0]} to {titles[1]}")

    def _at_start(self, tries: Tries) -> Iterator[_Idea]:
        """Deals whose start is refused, or judged by what they begin with."""
        for item in self.asked:
            if item in self.missing:
                led = next((each for each in tries.started(item) if item in each.tried), None)
                if led is not None:
                    yield _Idea(led, f"start_in_{item.stage}", f"A start in {item.stage}: {item.short}")

    def _by_site(self, tries: Tries) -> Iterator[_Idea]:
        """Deals that try at a stage, one after the other, what is to be tried there."""
        for item in self.asked:
            if item.kind in ("losses", "reopenings") and item in self.missing:
                yield from self._chain(tries, tries.sites(item)[:1], [item])
        for stage in self.definition.stages:
            here = [each for each in self.asked if each.kind not in (*_ROUTED, "losses", "reopenings")]
            here = sorted((each for each in here if stage in tries.sites(each)), key=_place)
            yield from self._chain(tries, [stage], here)

    def _chain(self, tries: Tries, sites: list[str], wanted: list[Item]) -> Iterator[_Idea]:
        for site in sites:
            led: Rehearsal | None = None
            meant: list[Item] = []
            for item in wanted:
                if item not in self.missing or (led is not None and item in led.tried):
                    continue
                further = None
                if led is not None and len(meant) < _MOST_IN_ONE and led.deal is not None and led.deal.stage == site:
                    further = _first(tries.at(led, item), item)
                if further is None:
                    if led is not None and meant:
                        yield self._told(site, led, meant)
                        led, meant = None, []
                    if item not in self.missing:
                        continue
                    bases = _bases(tries, site, item)
                    further = next((one for base in bases if (one := _first(tries.at(base, item), item)) is not None), None)
                if further is not None:
                    led = further
                    meant.append(item)
                    if led.closed:
                        yield self._told(site, led, meant)
                        led, meant = None, []
            if led is not None and meant:
                yield self._told(site, led, meant)

    def _told(self, site: str, led: Rehearsal, meant: list[Item]) -> _Idea:
        shown = ", ".join(item.short for item in meant)
        if meant[0].kind == "losses":
            return _Idea(led, f"lost_{meant[0].of}", f"A deal is lost: {meant[0].of}")
        if meant[0].kind == "reopenings":
            return _Idea(led, "lost_and_reopened", "A lost deal is taken up again")
        title = self.definition.stages[site].title.in_language(None)
        return _Idea(led, f"at_{site}", f"{title}: {shown}")


def _place(item: Item) -> int:
    """When an item is tried, among those of its stage."""
    return _ORDER.index(item.what if item.what in _ORDER else item.kind)


def _first(tried: Iterator[Rehearsal], item: Item) -> Rehearsal | None:
    return next((led for led in tried if item in led.tried), None)


def _bases(tries: Tries, site: str, item: Item) -> Iterator[Rehearsal]:
    """Deals at a stage that came there in different ways."""
    plans = tries.plans
    if site in plans.there:
        yield tries.again(plans.there[site])
    for (_, target), led in plans.taken.items():
        if target == site and led is not plans.there.get(site):
            yield tries.again(led)
    if item.kind == "returns":
        yield from map(Rehearsal.of, _through(plans, ends_of(item)[1], site))


def _through(plans: Plans, first: str, site: str) -> Iterator[Led]:
    """A deal that came to a stage by way of another one."""
    if first not in plans.there:
        return
    waiting, seen = [plans.there[first]], {first}
    for player in waiting:
        assert player.deal is not None
        for target in plans.process.stages[player.deal.stage].next:
            if target in seen:
                continue
            seen.add(target)
            led = plans.along(player, target)
            if led is None:
                continue
            if target == site:
                yield led
                return
            waiting.append(led)


__all__ = ["Suggestion", "Suggestions", "suggest"]
