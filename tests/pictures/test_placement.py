"""No label lies on another, on a box or on a line, however a process goes, and every text fits its box."""

from __future__ import annotations

from itertools import combinations

import pytest
from generated_processes import counted, generated

from procdef.pages.diagram.contents import Arrow, Box, Contents, Section
from procdef.pages.diagram.placement import BOLD, Direction, Line, PlacedArrow, PlacedBox, Point, leader, placement
from procdef.pages.text_widths import text_width, wrapped_to

Area = tuple[float, float, float, float]
PROCESSES = range(100)


def area(box: PlacedBox) -> Area:
    return box.x, box.y, box.x + box.width, box.y + box.height


def label_area(arrow: PlacedArrow) -> Area:
    (x, y), (width, height) = arrow.at, arrow.size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(start: Point, end: Point, within: Area) -> bool:
    """Whether a line of a path, which goes straight across or straight down, runs through that area."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return overlap((left - 0.01, top - 0.01, right + 0.01, bottom + 0.01), within)


@pytest.mark.parametrize("with_counts", [False, True])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_nothing_lies_on_anything_else(direction: Direction, with_counts: bool) -> None:
    for seed in PROCESSES:
        contents = generated(seed)
        placed = placement(counted(contents, seed) if with_counts else contents, direction)
        for box in placed.boxes:
            assert all(_end(line) <= box.width for line in box.lines), seed
        labels = [(arrow, label_area(arrow)) for arrow in placed.arrows if arrow.label]
        areas = [*map(area, placed.boxes), *(each for _, each in labels)]
        assert not [pair for pair in combinations(areas, 2) if overlap(*pair)], seed
        for arrow in placed.arrows:
            lines = list(zip(arrow.points, arrow.points[1:], strict=False))
            assert not [box for box in placed.boxes for line in lines if crosses(*line, _inside(area(box)))], seed
            assert not [own for own, each in labels if own is not arrow for line in lines if crosses(*line, each)], seed


def _end(line: Line) -> float:
    """Where a line of a box ends."""
    return line.x + text_width(line.text, 15.0 if line.kind == "title" else 12.0, bold=line.kind in BOLD)


def _inside(box: Area) -> Area:
    """A box without its rim, at which the arrows begin and end."""
    return box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1


@pytest.mark.parametrize("direction", ["right", "down"])
def test_a_label_lies_near_its_arrow_or_a_quiet_line_leads_there(direction: Direction) -> None:
    led = 0
    for seed in PROCESSES:
        for arrow in placement(generated(seed), direction).arrows:
            found = leader(arrow)
            if not arrow.label or found is None:
                continue
            led += 1
            (x, y), (left, top, right, bottom) = found[0], label_area(arrow)
            assert left <= x <= right
            assert top <= y <= bottom
            ends = (*found[1], *found[1])
            assert [line for line in zip(arrow.points, arrow.points[1:], strict=False) if crosses(*line, _around(ends))], seed
    assert led > 20


def _around(point: Area) -> Area:
    return point[0] - 0.1, point[1] - 0.1, point[2] + 0.1, point[3] + 0.1


@pytest.mark.parametrize("direction", ["right", "down"])
def test_stages_stand_in_the_order_in_which_deals_go_through_them(direction: Direction) -> None:
    boxes = [
        Box(f"s{number}", number, "Stage", "", number == 1, "before", number == 8, (), "Stage") for number in range(1, 9)
    ]
    ways = [Arrow(f"s{number}", f"s{number + 1}", "", False, "") for number in range(1, 8)]
    back = [Arrow(f"s{number}", "s1", "", True, "") for number in range(2, 9)]
    placed = placement(Contents("Sales", "sales v1", "en", tuple(boxes), (*ways, *back), None), direction)
    order = sorted(placed.boxes, key=lambda each: (round(each.y / 150), each.x) if direction == "right" else (each.y,))
    assert [each.box.number for each in order] == list(range(1, 9))


@pytest.mark.parametrize("title", ["W" * 300, "i" * 300, "word " * 60, "漢字" * 60, "🚀" * 80, "e\u0301" * 200])
def test_every_text_fits_its_box(title: str) -> None:
    sections = (Section("Must be done", (title, "short")),)
    box = Box("s", 1, title, title, True, "here", True, sections, title)
    (placed,) = placement(Contents("Sales", "sales v1", "en", (box,), (), None), "down").boxes
    for line in placed.lines:
        size = 15.0 if line.kind == "title" else 12.0
        assert line.x + text_width(line.text, size, bold=line.kind in ("title", "heading")) <= placed.width, line
        assert 0 < line.y < placed.height, line


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one two three four five", ["one two three", "four five"]),
        ("Donaudampfschifffahrt", ["Donaudampfsch", "ifffahrt"]),
    ],
)
def test_lines_are_broken_between_words_and_words_where_they_must(text: str, lines: list[str]) -> None:
    assert wrapped_to(text, 100, 12) == lines


def test_what_is_left_out_is_marked() -> None:
    assert wrapped_to("one two three four five six seven", 60, 12, most=2) == ["one two", "three fo…"]


@pytest.mark.parametrize(
    ("text", "size", "bold", "drawn"),
    [
        ("8. After-marketing", 15, True, 157.4),
        ("Contract and delivery", 15, True, 183.0),
        ("Sopimusneuvottelu", 15, True, 164.1),
        ("MWMWMW", 15, True, 94.4),
        ("Send the offer by e-mail", 12, False, 145.4),
        ("record the decision makers", 12, False, 163.9),
    ],
)
def test_a_text_is_as_wide_as_dejavu_sans_draws_it(text: str, size: float, bold: bool, drawn: float) -> None:
    """``drawn`` is the sum of the font's advance widths (``hmtx`` of DejaVuSans.ttf and DejaVuSans-Bold.ttf 2.37)."""
    assert drawn <= text_width(text, size, bold=bold) <= drawn * 1.06
