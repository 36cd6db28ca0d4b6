"""What a chart is drawn with: a list of shapes and lines of text, as SVG without a style of its own.

Colours and letters come by class, from ``style``; the positions are attributes, as no attribute ``style`` is let through by the
pages' Content-Security-Policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Literal

from procdef.pages.text_widths import text_width, wrapped_to
from procdef.unsafe_characters import tame

Kind = Literal["name", "label", "said", "quiet", "tick"]
Anchor = Literal["start", "middle", "end"]
SIZES: dict[Kind, float] = {"name": 15.0, "label": 13.0, "said": 13.0, "quiet": 12.0, "tick": 12.0}
LEADING = 1.3
_breaks = re.compile(r"[^\S\u00a0\u2007\u202f]+")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """A text on one line, with nothing that turns the direction of writing or that XML does not take."""
    return _NOT_IN_XML.sub("\ufffd", tame(_breaks.sub(" ", text).strip()))


def markup(text: str) -> str:
    """The text as it stands in XML and HTML."""
    return escape(shown(text))


def wrapped(text: str, kind: Kind, width: float, most: int | None = 3) -> list[str]:
    """The lines of a text of that kind, none wider than that."""
    return wrapped_to(shown(text), width, SIZES[kind], bold=kind == "name", most=most) if text.strip() else []


def wide(text: str, kind: Kind) -> float:
    """How wide a text of that kind is on one line."""
    return text_width(shown(text), SIZES[kind], bold=kind == "name")


def number(value: float) -> str:
    """A place with as many digits as a pixel needs."""
    return f"{round(value, 1) + 0.0:g}"


class Drawing:
    """``prefix`` makes the ids in it its own: those of its title, its words and its hatching."""

    def __init__(self, width: float, prefix: str) -> None:
        self.width, self.prefix = width, prefix
        self._parts: list[str] = []

    def lines(self, x: float, y: float, lines: Iterable[str], kind: Kind, anchor: Anchor = "start") -> float:
        """Lines of text, the first of which begins at the height ``y``; the height where they end."""
        size = SIZES[kind]
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        for line in lines:
            y += size * LEADING
            place = f'x="{number(x)}" y="{number(y - size * 0.35)}"'
            self._parts.append(f'<text class="{kind}" {place}{where}>{escape(line)}</text>')
        return y

    def rule(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        self._parts.append(f'<line class="{kind}" {ends}/>')

    def uprights(self, kind: str, lines: Iterable[tuple[float, float, float]]) -> None:
        """Lines that stand upright: where each is, from which height, and down to which."""
        way = "".join(f"M{number(x)} {number(top)}V{number(end)}" for x, top, end in lines)
        if way:
            self._parts.append(f'<path class="{kind}" d="{way}"/>')

    def box(self, kind: str, x: float, y: float, width: float, height: float, said: str = "") -> None:
        """A rectangle; one of the kind ``other`` is hatched. ``said`` is what a pointer on it shows."""
        hatch = f' fill="url(#{self.prefix}-hatch)"' if kind == "other" else ""
        area = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0.5))}" height="{number(height)}"'
        self._closed("rect", f'class="{kind}" {area}{hatch}', said)

    def point(self, kind: str, x: float, y: float, said: str = "") -> None:
        """A mark: a ``dot``, a ``ring``, a ``diamond`` or a ``limit``, which stands upright."""
        if kind == "limit":
            self.rule("limit", x, y - 9, x, y + 9)
        elif kind == "tip":
            self.rule("tip", x, y - 6, x, y + 6)
        elif kind == "diamond":
            corners = f"M{number(x)} {number(y - 6)}l6 6l-6 6l-6-6Z"
            self._closed("path", f'class="diamond" d="{corners}"', said)
        else:
            radius = {"ring": 4}.get(kind, 5)
            self._closed("circle", f'class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{radius}"', said)

    def path(self, kind: str, places: Iterable[tuple[float, float]], *, closed: bool = False) -> None:
        """A line through those places, or the area within it."""
        way = "L".join(f"{number(x)} {number(y)}" for x, y in places)
        if way:
            self._parts.append(f'<path class="{kind}" d="M{way}{"Z" * closed}"/>')

    def _closed(self, tag: str, attributes: str, said: str) -> None:
        inner = f"<title>{markup(said)}</title></{tag}>" if said else ""
        self._parts.append(f"<{tag} {attributes}>{inner}" if said else f"<{tag} {attributes}/>")

    def svg(self, height: float, title: str, told: str, language: str) -> str:
        """The whole picture; ``told`` says in words all that it shows."""
        prefix, size = self.prefix, f"{number(self.width)} {number(height)}"
        hatch = (
            f'<defs><pattern id="{prefix}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>'
        )
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {size}" width="{number(self.width)}" '
            f'height="{number(height)}" role="img" aria-labelledby="{prefix}-title {prefix}-told" lang="{markup(language)}">',
            f'<title id="{prefix}-title">{markup(title)}</title>',
            f'<desc id="{prefix}-told">{escape(chr(10).join(map(shown, told.splitlines())))}</desc>',
            *([hatch] if any("-hatch)" in part for part in self._parts) else []),
            *self._parts, "</svg>",
        ])  # fmt: skip
