"""Where the boxes and arrows of a picture lie: boxes as large as their texts, placed in layers by graphlay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from procdef.pages.diagram.contents import Arrow, Box, Contents
from procdef.pages.text_widths import text_width, wrapped_to

Direction = Literal["right", "down"]
LineKind = Literal["title", "owner", "heading", "row", "here", "late", "quiet"]
RANK_DIRECTIONS = {"right": "LR", "down": "TB"}
"""The directions as Mermaid and Graphviz write them."""
Point = tuple[float, float]

TITLE, TEXT, LABEL = 15.0, 12.0, 12.0
"""The sizes of letters: of a box's title, of the other texts in it, and of what stands at arrows; in pixels, as all here is."""
BOLD = frozenset({"title", "heading", "here", "late"})
"""The kinds of lines in a box that are drawn bold."""
LEADING = 1.3
"""The height of a line, in sizes of its letters."""
PADDING = 12.0
_BADGE = 26.0
_WIDTHS = {"stages": (120.0, 208.0), "full": (220.0, 336.0)}
_LABEL_WIDTH, _LABEL_LINES = 150.0, 3
_DIRECTIONS = {"right": "leftright", "down": "topbottom"}
_ASPECT = 2.4
"""How much wider than high a picture is at most, where its stages lie in rows: so it fits a laptop's screen."""
_ATTEMPTS = (
    (1.0, 4.0, True), (1.0, 8.0, True), (1.25, 8.0, True), (1.6, 12.0, True),
    (1.0, 8.0, False), (1.6, 12.0, False), (2.5, 16.0, False),
)  # fmt: skip
"""How much room there is, how far labels keep from lines, and whether a long process is laid in several rows: the first that
is without a fault is taken."""
_INDENT = 10.0
_RIM = 2.0
"""How much larger a label is laid than it is drawn, so that no line runs along its edge."""
_NEAR = 14.0
"""So near to an arrow a label is seen to be its own."""
_SPACING = {"layer_gap": 56.0, "node_gap": 44.0, "edge_label_margin": 24.0}
_COUNTED = 1.4
"""How much farther apart the layers are where numbers stand at the ways, so that more is seen of a way than its number."""
_FAULTS = ("label_edge_hits", "label_label_overlaps", "label_node_overlaps", "node_edge_hits", "node_overlaps")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its left end and its base line, both from the corner of its box."""

    x: float
    y: float
    text: str
    kind: LineKind


_Sized = tuple[Box, float, float, tuple[Line, ...]]
"""A box with its width, its height and its lines."""


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """``x`` and ``y`` are those of the upper left corner."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PlacedArrow:
    """``label`` are the lines of its label around the point ``at``."""

    arrow: Arrow
    points: tuple[Point, ...]
    label: tuple[str, ...]
    at: Point
    size: Point


@dataclass(frozen=True, slots=True)
class Placement:
    """``left``, ``top``, ``width`` and ``height`` hold all boxes, arrows and labels."""

    boxes: tuple[PlacedBox, ...]
    arrows: tuple[PlacedArrow, ...]
    left: float
    top: float
    width: float
    height: float


def placement(contents: Contents, direction: Direction) -> Placement:
    """The boxes and arrows, each in its place. Nothing lies on anything else, but for lines that cross where they must."""
    from graphlay import Graph  # which only pictures need

    sized = _of_one_width([_sized(box) for box in contents.boxes])
    labels = [_label(arrow) for arrow in contents.arrows]
    graph = Graph()
    for box, width, height, _ in sized:
        graph.node(box.id, width=width, height=height)
    for arrow, (_, size) in zip(contents.arrows, labels, strict=True):
        room = {"label_size": [side + _RIM for side in size]} if arrow.label else {}
        # A way back is laid as if it led forward, so that the stages stand in the order in which deals go through them.
        ends = (arrow.target, arrow.source) if arrow.back else (arrow.source, arrow.target)
        graph.edge(*ends, weight=0.5 if arrow.back else 1.0, **room)
    laid = _laid(graph, direction, _COUNTED if contents.counted else 1.0)
    centres = laid.positions()
    boxes = tuple(
        PlacedBox(box, centres[box.id][0] - width / 2, centres[box.id][1] - height / 2, width, height, lines)
        for box, width, height, lines in sized
    )
    arrows = tuple(
        _placed(arrow, edge, *label) for arrow, edge, label in zip(contents.arrows, laid.edges, labels, strict=True)
    )
    return _framed(boxes, arrows)


