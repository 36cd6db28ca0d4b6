"""Processes at random, as pictures have to show them: long and short, with ways round stages and ways back."""

from __future__ import annotations

import random
from dataclasses import replace

from procdef.pages.diagram.contents import Arrow, Box, Contents, Won
from procdef.pages.diagram.counts import Figure, number

_WORDS = ("customer", "accepts", "offer", "when value", "is high enough", "and", "the board", "agrees", "on terms", "delivery")


def generated(seed: int) -> Contents:
    """The contents of the picture of one process, the same for the same seed."""
    chance = random.Random(seed)
    count = chance.choice((1, 2, 3, 5, 8, 8, 12, 20, 40))
    arrows: dict[tuple[int, int], Arrow] = {}
    for source in range(count - 1):
        _add(arrows, chance, source, source + 1)
    for _ in range(count // 4):
        source = chance.randrange(count)
        _add(arrows, chance, source, min(count - 1, source + chance.randint(2, 4)))
    for _ in range(min(15, count // 3)):
        source = chance.randrange(1, count)
        _add(arrows, chance, source, max(0, source - chance.randint(1, 3)), back=True)
    boxes = tuple(_box(chance, number, count) for number in range(count))
    return Contents("Sales", "sales v1", "en", boxes, tuple(sorted(arrows.values(), key=lambda each: each.back)), None)


def counted(contents: Contents, seed: int) -> Contents:
    """The same painted with numbers."""
    chance = random.Random(seed)
    arrows = []
    for arrow in contents.arrows:
        taken = chance.choice((0, 7, 140, 12_345, 999_999))
        label = f"{number(taken)}: {arrow.label}" if arrow.label else number(taken)
        arrows.append(replace(arrow, label=label, taken=taken, weight=taken / 999_999))
    boxes = tuple(replace(box, figures=_figures(chance)) for box in contents.boxes)
    return replace(contents, arrows=tuple(arrows), boxes=boxes, counted="Deals of all time")


def _figures(chance: random.Random) -> tuple[Figure, ...]:
    late = (Figure(f"⚠ {number(chance.randrange(100_000))} overdue", "late"),) * chance.randint(0, 1)
    entered = f"{number(chance.randrange(10**7))} entered, {chance.randint(0, 100)} % went on"
    return (Figure(f"{number(chance.randrange(10**6))} here now", "here"), *late, Figure(entered, "quiet"))


def _text(chance: random.Random, *lengths: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.choice(lengths)))


def _box(chance: random.Random, number: int, count: int) -> Box:
    won: Won = "before" if number < count * 0.7 else "after"
    title, owner = _text(chance, 1, 2, 4), _text(chance, 0, 1, 3)
    return Box(f"s{number}", number + 1, title, owner, number == 0, won, number == count - 1, (), title)


def _add(
    arrows: dict[tuple[int, int], Arrow], chance: random.Random, source: int, target: int, back: bool = False
) -> None:
    if source != target:
        label = _text(chance, 0, 0, 2, 6)
        arrows.setdefault((source, target), Arrow(f"s{source}", f"s{target}", label, back, label))
