"""Placeholders of template programs, ``{{ company }}`` and ``{% if x %}``, which YAML takes for brackets of its own."""

from __future__ import annotations

import re

from procdef.diagnostics import Finding, Route
from procdef.language.yaml.broken_lines import BrokenLine
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.quoting import quoted, takes_expression, takes_text
from procdef.language.yaml.reading_faults import cut_by_yaml

_SENTENCE = "this is a placeholder of a template, and procdef fills in none; "
_TEXT = _SENTENCE + "write what is meant, or {form} if it is text"
_OTHER = _SENTENCE + "write what is meant in its place"
_OPENS = re.compile(r"\{\{|\{%")
_CLOSES = re.compile(r"(?:\}\}|%\})[^,}]*")
_REST = re.compile(r"[^,}\]\n\r#]*[^,}\]\s#]")
_KEY = re.compile(r"(?:^[ -]*|[{,]\s*)(?P<key>[A-Za-z_][\w-]*):\s+")


def template(text: str, at: Stretch, route: Route) -> Finding | None:
    """The finding on a value in double braces, which YAML has read as a mapping with a mapping for its key."""
    if not text.startswith("{{", at.start):
        return None
    rest = _REST.match(text, at.end)
    at = Stretch(at.start, rest.end() if rest else at.end)
    whole = text[at.start : at.end]
    return cut_by_yaml(at, _TEXT, form=quoted(whole)) if _is_text(route) else cut_by_yaml(at, _OTHER)


def _is_text(route: Route) -> bool:
    return takes_text(route) and not takes_expression(route)


def template_in(line: BrokenLine) -> Finding | None:
    """The same on a line that YAML could not read."""
    opened = _OPENS.search(line.text)
    key = next(reversed([one for one in _KEY.finditer(line.text) if opened and one.end() <= opened.start()]), None)
    if opened is None or key is None:
        return None
    in_brackets = "{" in line.text[: key.end()]
    closed = _CLOSES.search(line.text, opened.end()) if in_brackets else None
    value = line.text[key.end() : closed.end() if closed else None].rstrip()
    at = Stretch(line.start + key.end(), line.start + key.end() + len(value))
    return cut_by_yaml(at, _TEXT, form=quoted(value)) if _is_text((key["key"],)) else cut_by_yaml(at, _OTHER)
