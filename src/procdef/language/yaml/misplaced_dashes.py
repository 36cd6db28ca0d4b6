"""Dashes where YAML takes none: behind a key (``title: - Lead``, ``fax: -``), and before some entries that have ids."""

from __future__ import annotations

import re
from dataclasses import replace

from procdef.diagnostics import Finding
from procdef.language.shape.schema_keys import entry_keys, file_kind, list_keys
from procdef.language.shape.suggested_forms import plain
from procdef.language.yaml.broken_lines import BrokenLine
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault

_BEHIND_KEY = re.compile(r"(?:^[ -]*|[{,]\s*)(?P<key>[A-Za-z_][\w-]*):\s+(?P<value>-\s+(?P<item>\S.*))")
_ALONE = re.compile(r"^[ -]*(?P<key>[A-Za-z_][\w.-]*):\s+(?P<value>-)\s*(?:#.*)?$")
_END_IN_BRACKETS = re.compile(r"\s*(,\s*[A-Za-z_][\w-]*:\s|[}\]])")


def dash_behind_key(line: BrokenLine, column: int) -> Finding | None:
    """A dash at a column (from 0) behind a key: the value alone is meant, or a list of one."""
    for found in _BEHIND_KEY.finditer(line.text):
        if found.start("value") != column:
            continue
        in_brackets = "{" in line.text[:column]
        end = _END_IN_BRACKETS.search(line.text, column) if in_brackets else None
        stop = end.start() if end else len(line.text.rstrip())
        item = line.text[found.start("item") : stop]
        form = _without_dash(found["key"], item, in_brackets)
        sentence = "a dash begins an item of a list, which has a line of its own; write {subject}: {fix}"
        at = Stretch(line.start + column, line.start + stop)
        return replace(reading_fault("syntax", at, sentence, found["key"], "key"), fix=form)
    return None


def dash_for_nothing(line: BrokenLine, column: int) -> Finding | None:
    """A dash at a column (from 0) that is all that stands behind a key, as people write it for nothing."""
    found = _ALONE.match(line.text)
    if found is None or found.start("value") != column:
        return None
    at = Stretch(line.start + column, line.start + column + 1)
    if file_kind().schema == "plan":
        sentence = "a dash alone is no value; to drop what is there, write {subject}: {fix}"
        return replace(reading_fault("syntax", at, sentence, found["key"], "key"), fix="null")
    sentence = 'a dash alone is no value; write what "{subject}" is behind the colon, or leave the line out'
    return reading_fault("syntax", at, sentence, found["key"], "key")


def _without_dash(key: str, item: str, in_brackets: bool) -> str:
    """What stood behind a dash, as the value of a key."""
    if item[0] + item[-1] in ("[]", "{}"):
        return item
    if key in list_keys():
        return f"[{plain(item)}]"
    return plain(item) if in_brackets or ": " in item else item


def dash_before_entry(line: BrokenLine, lines: list[BrokenLine]) -> Finding | None:
    """The first dash above a line that has none, below a key whose entries have ids and no dashes."""
    beside = [one for one in lines if one.number < line.number and one.indent == line.indent]
    first = next((one for one in beside if one.dash), None)
    owners = [one for one in lines if one.number < (first or line).number and one.indent < line.indent]
    if first is None or not line.key or not owners or owners[-1].key not in entry_keys():
        return None
    rest = first.content.lstrip("- ")
    sentence = "an entry of `{owner}` begins with its id, without a dash; write {rest}"
    at = Stretch(first.start + first.indent, first.start + first.indent + len(first.content))
    return replace(reading_fault("syntax", at, sentence, owner=owners[-1].key, rest=rest), fix=rest)
