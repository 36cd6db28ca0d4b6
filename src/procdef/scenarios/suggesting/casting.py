"""Who takes suggested steps: people that a file has already, and new ones where it has too few with a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from procdef.proof.told import Step

NAMES = ("maija", "jaana", "pekka", "liisa", "olli", "aino", "onni", "sari")
"""Of people who are made up."""
Part = tuple[str, int]
"""Somebody with a role, of several the so-manieth."""


def made_up(number: int) -> str:
    """The so-manieth name of somebody who is made up, from 0."""
    return NAMES[number] if number < len(NAMES) else f"person_{number + 1}"


@dataclass(slots=True)
class Cast:
    """``people`` are those that there are, with their roles; ``new`` those that had to be added."""

    people: Mapping[str, tuple[str, ...]]
    new: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, steps: Iterable[Step]) -> dict[Part, str]:
        """A different person for each part of a scenario, who has the role of it."""
        playing: dict[str, Part] = {}
        parts = parts_of(steps)
        for part in parts:
            if not self._find(part, playing, set()):
                playing[self._added(part[0], playing)] = part
        return {part: person for person, part in playing.items()}

    def _find(self, part: Part, playing: dict[str, Part], asked: set[str]) -> bool:
        """Find somebody for a part, and others for the parts of those who could play it too."""
        everybody = {**self.people, **self.new}
        able = sorted((person for person, roles in everybody.items() if part[0] in roles), key=lambda one: len(everybody[one]))
        for person in sorted(able, key=lambda one: one in playing):
            if person in asked:
                continue
            asked.add(person)
            if person not in playing or self._find(playing[person], playing, asked):
                playing[person] = part
                return True
        return False

    def _added(self, role: str, playing: Mapping[str, Part]) -> str:
        number = 0
        while made_up(number) in self.people or made_up(number) in self.new:
            number += 1
        self.new[made_up(number)] = (role,)
        return made_up(number)


def parts_of(steps: Iterable[Step]) -> list[Part]:
    """Who takes part, in the order in which they do."""
    return list(dict.fromkeys(part_of(step) for step in steps if step.by))


def part_of(step: Step) -> Part:
    """Who takes a step."""
    person, _, role = step.by.partition(":")
    return role, int(person.removeprefix(role))
