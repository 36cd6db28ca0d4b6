"""A read YAML file: its text with lines and columns, and its tree, in which routes have their places."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from procdef.diagnostics import Place, Route, Span
from procdef.language.yaml.nodes import Node, ScalarNode, Stretch, find
from procdef.language.yaml.positions import offsets


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins; lines end with LF, CR LF or CR."""
    starts = [0]
    position = 0
    for line in text.replace("\r\n", "\n\n").replace("\r", "\n").split("\n"):
        position += len(line) + 1
        starts.append(position)
    starts.pop()
    return [at for at in starts if not (at and at < len(text) and text[at] == "\n" and text[at - 1] == "\r")]


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file, with what is needed to tell lines and columns."""

    path: str
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, path: str, text: str) -> SourceText:
        """The text of the file named ``path``."""
        return cls(path, text, tuple(line_starts(text)))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """A line without its line break; empty where there is no such line."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")

    def span(self, at: Stretch) -> Span:
        """The lines and columns of a stretch."""
        line, column = self.position(at.start)
        end_line, end_column = self.position(max(at.end, at.start))
        return Span(self.path, line, column, end_line, end_column)

    def span_of(self, place: Place) -> Span:
        """The lines and columns of characters of the file."""
        return self.span(Stretch(place.start or 0, place.end or 0))


@dataclass(frozen=True, slots=True)
class Tree:
    """A read file: its text, its root mapping, and the routes with a finding of reading."""

    source: SourceText
    root: Node
    faulty: frozenset[Route] = frozenset()

    def span(self, place: Place) -> Span:
        """The lines and columns of a place; where its route is not in the file, those of the key of its nearest ancestor."""
        return self.source.span_of(place) if place.part == "file" else self.source.span(self._stretch(place))

    def line(self, *route: str | int) -> int:
        """The line of the key at a route; 0 where there is none."""
        entry = find(self.root, route)
        return self.source.position(entry.key.start)[0] if entry else 0

    def _stretch(self, place: Place) -> Stretch:
        route = place.route
        entry = find(self.root, route)
        while entry is None and route:
            route = route[:-1]
            entry = find(self.root, route)
        if entry is None:
            return Stretch(0, _first_line_end(self.source))
        if place.part == "key" or route != place.route:
            return entry.key
        if place.start is not None and isinstance(entry.value, ScalarNode):
            return _characters(self.source.text, entry.value, place.start, place.end)
        if isinstance(entry.value, ScalarNode):
            return entry.at if entry.at.end > entry.at.start else entry.key
        return entry.at if entry.value.flow else entry.key


def _first_line_end(source: SourceText) -> int:
    return len(source.line(1))


def _characters(text: str, node: ScalarNode, start: int, end: int | None) -> Stretch:
    places = offsets(text, node)
    if not places:
        return node.at
    last = len(places) - 1
    if start > last:
        return Stretch(places[last] + 1, places[last] + 2)
    first = places[start]
    if end is None or end <= start + 1:
        return Stretch(first, first + 1)
    return Stretch(first, places[min(end - 1, last)] + 1)
