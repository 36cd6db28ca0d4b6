"""The picture as SVG, which asks nothing of anybody: no font, no script, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from procdef.pages.diagram.contents import Box, Contents
from procdef.pages.diagram.placement import (
    LABEL,
    LEADING,
    TEXT,
    TITLE,
    Direction,
    PlacedArrow,
    PlacedBox,
    Placement,
    Point,
    leader,
    placement,
)
from procdef.pages.text_widths import FONTS, wrapped_to

_MARGIN = 24.0
_HEAD = 40.0
_LEAST_WIDTH = 480.0
_CORNER = 8.0
_TURN = 6.0
_LEAST_LINE, _MOST_LINE = 1.0, 6.0
"""How broad a line is that nobody took, and the one that was taken most."""
_KEY = (
    ("start", "a deal may start here"), ("won", "won here"), ("after", "after the win"), ("back", "a way back"),
    ("taken", "taken more often, the number is how often"),
)  # fmt: skip
_OWN = frozenset({"title", "owner", "row"})
"""The kinds of lines in a box that are made of the process's own texts."""

STYLE = f"""
.procdef{{font-family:{FONTS};--paper:#fff;--ink:#1c2430;--quiet:#566072;--line:#566072;--box:#f3f6fa;--edge:#8794a8;
--won:#dff3e4;--won-edge:#2f7d4a;--start:#1f5fbf;--late:#a3231f}}
@media (prefers-color-scheme:dark){{.procdef{{--paper:#14181f;--ink:#e8ecf2;--quiet:#a9b4c4;--line:#a9b4c4;--box:#1f2630;
--edge:#6b7890;--won:#173824;--won-edge:#6fc48d;--start:#8ab4ff;--late:#ff9d94}}}}
@media print{{.procdef{{--paper:#fff;--ink:#000;--quiet:#333;--line:#333;--box:#fff;--edge:#333;--won:#fff;
--won-edge:#1d6b38;--late:#a3231f}}}}
.procdef .paper{{fill:var(--paper)}}
.procdef .box{{fill:var(--box);stroke:var(--edge);stroke-width:1.5}}
.procdef .won{{fill:var(--won);stroke:var(--won-edge)}}
.procdef .inner{{fill:none}}
.procdef text{{fill:var(--ink);font-size:{TEXT:g}px}}
.procdef .title{{font-size:{TITLE:g}px;font-weight:bold}}
.procdef .name{{font-size:18px;font-weight:bold}}
.procdef .heading{{font-weight:bold}}
.procdef .owner,.procdef .quiet{{fill:var(--quiet)}}
.procdef .here,.procdef .late{{font-weight:bold}}
.procdef .late{{fill:var(--late)}}
.procdef .way{{fill:none;stroke:var(--line)}}
.procdef .way:not([stroke-width]){{stroke-width:1.6}}
.procdef .back{{stroke-dasharray:6 4}}
.procdef .leader{{fill:none;stroke:var(--quiet);stroke-width:1;stroke-dasharray:1 3;stroke-linecap:round}}
.procdef .head{{fill:var(--line)}}
.procdef .label{{text-anchor:middle}}
.procdef .behind{{fill:var(--paper)}}
.procdef .start{{fill:var(--start)}}
.procdef .star{{fill:var(--won-edge)}}
.procdef .end{{stroke:var(--ink);stroke-width:4}}
.procdef a{{text-decoration:none}}
.procdef a:hover .box,.procdef a:focus .box{{stroke:var(--start);stroke-width:3}}
""".replace("\n", "")
"""How the picture looks, by its classes. A page that takes the picture in puts it into its own stylesheet."""
_ALONE = "@media print{svg.procdef{width:100%;height:auto;max-height:100vh}}"
"""On paper the whole of a picture that stands alone is as wide as the page at most."""


def svg(
    contents: Contents, direction: Direction, *, links: Mapping[str, str] | None = None, in_page: bool = False
) -> str:
    """The picture of a process. What it shows is also said in words, in ``title`` and ``desc``.

    ``links``: where the boxes of stages lead, by the ids of the stages. ``in_page``: the picture becomes part of an HTML page;
    it leaves its style to the page (``STYLE``), as a page may allow its own stylesheet only, and what its marks mean, and its
    ids begin with ``picture-``.
    """
    return "\n".join(_drawn(contents, placement(contents, direction), links or {}, in_page)) + "\n"


