"""From bytes to a tree with positions. Any bytes give a tree or findings, in bounded time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import yaml

from procdef.diagnostics import Finding, Place, Route
from procdef.language.shape.schema_keys import file_kind
from procdef.language.yaml import silent_misreadings
from procdef.language.yaml.comments import comments
from procdef.language.yaml.invisible_characters import code_point, first_invisible
from procdef.language.yaml.nodes import MappingEntry, MappingNode, Node, ScalarNode, SequenceNode, Stretch
from procdef.language.yaml.other_files import other_file
from procdef.language.yaml.quoting import cut_by_hash, cuts_anchor, may_go_on, quoted, takes_text
from procdef.language.yaml.reading_faults import cut_by_yaml, reading_fault, stretch_of
from procdef.language.yaml.scalars import CORE_TAGS, resolve
from procdef.language.yaml.templates import template
from procdef.language.yaml.tree import SourceText

LARGEST = 1024 * 1024
DEEPEST = 64
MOST_NODES = 100_000
_TOO_DEEP = "this is nested deeper than {most} levels"


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading: the text, its root (None where it cannot be used), findings and the routes that they are about."""

    text: SourceText
    root: Node | None
    findings: tuple[Finding, ...]
    faulty: frozenset[Route] = frozenset()
    comments: tuple[Stretch, ...] = ()


_PROPERTIES = re.compile(r"(?:(?:&[\w-]*|!\S*)\s*(?:#[^\r\n]*\s+)*)*")
_CORE = "tag:yaml.org,2002:"
_WORD = re.compile(r"[\w-]+")
_COLON = re.compile(r"\s*:")
_KEY_LINE = re.compile(r"\n[ -]*[A-Za-z_][\w-]*:(?:\s|$)")


