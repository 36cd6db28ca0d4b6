"""The lines of a process file with their indentation, and what belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.tree import SourceText

_MOST_ABOVE = 4
KEY = re.compile(r"""[ ]*(?:- +)*(?P<key>[\w-]+|"[^"]*"|'[^']*')[ ]*:(?=\s|$)[ ]*(?P<value>.*?)[ \r]*$""")


@dataclass(frozen=True)
class SourceLines:
    """The lines of a file, counted from 0. A line that holds nothing, or a comment alone, is passed over."""

    text: SourceText

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their line breaks."""
        return [self.text.line(number) for number in range(1, len(self.text.starts) + 1)]

    @cached_property
    def indents(self) -> list[int]:
        """The indentation of each line; -1 for one that is passed over."""
        return [_indent(line) for line in self.lines]

    def before(self, at: int) -> int | None:
        """The line above that is not passed over."""
        return next((one for one in range(at - 1, -1, -1) if self.indents[one] >= 0), None)

    def after(self, at: int) -> int | None:
        """The line below that is not passed over."""
        return next((one for one in range(at + 1, len(self.lines)) if self.indents[one] >= 0), None)

    def above(self, at: int) -> Iterator[int]:
        """The lines that a line stands below by its indentation, the nearest first."""
        edge, one = self.indents[at], self.before(at)
        while one is not None and edge > 0:
            if self.indents[one] < edge:
                edge = self.indents[one]
                yield one
            one = self.before(one)

    def end(self, at: int) -> int:
        """The line after the last one that stands below a line by its indentation."""
        last, one = at, self.after(at)
        while one is not None and self.indents[one] > self.indents[at]:
            last, one = one, self.after(one)
        return last + 1

    def run_end(self, at: int) -> int:
        """The line after the last one that is indented no less than a line, without a line between that is."""
        last, one = at, self.after(at)
        while one is not None and self.indents[one] >= self.indents[at]:
            last, one = one, self.after(one)
        return last + 1

    def same_end(self, at: int) -> int:
        """The line after the last one that is indented as a line is, without another between."""
        last, one = at, self.after(at)
        while one is not None and self.indents[one] == self.indents[at]:
            last, one = one, self.after(one)
        return last + 1

    def same_above(self, at: int) -> list[int]:
        """The lines just above that are indented as a line is."""
        found: list[int] = []
        one = self.before(at)
        while one is not None and self.indents[one] == self.indents[at] and len(found) < _MOST_ABOVE:
            found.append(one)
            one = self.before(one)
        return found

    def run_start(self, at: int) -> int:
        """The first of the lines that are indented no less than a line and stand together with it."""
        first, one = at, self.before(at)
        while one is not None and self.indents[one] >= self.indents[at]:
            if self.indents[one] == self.indents[at]:
                first = one
            one = self.before(one)
        return first

    def may_stand(self, at: int, depth: int) -> bool:
        """Whether a line may begin at a depth: below a line that is open for it, and not as a part of a text."""
        before = self.before(at)
        if before is None:
            return depth == 0
        if depth > self.indents[before]:
            return self.opens(before)
        owner = next((one for one in (before, *self.above(before)) if self.indents[one] < depth), None)
        return owner is None or not self.key(at) or not self.lines[owner].rstrip().endswith(("|", ">"))

    def opens(self, at: int) -> bool:
        """Whether other lines may stand below a line."""
        content = self.lines[at].strip()
        return content.endswith((":", "|", ">", "-")) or content.startswith("- ")

    def key(self, at: int) -> str:
        """The key with which a line begins; empty where it begins with none."""
        found = KEY.match(self.lines[at])
        return found["key"].strip("\"'") if found else ""

    def stretch(self, at: int) -> Stretch:
        """Where what a line says stands in the file."""
        start = self.text.starts[at]
        return Stretch(start + max(self.indents[at], 0), start + max(len(self.lines[at].rstrip()), 1))


def _indent(line: str) -> int:
    content = line.lstrip(" ")
    return -1 if not content.strip() or content.startswith("#") else len(line) - len(content)
