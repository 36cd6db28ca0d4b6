"""Several keys on one line, outside of brackets: ``from: 1 to: 2`` and ``maija: roles: seller``."""

from __future__ import annotations

import re
from dataclasses import replace

from procdef.diagnostics import Finding
from procdef.language.shape.schema_keys import belongs, entry_keys, groups
from procdef.language.yaml.broken_lines import BrokenLine
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.quoting import TEXT_KEYS
from procdef.language.yaml.reading_faults import reading_fault
from procdef.language.yaml.tree import SourceText

_MORE = re.compile(r"[ ]*,?[ ]+(?P<key>[a-z_]+):[ ]+(?P<value>[^\s#:]+)")
_FIRST = re.compile(r"[ ]*(?P<key>[a-z_]+):[ ]+(?P<value>[^\s#:][^#:]*?)[ ]*$")
_TEXTS = TEXT_KEYS | {"name", "reason", "note"}


def keys_on_one_line(text: SourceText, line: BrokenLine) -> Finding | None:
    """What to write in the place of the second key of a line, and of further ones, where the first one takes no text."""
    if not line.key or line.key in _TEXTS or line.value[:1] in ("{", "[", '"', "'"):
        return None
    begin = line.text.index(":", line.colon) + 1
    first = _FIRST.fullmatch(line.text, begin)
    if first is not None:
        return _behind_an_id(text, line, first)
    found: list[re.Match[str]] = []
    word = re.compile(r"[ ]*[^\s#:,]+(?=[ ]*,?[ ])").match(line.text, begin)
    end = word.end() if word else begin
    while more := _MORE.match(line.text, end):
        found.append(more)
        end = more.end()
    if not found or line.text[end:].strip() or not all(belongs(one["key"], {line.key}) for one in found):
        return None
    column = len(line.text) - len(line.text.lstrip(" -"))
    fix = "".join(f"\n{' ' * column}{one['key']}: {one['value'].rstrip(',')}" for one in found)
    several = " and ".join(f"`{one['key']}: {one['value'].rstrip(',')}`" for one in found)
    lines = "a line of its own" if len(found) == 1 else "lines of their own"
    sentence = "a line takes one key; write {several} on {lines}, below this one"
    at = Stretch(line.start + found[0].start(), line.start + end)
    return replace(reading_fault("syntax", at, sentence, found[0]["key"], "key", several=several, lines=lines), fix=fix)


def _behind_an_id(text: SourceText, line: BrokenLine, found: re.Match[str]) -> Finding | None:
    """A key right behind an id that takes keys, as that of a person or a stage; or an id behind a key that takes ids."""
    known = [any(key in group for group in groups()) for key in (line.key, found["key"])]
    if known != [False, True] and not (known == [True, False] and line.key in entry_keys()):
        return None
    written = f"{found['key']}: {found['value']}"
    follows = text.line(line.number + 1)
    depth = len(follows) - len(follows.lstrip(" "))
    deeper = bool(follows.strip()) and depth > line.indent
    sentence = "a line takes one key; write `{written}` on a line of its own, with the lines below"
    if not deeper:
        sentence = "two keys on one line need brackets; write {form}, or begin a new line for `{subject}`"
    at = Stretch(line.start + found.start(), line.start + len(line.text.rstrip()))
    fix = f"\n{' ' * depth}{written}" if deeper else f" {{{written}}}"
    return replace(reading_fault("syntax", at, sentence, found["key"], "key", written=written, form=f"{{{written}}}"), fix=fix)