def _drawn(contents: Contents, placed: Placement, links: Mapping[str, str], in_page: bool) -> Iterator[str]:
    room = max(placed.width, _LEAST_WIDTH)
    lost = wrapped_to(f"✗ {contents.lost}", room, TEXT) if contents.lost else []
    lost += wrapped_to(contents.undrawn, room, TEXT) if contents.undrawn else []
    key = [] if in_page else list(_key_lines(contents, room))
    foot = (len(lost) + len(key)) * TEXT * LEADING + (12 if lost or key else 0)
    title = wrapped_to(f"{contents.title} ({contents.name})", room, 18, bold=True, most=3)
    counted = wrapped_to(contents.counted, room, TEXT) if contents.counted else []
    head = len(title) * 18 * LEADING + (_HEAD - 18 * LEADING) + len(counted) * TEXT * LEADING
    width, height = room + 2 * _MARGIN, head + placed.height + foot + 2 * _MARGIN
    # What is one image has no parts, so nothing in it could be followed; a picture with links is a group.
    prefix, role = "picture-" if in_page else "", "group" if links else "img"
    language = _text(contents.words)
    own = "" if contents.language == contents.words else f' xml:lang="{_text(contents.language)}"'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="procdef" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="{role}" aria-labelledby="{prefix}title {prefix}desc" xml:lang="{language}"'
        + (f' lang="{language}">' if in_page else ">")
    )
    yield f'<title id="{prefix}title"{own}>{_text(contents.title)} ({_text(contents.name)})</title>'
    yield f'<desc id="{prefix}desc">{_text(_told(contents))}</desc>'
    if not in_page:
        yield f"<style>{STYLE}{_ALONE}</style>"
    yield f'<rect class="paper" width="{width:g}" height="{height:g}"/>'
    for number, line in enumerate(title):
        yield f'<text class="name"{own} x="{_MARGIN:g}" y="{_MARGIN + 14 + number * 18 * LEADING:g}">{_text(line)}</text>'
    below = _MARGIN + 14 + (len(title) - 1) * 18 * LEADING + 6
    for number, line in enumerate(counted, 1):
        yield f'<text class="quiet" x="{_MARGIN:g}" y="{_n(below + number * TEXT * LEADING)}">{_text(line)}</text>'
    yield f'<g transform="translate({_n(_MARGIN - placed.left)} {_n(_MARGIN + head - placed.top)})">'
    yield from (_way(arrow) for arrow in placed.arrows)
    for box in placed.boxes:
        yield from _linked(_box(box, prefix, own), links.get(box.box.id))
    yield from (_leader(*found) for arrow in placed.arrows if arrow.label and (found := leader(arrow)) is not None)
    yield from (_label(arrow, own) for arrow in placed.arrows if arrow.label)
    yield "</g>"
    y = _MARGIN + head + placed.height + 24
    for line in (*lost, *key):
        yield f'<text class="quiet" x="{_MARGIN:g}" y="{_n(y)}">{_text(line)}</text>'
        y += TEXT * LEADING
    yield "</svg>"


def _told(contents: Contents) -> str:
    parts = [contents.counted, *(box.told for box in contents.boxes), *(arrow.told for arrow in contents.arrows)]
    return "\n".join(filter(None, [*parts, contents.lost, contents.undrawn]))


def _key_lines(contents: Contents, room: float) -> Iterator[str]:
    """What the marks mean, as far as they stand in this picture."""
    known = {
        "start": any(box.start for box in contents.boxes),
        "won": any(box.won == "here" for box in contents.boxes),
        "after": any(box.won == "after" for box in contents.boxes),
        "back": any(arrow.back for arrow in contents.arrows),
        "taken": any(arrow.taken for arrow in contents.arrows),
    }
    signs = {"start": "● ", "won": "★ ", "after": "rounded: ", "back": "dashed: ", "taken": "broader: "}
    shown = " · ".join(f"{signs[name]}{words}" for name, words in _KEY if known[name])
    return iter(wrapped_to(shown, room, TEXT)) if shown else iter(())


def _linked(parts: Iterator[str], link: str | None) -> Iterator[str]:
    yield from parts if link is None else (f'<a href="{_text(link)}">', *parts, "</a>")


