"""The lines of a text that YAML cannot read, split into key, value and indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from procdef.language.yaml.tree import SourceText

_KEY = re.compile(
    r"""(?P<dashes>(?:-[ ]+)*)(?P<key>[\w.-][^:#{}\[\]"']*|"[^"]*"|'[^']*')[ ]*:(?=\s|$)[ ]*(?P<value>.*)"""
)
_BLOCK = re.compile(r"(?:[!&]\S*\s+)*[|>][-+0-9]*\s*(?:#.*)?$")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'')


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that is not a comment and does not continue a block text, a bracket or a quoted text."""

    number: int
    start: int
    text: str
    indent: int
    dash: bool
    key: str
    colon: int
    value: str

    @property
    def content(self) -> str:
        """The line without its indentation."""
        return self.text.strip(" ").rstrip()


def counted(number: int, word: str) -> str:
    """A number with its word in the singular or plural."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def lines_of(text: SourceText, last: int) -> list[BrokenLine]:
    """The lines, up to the number ``last``, that do not continue another one."""
    found: list[BrokenLine] = []
    block, opened = -1, 0
    for number in range(1, last + 1):
        written = text.line(number)
        indent = len(written) - len(written.lstrip(" "))
        content = written.strip()
        if not content or (block >= 0 and indent > block):
            continue
        block = -1
        if content.startswith("#") or content in ("---", "...") or content.startswith("%"):
            continue
        line = _line(number, text.starts[number - 1], written, indent)
        if opened and not (line.key and found and indent <= found[-1].indent):
            opened = max(0, opened + _opens(content))
            continue
        found.append(line)
        rest = line.value if line.key else content
        opened = max(0, _opens(rest)) if rest[:1] in ("{", "[") else 0
        if _BLOCK.match(line.value) or (line.dash and _BLOCK.match(content.lstrip("- "))):
            block = indent
    return found


def _line(number: int, start: int, written: str, indent: int) -> BrokenLine:
    dash = written[indent:].startswith("- ") or written[indent:].rstrip() == "-"
    match = _KEY.match(written, indent)
    if match is None:
        return BrokenLine(number, start, written, indent, dash, "", -1, "")
    key, value = match["key"].strip().strip("\"'"), re.sub(r"(^|\s)#.*", "", match["value"]).strip()
    return BrokenLine(number, start, written, indent, dash, key, match.end("key"), value)


def _opens(text: str) -> int:
    """How many more brackets a text opens than it closes."""
    bare = _QUOTED.sub("", text)
    return sum(bare.count(sign) for sign in "{[") - sum(bare.count(sign) for sign in "}]")