def _sized(box: Box) -> _Sized:
    least, most = _WIDTHS["full" if box.sections else "stages"]
    inner = most - 2 * PADDING
    title = wrapped_to(f"{box.number}. {box.title}", inner - _BADGE * (box.won == "here"), TITLE, bold=True, most=4)
    owner = wrapped_to(box.owner, inner, TEXT, most=3) if box.owner else []
    lines: list[Line] = []
    y = PADDING
    for text in title:
        y += TITLE * LEADING
        lines.append(Line(PADDING, y - TITLE * 0.3, text, "title"))
    for text in owner:
        y += TEXT * LEADING
        lines.append(Line(PADDING, y - TEXT * 0.3, text, "owner"))
    for place, figure in enumerate(box.figures):
        y += TEXT * LEADING * (1.35 if place == 0 else 1)
        lines.append(Line(PADDING, y - TEXT * 0.3, figure.text, figure.kind))
    for section in box.sections:
        y += TEXT * LEADING * 1.35
        lines.append(Line(PADDING, y - TEXT * 0.3, section.heading, "heading"))
        for row in section.rows:
            for place, text in enumerate(wrapped_to(row, inner - _INDENT, TEXT, most=5)):
                y += TEXT * LEADING
                lines.append(Line(PADDING + _INDENT, y - TEXT * 0.3, text, "row"))
                if place == 0:
                    lines.append(Line(PADDING, y - TEXT * 0.3, "·", "row"))
    width = max(least, *(_end(line) + PADDING + _BADGE * (line.kind == "title" and box.won == "here") for line in lines))
    return box, round(width), round(y + PADDING), tuple(lines)


def _laid(graph: Any, direction: Direction, apart: float) -> Any:
    """The layout in which no label touches a line or another label, with as much room as that takes. ``apart`` makes layers
    stand farther from each other."""
    from graphlay import layout

    for room, clearance, in_rows in _ATTEMPTS:
        options = {
            "direction": _DIRECTIONS[direction],
            "labels": {"reservation": "always", "clearance": clearance},
            "spacing": {name: size * room * (apart if name == "layer_gap" else 1.0) for name, size in _SPACING.items()},
            "wrap": {"viewport_aspect": _ASPECT if in_rows and direction == "right" else 0.0},
        }
        laid = layout(graph, preset="process_map", options=options)
        if not any(laid.metrics()[name] for name in _FAULTS):
            break
    return laid


def _of_one_width(sized: list[_Sized]) -> list[_Sized]:
    width = max(width for _, width, _, _ in sized)
    return [(box, width, height, lines) for box, _, height, lines in sized]


def _end(line: Line) -> float:
    return line.x + text_width(line.text, TITLE if line.kind == "title" else TEXT, bold=line.kind in BOLD)


def _label(arrow: Arrow) -> tuple[tuple[str, ...], Point]:
    lines = tuple(wrapped_to(arrow.label, _LABEL_WIDTH, LABEL, most=_LABEL_LINES)) if arrow.label else ()
    width = max((text_width(line, LABEL) for line in lines), default=0.0)
    return lines, (round(width + 8), round(len(lines) * LABEL * LEADING + 4))


def _placed(arrow: Arrow, edge: Any, label: tuple[str, ...], size: Point) -> PlacedArrow:
    points = tuple((point["x"], point["y"]) for point in edge["points"])[:: -1 if arrow.back else 1]
    anchor = edge["label_anchor"]
    at = (anchor["x"], anchor["y"]) if anchor else points[len(points) // 2]
    return PlacedArrow(arrow, points, label, at, size)


def leader(placed: PlacedArrow) -> tuple[Point, Point] | None:
    """The shortest line from a label to its arrow, where the label had to be put too far from it to be known as its own."""
    (x, y), (width, height) = placed.at, placed.size
    found: list[tuple[float, Point, Point]] = []
    for (x0, y0), (x1, y1) in zip(placed.points, placed.points[1:], strict=False):
        here, there = _nearest(x - width / 2, x + width / 2, min(x0, x1), max(x0, x1))
        above, below = _nearest(y - height / 2, y + height / 2, min(y0, y1), max(y0, y1))
        found.append((((here - there) ** 2 + (above - below) ** 2) ** 0.5, (here, above), (there, below)))
    length, label, line = min(found)
    return (label, line) if length > _NEAR else None


def _nearest(low: float, high: float, other_low: float, other_high: float) -> tuple[float, float]:
    """The places of two spans that are nearest to each other; in the middle of what they share, where they meet."""
    if high < other_low:
        return high, other_low
    if other_high < low:
        return low, other_high
    middle = (max(low, other_low) + min(high, other_high)) / 2
    return middle, middle


def _framed(boxes: tuple[PlacedBox, ...], arrows: tuple[PlacedArrow, ...]) -> Placement:
    corners = [corner for box in boxes for corner in ((box.x, box.y), (box.x + box.width, box.y + box.height))]
    for arrow in arrows:
        corners += arrow.points
        if arrow.label:
            (x, y), (width, height) = arrow.at, arrow.size
            corners += [(x - width / 2, y - height / 2), (x + width / 2, y + height / 2)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Placement(boxes, arrows, min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