def _box(placed: PlacedBox, prefix: str, own: str) -> Iterator[str]:
    """``own`` marks the texts that are the process's, where they are in another language than the words of the picture."""
    box = placed.box
    won = box.won != "before"
    corner = 20 if won else _CORNER / 2
    place = f'transform="translate({_n(placed.x)} {_n(placed.y)})"'
    yield f'<g id="{prefix}stage-{_text(box.id)}" {place}><title>{_text(box.told)}</title>'
    yield f'<rect class="{"box won" if won else "box"}" width="{placed.width:g}" height="{placed.height:g}" rx="{corner:g}"/>'
    yield from _marks(box, placed)
    for line in placed.lines:
        marks = own if line.kind in _OWN else ""
        yield f'<text class="{line.kind}"{marks} x="{_n(line.x)}" y="{_n(line.y)}">{_text(line.text)}</text>'
    yield "</g>"


def _marks(box: Box, placed: PlacedBox) -> Iterator[str]:
    if box.start:
        yield '<circle class="start" cx="0" cy="0" r="6"/>'
    if box.won == "here":
        yield f'<text class="star title" x="{placed.width - 26:g}" y="{12 + TITLE:g}">★</text>'
    if box.ends:
        y = placed.height - 5
        yield f'<line class="end" x1="20" x2="{placed.width - 20:g}" y1="{y:g}" y2="{y:g}"/>'


def _way(placed: PlacedArrow) -> str:
    width = _LEAST_LINE + placed.arrow.weight * (_MOST_LINE - _LEAST_LINE)
    counted = placed.arrow.taken is not None
    points, head = _with_head(placed.points, max(1.0, 0.7 + width / 6) if counted else 1.0)
    broad = f' stroke-width="{_n(width)}"' if counted else ""
    kind = "way back" if placed.arrow.back else "way"
    return (
        f'<g><title>{_text(placed.arrow.told)}</title><path class="{kind}"{broad} d="{_rounded(points)}"/>'
        f'<path class="head" d="M{" L".join(map(_pair, head))}Z"/></g>'
    )


def _with_head(points: tuple[Point, ...], size: float) -> tuple[list[Point], list[Point]]:
    """The line up to its arrow head, and the corners of that, which is ``size`` times as large as usual."""
    (x0, y0), (x, y) = points[-2], points[-1]
    length = max(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5, 0.001)
    dx, dy = (x - x0) / length, (y - y0) / length
    long, wide = 9 * size, 5 * size
    foot = (x - long * dx, y - long * dy)
    wings = [(foot[0] - wide * dy, foot[1] + wide * dx), (foot[0] + wide * dy, foot[1] - wide * dx)]
    return [*points[:-1], foot], [(x, y), *wings]


def _rounded(points: list[Point]) -> str:
    """The path along these points, its corners rounded."""
    parts = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        parts.append(f"L{_pair(_towards(corner, before))}Q{_pair(corner)} {_pair(_towards(corner, after))}")
    return "".join([*parts, f"L{_pair(points[-1])}"])


def _towards(corner: Point, other: Point) -> Point:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = (dx**2 + dy**2) ** 0.5
    part = min(_TURN, length / 2) / length if length else 0
    return corner[0] + dx * part, corner[1] + dy * part


def _leader(label: Point, line: Point) -> str:
    """A quiet line from a label to the arrow that it belongs to."""
    return f'<path class="leader" d="M{_pair(label)}L{_pair(line)}"/>'


def _label(placed: PlacedArrow, own: str) -> str:
    (x, y), (width, height) = placed.at, placed.size
    first = y - height / 2 + LABEL + 2
    lines = "".join(
        f'<text class="label"{own} x="{_n(x)}" y="{_n(first + place * LABEL * LEADING)}">{_text(line)}</text>'
        for place, line in enumerate(placed.label)
    )
    corner = f'x="{_n(x - width / 2)}" y="{_n(y - height / 2)}"'
    return f'<rect class="behind" {corner} width="{width:g}" height="{height:g}"/>{lines}'


def _pair(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    """A number with as many digits as a pixel needs."""
    return f"{round(number, 1):g}"


def _text(text: str) -> str:
    """A text as XML takes it: without the control characters that no escape lets in."""
    return escape("".join(sign for sign in text if sign >= " " or sign in "\n\t"))


