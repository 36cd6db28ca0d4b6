"""From bytes to a tree with positions. Whatever the bytes are, the answer is a tree or findings, and it comes soon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from procdef.diagnostics import Route
from procdef.language.yaml import surprises
from procdef.language.yaml.comments import comments
from procdef.language.yaml.quoting import cut_anchor, cut_by_hash, may_go_on, quoted, takes_text
from procdef.language.yaml.reading_faults import ReadingFault
from procdef.language.yaml.scalars import CORE_TAGS, resolve
from procdef.language.yaml.syntax_errors import Unread, cause_of
from procdef.language.yaml.tree import MappingEntry, MappingNode, Node, ScalarNode, SequenceNode, SourceText, Stretch

LARGEST = 1024 * 1024
DEEPEST = 64
MOST_NODES = 100_000
_FORBIDDEN = frozenset(
    [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
    + ["\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff"]
) - {"\t", "\n", "\r"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading: the text, its root (None where there is no usable one), faults and spoiled routes."""

    text: SourceText
    root: Node | None
    notes: tuple[ReadingFault, ...]
    spoiled: frozenset[Route] = frozenset()
    comments: tuple[Stretch, ...] = ()


_PROPERTIES = re.compile(r"(?:(?:&[\w-]*|!\S*)\s*(?:#[^\r\n]*\s+)*)*")
_COLON = re.compile(r"\s*:")
_KEY_LINE = re.compile(r"\n[ -]*[A-Za-z_][\w-]*:(?:\s|$)")


class _Stopped(Exception):
    """Reading cannot go on; the note says why."""

    def __init__(self, note: ReadingFault) -> None:
        self.note = note
        super().__init__(note.message)


