"""The picture of the process in the handbook: in the words of the page, each stage leading to its chapter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from procdef.pages.diagram import fitting_direction
from procdef.pages.diagram.contents import Arrow, Box, Contents, contents
from procdef.pages.diagram.svg import svg
from procdef.pages.passages import Passage
from procdef.pages.playbook.reading import Reading

if TYPE_CHECKING:
    from markupsafe import Markup


_FITTED = (704.0, 1200.0)
"""Pixels of width between which a picture is drawn as wide as the page. A wider one would have letters too small to read."""


class Picture(NamedTuple):
    """The picture, whether it is drawn as wide as the page, and its key: each mark that is there with what it means."""

    drawn: Markup
    fitted: bool
    key: tuple[tuple[str, Passage], ...]


def picture(reading: Reading) -> Picture:
    """The picture of the whole process."""
    from markupsafe import Markup

    shown = _in_words_of(reading)
    links = {stage: f"#stage-{stage}" for stage in reading.definition.stages}
    drawn = svg(shown, fitting_direction(reading.definition), links=links, in_page=True)
    width = float(drawn.partition(' width="')[2].partition('"')[0])
    return Picture(Markup(drawn), _FITTED[0] <= width <= _FITTED[1], tuple(_key(reading, shown)))


def _in_words_of(reading: Reading) -> Contents:
    """What the picture shows. How deals are lost is left to the page, which has a chapter on it."""
    shown = contents(reading.definition, "stages", reading.words.language)
    boxes = tuple(_box(reading, box) for box in shown.boxes)
    arrows = tuple(_arrow(reading, arrow) for arrow in shown.arrows)
    spoken = reading.words.language
    return replace(shown, language=spoken, words=spoken, boxes=boxes, arrows=arrows, lost=None)


def _box(reading: Reading, box: Box) -> Box:
    owner = _plain(reading.roles(reading.definition.stages[box.id].owner))
    marks = {"start_here": box.start, "won_here": box.won == "here", "ends_here": box.ends}
    told = [f"{box.number}. {box.title}", f"{reading.words['owner']}: {owner}"]
    told += [str(reading.words[mark]) for mark, shown in marks.items() if shown]
    return replace(box, owner=owner if box.owner else "", told="\n".join(told))


def _arrow(reading: Reading, arrow: Arrow) -> Arrow:
    stages = reading.definition.stages
    source, target = stages[arrow.source], stages[arrow.target]
    way = None if arrow.back else source.next[arrow.target]
    label = arrow.label
    if way is not None and way.when is not None and way.title is None:
        label = _plain(reading.words.say("when", condition=reading.conditions.say(way.when)))
    to = reading.words.say("back_to" if arrow.back else "on_to", stage=reading.said(target.title))
    told = f"{reading.said(source.title)}: {_plain(to)}"
    return replace(arrow, label=label, told=f"{told}, {label}" if label else told)


def _plain(said: Markup) -> str:
    return said.striptags()


def _key(reading: Reading, drawn: Contents) -> Iterable[tuple[str, Passage]]:
    boxes = drawn.boxes
    marks = {
        "start": any(box.start for box in boxes), "won": any(box.won == "here" for box in boxes),
        "after": any(box.won == "after" for box in boxes), "ends": any(box.ends for box in boxes),
        "back": any(arrow.back for arrow in drawn.arrows),
    }  # fmt: skip
    return ((mark, reading.words[f"key_{mark}"]) for mark, shown in marks.items() if shown)