class _Stopped(Exception):
    """Reading cannot go on; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.code)


def read(source: bytes, name: str) -> Reading:
    """Read the bytes of the file ``name``. Never raises for what they hold."""
    if len(source) > LARGEST:
        sentence = "the file is larger than 1 MiB; split the {content} or shorten its texts"
        large = reading_fault("too-large", Stretch(0, 0), sentence, kind="file", content=file_kind().content)
        return Reading(SourceText.of(name, ""), None, (large,))
    if (other := other_file(source)) is not None:
        return Reading(SourceText.of(name, ""), None, (other,))
    try:
        text = SourceText.of(name, source.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        text = SourceText.of(name, source[: error.start].decode("utf-8-sig", "replace"))
        at = Stretch(len(text.text), len(text.text) + 1)
        sentence = "this letter cannot be read; save the file with the encoding UTF-8 (in Notepad: Save as)"
        return Reading(text, None, (reading_fault("encoding", at, sentence, kind="file"),))
    bad = first_invisible(text.text)
    if bad is not None:
        sentence = "the character {subject} is not allowed here because it cannot be seen; remove it"
        name = code_point(text.text[bad])
        return Reading(text, None, (reading_fault("encoding", Stretch(bad, bad + 1), sentence, name, "character"),))
    return _read_text(text)


def _read_text(text: SourceText) -> Reading:
    reader = _Reader(text)
    try:
        root = reader.document()
    except _Stopped as stop:
        return Reading(text, None, (*reader.findings, *([] if reader.led_to(stop.finding) else [stop.finding])))
    for at, route in reader.marks.values():
        sentence = "YAML takes the & at the beginning for an anchor; write {form}"
        reader.keep(cut_by_yaml(at, sentence, form=quoted(text.text[at.start : at.end])), route)
    return Reading(
        text, root, tuple(reader.findings), frozenset([*reader.faulty, *reader.lost]), tuple(comments(text.text, reader.hashes))
    )


@dataclass(slots=True)
class _Reader:
    text: SourceText
    findings: list[Finding] = field(default_factory=list)
    faulty: list[Route] = field(default_factory=list)
    lost: list[Route] = field(default_factory=list)
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
                    sentence = "a file holds one {content}; remove this second document"
                    raise _Stopped(reading_fault("several-documents", _stretch(event), sentence, content=file_kind().content))
                root, _ = self._node(next(self.events), (), 1)
        if root is None or (isinstance(root, ScalarNode) and root.value is None):
            sentence = "the file is empty; a {content} begins with `{begins}`"
            of = file_kind()
            what = {"content": of.content, "begins": of.begins}
            raise _Stopped(reading_fault("empty-file", Stretch(0, 0), sentence, kind="file", **what))
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
                raise _Stopped(reading_fault("too-deep", Stretch(at, at + 1), _TOO_DEEP, most=DEEPEST)) from None
            if error.context == "while scanning a quoted scalar" and error.context_mark:
                self.runaway = Stretch(error.context_mark.index, error.context_mark.index + 1)
            began = error.context_mark.index if error.context_mark else None
            from procdef.language.yaml.syntax_errors import Unread, cause_of  # only files that cannot be read need it
            raise _Stopped(cause_of(Unread(self.text, at, about, began, self.runaway))) from None
        except yaml.YAMLError as error:
            raise _Stopped(reading_fault("syntax", Stretch(0, 0), "this is not YAML: {error}", error=error)) from None

    def _node(self, event: yaml.Event, route: Route, depth: int) -> tuple[Node, int]:
        """The node that an event begins, and how many levels it is high."""
        if depth > DEEPEST:
            raise _Stopped(reading_fault("too-deep", _stretch(event), _TOO_DEEP, most=DEEPEST))
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
            sentence = "the file has more than {most} values once its aliases are expanded"
            raise _Stopped(reading_fault(code, _stretch(event), sentence, most=f"{MOST_NODES:,}"))

    def _alias(self, event: yaml.AliasEvent, depth: int) -> tuple[Node, int]:
        if event.anchor not in self.anchors:
            sentence = 'there is no "&{anchor}" before this "*{anchor}"; if it is text, write it in quotes'
            raise _Stopped(cut_by_yaml(_stretch(event), sentence, anchor=event.anchor))
        self.marks.pop(event.anchor, None)
        known = self.anchors[event.anchor]
        if known is None:
            raise _Stopped(reading_fault("alias-bomb", _stretch(event), '"*{alias}" contains itself', alias=event.anchor))
        node, size, height = known
        self._count(size, event)
        if depth + height - 1 > DEEPEST:
            sentence = "this alias reaches deeper than {most} levels"
            raise _Stopped(reading_fault("too-deep", _stretch(event), sentence, most=DEEPEST))
        return node, height

    def _scalar(self, event: yaml.ScalarEvent, route: Route) -> ScalarNode:
        bad = first_invisible(event.value)
        if bad is not None:
            sentence = "the escape makes the character {subject}, which cannot be seen; remove it"
            name = code_point(event.value[bad])
            self.keep(reading_fault("encoding", _stretch(event), sentence, name, "character"), route)
        value = resolve(event.value, event.tag, event.style is None or event.style == "")
        node = ScalarNode(value, event.value, event.style or "", self._content(event))
        if event.anchor and cuts_anchor(self.text.text, node.at.start, node.at.end):
            made, whole = (self.text.text[start : node.at.end] for start in (node.at.start, _stretch(event).start))
            sentence = 'YAML ends the anchor at the "{sign}" and makes "{made}" of the rest; write {form}'
            self.keep(cut_by_yaml(_stretch(event), sentence, sign=made[0], made=made, form=quoted(whole)), route)
        if event.anchor and silent_misreadings.may_be_text(self.text, node, _stretch(event).start, route):
            self.marks[event.anchor] = (_stretch(event), route)
        self._told(silent_misreadings.in_scalar(self.text, node, route), route)
        self._remember(node)
        return node

    def led_to(self, stop: Finding) -> bool:
        """Whether reading stopped because of a fault that was found already, on the same line or the one above."""
        line = self.text.position(stretch_of(stop).start)[0]
        spoiled = [note for note in self.findings if note.code in ("cut-by-yaml", "syntax")]
        near = any(self.text.position(stretch_of(note).start)[0] >= line - 1 for note in spoiled)
        return near and stop.code in ("cut-by-yaml", "syntax")

    def _told(self, look: Finding | None, route: Route) -> bool:
        """Keep a finding, if there is one; whether there is."""
        if look is not None:
            self.keep(look, route)
        return look is not None

    def _content(self, event: yaml.ScalarEvent) -> Stretch:
        """The stretch of a value without its anchor and tag."""
        at = _stretch(event)
        if not event.anchor and self.text.text[at.start : at.start + 1] not in ("!", "&"):
            return at
        properties = _PROPERTIES.match(self.text.text, at.start, at.end)
        return Stretch(properties.end(), at.end) if properties else at

    def _remember(self, node: ScalarNode) -> None:
        """Keep the stretches with ``#`` in them, and a quoted text that runs on over the lines of other keys."""
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
            self._told(silent_misreadings.commented_out(self.text, value, at.start, here), here)
            node.entries.append(MappingEntry(at, value, at))
            height = max(height, levels)
        node.at = Stretch(node.at.start, _stretch(inner).end)
        self._told(silent_misreadings.in_collection(self.text, node, route), route)
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
        if node.flow and (braces := template(self.text.text, node.at, route)) is not None:
            self._only(braces, node.at, route)
        else:
            self._told(silent_misreadings.in_collection(self.text, node, route), route)
        return node, height + 1

    def _only(self, finding: Finding, at: Stretch, route: Route) -> None:
        """Keep a finding in the place of all that were made within a stretch, which are the last ones."""
        while self.findings and stretch_of(self.findings[-1]).start >= at.start:
            self.findings.pop()
            self.faulty.pop()
        self.keep(finding, route)

    def _key_fits(self, key: Node, at: Stretch, node: MappingNode, route: Route) -> bool:
        if self._told(silent_misreadings.in_key(self.text, key, at), route):
            meant = _WORD.match(key.text) if isinstance(key, ScalarNode) else None
            self.lost += [(*route, meant[0])] if meant else []
            return False
        if not isinstance(key, ScalarNode) or not isinstance(key.value, str):
            text = key.text if isinstance(key, ScalarNode) else ""
            sentence = 'a key must be text; write "{subject}" in quotes' if text else "a key must be text"
            self.keep(reading_fault("not-text-key", at, sentence, text or None, "key"), route)
            return False
        if node.flow and self.text.text[at.start - 1] == "?":
            whole = self.text.text[at.start - 1 : at.end]
            sentence = "YAML takes the ? at the beginning for the sign of a key; write {form}"
            self.keep(cut_by_yaml(Stretch(at.start - 1, at.end), sentence, form=quoted(whole)), route)
            return False
        if key.text == "<<" and not key.style:
            sentence = 'merge keys ("<<") are not supported; write the keys out'
            self.keep(reading_fault("merge-key", at, sentence, key.text, "key"), route)
            return False
        if key.text in node.entries:
            first = node.entries[key.text].key
            sentence = 'the key "{subject}" is here twice; remove or rename one'
            second = reading_fault("duplicate-key", at, sentence, key.text, "key")
            related = (Place((), "file", first.start, first.end), "first defined here")
            self.keep(replace(second, related=(related,)), (*route, key.text))
            return False
        return True

    def _is_rest(self, key: Node, at: Stretch, value: Node, node: MappingNode, route: Route) -> bool:
        """Whether a key without a value is what follows a comma in the text before it."""
        last = next(reversed(node.entries), None)
        empty = isinstance(value, ScalarNode) and not value.style and value.at.start == value.at.end
        if not (node.flow and empty and isinstance(key, ScalarNode)):
            return False
        if last is None:
            return self._told(silent_misreadings.run_on(key, at, colon=False), route)
        if _COLON.match(self.text.text, at.end):
            return False
        before = node.entries[last].value
        if self._told(silent_misreadings.run_on(key, at, colon=True), route):
            return True
        if self._told(silent_misreadings.language_run_on(self.text, key, at, node.entries), route):
            return True
        comma = silent_misreadings.decimal_comma(self.text, before, key, at) if self.text.text[at.start - 1] == "," else None
        if comma is not None:
            return self._longer(comma, (*route, last))
        listed = silent_misreadings.list_without_brackets(self.text, before, key, at, (*route, last), node.entries)
        if listed is not None:
            return self._longer(listed, (*route, last))
        if not isinstance(before, ScalarNode) or not isinstance(before.value, str) or before.style:
            return False
        if not may_go_on((*route, last), key.text):
            return self._told(silent_misreadings.run_on(key, at, colon=False), route)
        stretch = Stretch(before.at.start, at.end)
        whole = self.text.text[stretch.start : stretch.end]
        return self._longer(silent_misreadings.cut_short(stretch, (*route, last), before.text, whole, ","), (*route, last))

    def _longer(self, note: Finding, route: Route) -> bool:
        """Keep a finding in the place of one on a shorter part of the same value."""
        if self.findings and self.findings[-1].code == note.code and self.findings[-1].place.start == note.place.start:
            self.findings.pop()
            self.faulty.pop()
        self.keep(note, route)
        return True

    def _check_hash(self, node: ScalarNode, route: Route, flow: bool) -> None:
        if node.style or not isinstance(node.value, str):
            return
        line, _ = self.text.position(node.at.end)
        end = self.text.starts[line - 1] + len(self.text.line(line))
        whole = cut_by_hash(route, node.text, self.text.text[node.at.end : end], flow)
        if whole is not None:
            at = Stretch(node.at.start, node.at.end + len(whole) - len(node.text))
            self.keep(silent_misreadings.cut_short(at, route, node.text, whole, "#"), route)

    def _check_tag(self, event: yaml.Event, route: Route) -> None:
        tag = getattr(event, "tag", None)
        start = _stretch(event).start
        if isinstance(event, yaml.ScalarEvent) and self.text.text[start : start + 1] == "!" and tag:
            line, column = self.text.position(start)
            written = self.text.line(line)[column - 1 :].rstrip()
            reads = takes_text(route)
            if reads and not written.startswith("!!") and event.style != "'" and " " in written:
                whole = self.text.text[start : _stretch(event).end].rstrip()
                sentence = "YAML takes the ! at the beginning for a tag; write {form}"
                self.keep(cut_by_yaml(_stretch(event), sentence, form=quoted(whole)), route)
                return
        if tag and tag not in CORE_TAGS:
            sentence = 'the tag "{tag}" is not supported; remove it, or write the text in quotes'
            at = _stretch(event)
            self._only(reading_fault("unknown-tag", at, sentence, tag=tag.replace(_CORE, "!!")), at, route)

    def keep(self, finding: Finding, route: Route) -> None:
        """Keep a finding, and its route as faulty."""
        self.findings.append(finding)
        self.faulty.append(route)

    def _where(self, event: yaml.Event, node: Node) -> Stretch:
        return _stretch(event) if isinstance(event, yaml.AliasEvent) else node.at


def _stretch(event: yaml.Event) -> Stretch:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return Stretch(0, 0)
    return Stretch(start.index, end.index)