def read(source: bytes, name: str) -> Reading:
    """Read the bytes of the file ``name``. Never raises for what they hold."""
    if len(source) > LARGEST:
        note = ReadingFault("too-large", Stretch(0, 0), "the file is larger than 1 MiB; split the process or shorten its texts")
        return Reading(SourceText.of(name, ""), None, (note,))
    try:
        text = SourceText.of(name, source.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        text = SourceText.of(name, source[: error.start].decode("utf-8-sig", "replace"))
        at = Stretch(len(text.text), len(text.text) + 1)
        return Reading(text, None, (ReadingFault("encoding", at, "the file is not UTF-8 from here on; save it as UTF-8"),))
    bad = next((index for index, character in enumerate(text.text) if character in _FORBIDDEN), None)
    if bad is not None:
        message = f"the character U+{ord(text.text[bad]):04X} is not allowed here because it cannot be seen; remove it"
        return Reading(text, None, (ReadingFault("encoding", Stretch(bad, bad + 1), message),))
    return _read_text(text)


def _read_text(text: SourceText) -> Reading:
    reader = _Reader(text)
    try:
        root = reader.document()
    except _Stopped as stop:
        return Reading(text, None, (*reader.notes, *([] if reader.led_to(stop.note) else [stop.note])))
    for at, route in reader.marks.values():
        whole = quoted(text.text[at.start : at.end])
        reader.note(ReadingFault("cut-by-yaml", at, f"YAML takes the & at the beginning for an anchor; write {whole}"), route)
    return Reading(
        text, root, tuple(reader.notes), frozenset(reader.spoiled), tuple(comments(text.text, reader.hashes))
    )


@dataclass(slots=True)
class _Reader:
    text: SourceText
    notes: list[ReadingFault] = field(default_factory=list)
    spoiled: list[Route] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int, int] | None] = field(default_factory=dict)
    hashes: list[Stretch] = field(default_factory=list)
    marks: dict[str, tuple[Stretch, Route]] = field(default_factory=dict)
    runaway: Stretch | None = None
    nodes: int = 0
    events: Iterator[yaml.Event] = field(default_factory=lambda: iter(()))

    def document(self) -> Node | None:
        self.events = self._stream()
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    message = "a file holds one process; remove this second document"
                    raise _Stopped(ReadingFault("several-documents", _stretch(event), message))
                root, _ = self._node(next(self.events), (), 1)
        if root is None or (isinstance(root, ScalarNode) and root.value is None):
            raise _Stopped(
                ReadingFault("empty-file", Stretch(0, 0), "the file is empty; `procdef new FILE` writes one to start from")
            )
        return root

    def _stream(self) -> Iterator[yaml.Event]:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            yield from yaml.parse(self.text.text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = mark.index if mark else 0
            about = ", ".join(part for part in (error.context, error.problem) if part)
            if "nesting depth" in about:  # libyaml from 0.2.6 on has a limit of its own, far beyond ours
                raise _Stopped(_too_deep(Stretch(at, at + 1))) from None
            if error.context == "while scanning a quoted scalar" and error.context_mark:
                self.runaway = Stretch(error.context_mark.index, error.context_mark.index + 1)
            began = error.context_mark.index if error.context_mark else None
            raise _Stopped(cause_of(Unread(self.text, at, about, began, self.runaway))) from None
        except yaml.YAMLError as error:
            raise _Stopped(ReadingFault("syntax", Stretch(0, 0), f"this is not YAML: {error}")) from None

    def _node(self, event: yaml.Event, route: Route, depth: int) -> tuple[Node, int]:
        """The node that an event begins, and how many levels it is high."""
        if depth > DEEPEST:
            raise _Stopped(_too_deep(_stretch(event)))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        self._count(1, event)
        before = self.nodes
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = None
        node, height = self._begun(event, route, depth)
        if anchor:
            self.anchors[anchor] = (node, self.nodes - before + 1, height)
        self._check_tag(event, route)
        return node, height

    def _begun(self, event: yaml.Event, route: Route, depth: int) -> tuple[Node, int]:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, route, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, route, depth)
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, route), 1

    def _count(self, more: int, event: yaml.Event) -> None:
        self.nodes += more
        if self.nodes > MOST_NODES:
            code = "alias-bomb" if isinstance(event, yaml.AliasEvent) else "too-large"
            message = f"the file has more than {MOST_NODES:,} values once its aliases are expanded"
            raise _Stopped(ReadingFault(code, _stretch(event), message))

    def _alias(self, event: yaml.AliasEvent, depth: int) -> tuple[Node, int]:
        if event.anchor not in self.anchors:
            message = f'there is no "&{event.anchor}" before this "*{event.anchor}"; if it is text, write it in quotes'
            raise _Stopped(ReadingFault("cut-by-yaml", _stretch(event), message))
        self.marks.pop(event.anchor, None)
        known = self.anchors[event.anchor]
        if known is None:
            raise _Stopped(ReadingFault("alias-bomb", _stretch(event), f'"*{event.anchor}" contains itself'))
        node, size, height = known
        self._count(size, event)
        if depth + height - 1 > DEEPEST:
            raise _Stopped(ReadingFault("too-deep", _stretch(event), f"this alias reaches deeper than {DEEPEST} levels"))
        return node, height

    def _scalar(self, event: yaml.ScalarEvent, route: Route) -> ScalarNode:
        bad = next((c for c in event.value if c in _FORBIDDEN or "\ud800" <= c <= "\udfff"), None)
        if bad is not None:
            message = f"the escape makes the character U+{ord(bad):04X}, which cannot be seen; remove it"
            self.note(ReadingFault("encoding", _stretch(event), message), route)
        value = resolve(event.value, event.tag, event.style is None or event.style == "")
        node = ScalarNode(value, event.value, event.style or "", self._content(event))
        cut = cut_anchor(self.text.text, _stretch(event).start, node.at.start, node.at.end) if event.anchor else None
        if cut is not None:
            self.note(ReadingFault("cut-by-yaml", _stretch(event), cut), route)
        if event.anchor and surprises.may_be_text(self.text, node, _stretch(event).start, route):
            self.marks[event.anchor] = (_stretch(event), route)
        self._told(surprises.in_scalar(self.text, node, route), route)
        self._remember(node)
        return node

    def led_to(self, stop: ReadingFault) -> bool:
        """Whether a fault that is told already, on this line or the one above, is why reading stopped."""
        line = self.text.position(stop.at.start)[0]
        spoiled = [note for note in self.notes if note.code in ("cut-by-yaml", "syntax")]
        near = any(self.text.position(note.at.start)[0] >= line - 1 for note in spoiled)
        return near and stop.code in ("cut-by-yaml", "syntax")

    def _told(self, look: ReadingFault | None, route: Route) -> bool:
        """Whether something was seen, which is kept then."""
        if look is not None:
            self.note(look, route)
        return look is not None

    def _content(self, event: yaml.ScalarEvent) -> Stretch:
        """Where a value stands without the anchor and the tag before it."""
        at = _stretch(event)
        if not event.anchor and self.text.text[at.start : at.start + 1] not in ("!", "&"):
            return at
        properties = _PROPERTIES.match(self.text.text, at.start, at.end)
        return Stretch(properties.end(), at.end) if properties else at

    def _remember(self, node: ScalarNode) -> None:
        """Keep what tells comments from text, and a quoted text that swallows the lines of other keys."""
        written = self.text.text[node.at.start : node.at.end]
        if "#" in written:
            begin = written.find("\n") + 1 if node.style in ("|", ">") else 0
            self.hashes.append(Stretch(node.at.start + begin, node.at.end))
        if node.style in ("'", '"') and "\n" in written and _KEY_LINE.search(written):
            self.runaway = Stretch(node.at.start, node.at.start + 1)

    def _sequence(self, event: yaml.SequenceStartEvent, route: Route, depth: int) -> tuple[Node, int]:
        node, height = SequenceNode(_stretch(event), bool(event.flow_style)), 0
        while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
            here = (*route, len(node.entries))
            value, levels = self._node(inner, here, depth + 1)
            at = self._where(inner, value)
            self._told(surprises.commented_out(self.text, value, at.start, here), here)
            node.entries.append(MappingEntry(at, value, at))
            height = max(height, levels)
        node.at = Stretch(node.at.start, _stretch(inner).end)
        self._told(surprises.in_collection(self.text, node, route), route)
        return node, height + 1

    def _mapping(self, event: yaml.MappingStartEvent, route: Route, depth: int) -> tuple[Node, int]:
        node, height = MappingNode(_stretch(event), bool(event.flow_style)), 0
        while not isinstance(inner := next(self.events), yaml.MappingEndEvent):
            key, _ = self._node(inner, route, depth + 1)
            at = self._where(inner, key)
            text = key.text if isinstance(key, ScalarNode) else ""
            follower = next(self.events)
            value, levels = self._node(follower, (*route, text), depth + 1)
            height = max(height, levels)
            if isinstance(value, ScalarNode):
                self._check_hash(value, (*route, text), node.flow)
            if self._is_rest(key, at, value, node, route):
                continue
            if self._key_fits(key, at, node, route):
                node.entries[text] = MappingEntry(at, value, self._where(follower, value))
        node.at = Stretch(node.at.start, _stretch(inner).end)
        self._told(surprises.in_collection(self.text, node, route), route)
        return node, height + 1

    def _key_fits(self, key: Node, at: Stretch, node: MappingNode, route: Route) -> bool:
        if self._told(surprises.in_key(self.text, key, at), route):
            return False
        if not isinstance(key, ScalarNode) or not isinstance(key.value, str):
            shown = f'; write "{key.text}" in quotes' if isinstance(key, ScalarNode) and key.text else ""
            self.note(ReadingFault("not-text-key", at, f"a key must be text{shown}"), route)
            return False
        if node.flow and self.text.text[at.start - 1] == "?":
            whole = self.text.text[at.start - 1 : at.end]
            message = f"YAML takes the ? at the beginning for the sign of a key; write {quoted(whole)}"
            self.note(ReadingFault("cut-by-yaml", Stretch(at.start - 1, at.end), message), route)
            return False
        if key.text == "<<" and not key.style:
            self.note(ReadingFault("merge-key", at, 'merge keys ("<<") are not read; write the keys out'), route)
            return False
        if key.text in node.entries:
            first = node.entries[key.text].key
            note = ReadingFault("duplicate-key", at, f'the key "{key.text}" stands here twice; remove or rename one', first)
            self.note(note, (*route, key.text))
            return False
        return True

    def _is_rest(self, key: Node, at: Stretch, value: Node, node: MappingNode, route: Route) -> bool:
        """Whether a key without a value is what follows a comma in the text before it."""
        last = next(reversed(node.entries), None)
        empty = isinstance(value, ScalarNode) and not value.style and value.at.start == value.at.end
        if not (node.flow and empty and isinstance(key, ScalarNode)):
            return False
        if last is None:
            return self._told(surprises.run_on(key, at, colon=False), route)
        if _COLON.match(self.text.text, at.end):
            return False
        before = node.entries[last].value
        if self._told(surprises.run_on(key, at, colon=True), route):
            return True
        comma = surprises.decimal_comma(before, key) if self.text.text[at.start - 1] == "," else None
        if comma is not None:
            self.note(ReadingFault("cut-by-yaml", Stretch(before.at.start, at.end), comma), (*route, last))
            return True
        if not isinstance(before, ScalarNode) or not isinstance(before.value, str) or before.style:
            return False
        if not may_go_on((*route, last), key.text):
            return self._told(surprises.run_on(key, at, colon=False), route)
        whole = self.text.text[before.at.start : at.end]
        made = f'YAML ends the text at the comma and makes "{before.text}" of it; write {quoted(whole)}'
        note = ReadingFault("cut-by-yaml", Stretch(before.at.start, at.end), made)
        if self.notes and self.notes[-1].code == note.code and self.notes[-1].at.start == note.at.start:
            self.notes.pop()
        self.note(note, (*route, last))
        return True

    def _check_hash(self, node: ScalarNode, route: Route, flow: bool) -> None:
        if node.style or not isinstance(node.value, str):
            return
        line, _ = self.text.position(node.at.end)
        end = self.text.starts[line - 1] + len(self.text.line(line))
        whole = cut_by_hash(route, node.text, self.text.text[node.at.end : end], flow)
        if whole is not None:
            made = f'YAML takes what follows " #" for a comment and makes "{node.text}" of it; write {quoted(whole)}'
            self.note(ReadingFault("cut-by-yaml", node.at, made), route)

    def _check_tag(self, event: yaml.Event, route: Route) -> None:
        tag = getattr(event, "tag", None)
        start = _stretch(event).start
        if isinstance(event, yaml.ScalarEvent) and self.text.text[start : start + 1] == "!" and tag:
            line, column = self.text.position(start)
            written = self.text.line(line)[column - 1 :].rstrip()
            reads = takes_text(route)
            if reads and not written.startswith("!!") and event.style != "'" and " " in written:
                whole = self.text.text[start : _stretch(event).end].rstrip()
                message = f"YAML takes the ! at the beginning for a tag; write {quoted(whole)}"
                self.note(ReadingFault("cut-by-yaml", _stretch(event), message), route)
                return
        if tag and tag not in CORE_TAGS:
            message = f'the tag "{tag}" is not read; remove it, or write the text in quotes'
            self.note(ReadingFault("unknown-tag", _stretch(event), message), route)

    def note(self, note: ReadingFault, route: Route) -> None:
        """Keep a fault, and that nothing more is to be said of its route."""
        self.notes.append(note)
        self.spoiled.append(route)

    def _where(self, event: yaml.Event, node: Node) -> Stretch:
        return _stretch(event) if isinstance(event, yaml.AliasEvent) else node.at


def _too_deep(at: Stretch) -> ReadingFault:
    return ReadingFault("too-deep", at, f"this is nested deeper than {DEEPEST} levels")


def _stretch(event: yaml.Event) -> Stretch:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return Stretch(0, 0)
    return Stretch(start.index, end.index)
