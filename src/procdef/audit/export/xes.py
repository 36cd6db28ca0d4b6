"""XES (IEEE 1849): a trace for each deal.

All is ASCII, what lies outside it a character reference: widely used readers take a file in pieces of 4,096 bytes and
break where one ends within a character. They also want ``key`` before ``value``, and some of them one element a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from procdef.audit.export.event import COMPLETE, Exported, Source

_EXTENSIONS = (
    ("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"),
)  # fmt: skip
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
"""As they are, a reader would turn them into blanks."""


def xes_lines(events: Iterable[Exported], source: Source) -> Iterator[bytes]:
    """The document, event by event. A deal without an event has no trace."""
    yield _head(source)
    case = None
    for e in events:
        if e.case != case:
            if case is not None:
                yield b"  </trace>\n"
            case = e.case
            yield _trace(e)
        yield _event(e)
    if case is not None:
        yield b"  </trace>\n"
    yield b"</log>\n"


def _head(source: Source) -> bytes:
    extensions = "".join(
        f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in _EXTENSIONS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
        f"{extensions}"
        '  <global scope="trace">\n    <string key="concept:name" value="unknown"/>\n  </global>\n'
        '  <global scope="event">\n    <string key="concept:name" value="unknown"/>\n'
        '    <date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/>\n'
        '    <string key="lifecycle:transition" value="complete"/>\n'
        '    <string key="org:resource" value="unknown"/>\n  </global>\n'
        '  <classifier name="Activity" scope="event" keys="concept:name"/>\n'
        f'  <string key="concept:name" value="procdef log {source.log}"/>\n'
        '  <string key="lifecycle:model" value="standard"/>\n'
        f'  <int key="tree.size" value="{source.size}"/>\n'
        f'  <string key="tree.root" value="{source.root}"/>\n'
    ).encode("ascii")


def _trace(e: Exported) -> bytes:
    name = "" if e.name is None else f'    <string key="deal" value="{escaped(e.name)}"/>\n'
    return (
        f'  <trace>\n    <string key="concept:name" value="{escaped(e.case)}"/>\n'
        f'    <string key="process" value="{escaped(e.process)}"/>\n    <int key="version" value="{e.version}"/>\n{name}'
    ).encode("ascii", "xmlcharrefreplace")


def _event(e: Exported) -> bytes:
    role = f'      <string key="org:role" value="{often(e.role)}"/>\n' if e.role else ""
    return (
        f'    <event>\n      <string key="concept:name" value="{often(e.activity)}"/>\n'
        f'      <date key="time:timestamp" value="{e.time}"/>\n'
        f'      <string key="lifecycle:transition" value="{COMPLETE}"/>\n'
        f'      <string key="org:resource" value="{often(e.resource)}"/>\n{role}'
        f'      <string key="stage" value="{often(e.stage)}"/>\n      <string key="type" value="{often(e.type)}"/>\n'
        f'      <date key="recorded" value="{e.recorded}"/>\n      <int key="n" value="{e.n}"/>\n'
        f'      <id key="id" value="{e.id}"/>\n      <string key="hash" value="{e.hash}"/>\n'
        f'      <string key="data" value="{escaped(e.data)}"/>\n    </event>\n'
    ).encode("ascii", "xmlcharrefreplace")


def escaped(text: str) -> str:
    """The text as the value of an attribute. What XML cannot hold at all becomes U+FFFD."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    if not text.isprintable():
        text = _NOT_XML.sub("\ufffd", text)
        for space, reference in _SPACES.items():
            text = text.replace(space, reference)
    return text


often = lru_cache(maxsize=4096)(escaped)
"""The same, for texts that come again and again."""
