"""Edits of a file that may have been forgotten: a line moved, a heading, a dash or a colon added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from procdef.diagnostics import Diagnostic, Finding, Place, Route
from procdef.language.layout.source_lines import SourceLines
from procdef.language.shape.schema_keys import keys_at
from procdef.language.shape.suggested_forms import identifier
from procdef.language.yaml.broken_lines import counted
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import NO_COLON, reading_fault

BULLETS = "•‣◦●·–—*"
"""What word processors make of a dash at the beginning of a line, and what people type for one."""
_BULLET = re.compile(rf"(?P<blank>[ ]*)(?P<sign>[{BULLETS}])[ \t]*(?P<item>.*)")
_GLUED_DASH = re.compile(r"(?P<blank>[ ]*)-(?P<item>[^-\s].*)")
_EQUALS = re.compile(r"(?P<blank>[ ]*(?:- +)*)(?P<key>[a-z_]+)[ ]*=[ ]*(?P<value>[^=].*|)$")
_BARE = re.compile(r"[{,][ ]*(?P<key>[A-Za-z_][\w-]*)(?P<gap>[ ]+)(?P<rest>[^\s:,}][^,}]*)")
_FLOW_KEY = re.compile(r":[ ]*\{[ ]*(?P<key>[a-z_]+):")
_VALUE_EDGE = re.compile(r""":[ ]+(?=[^\s"'{\[])|(?=,[ ][\w-]+:[ ])|(?=\}+(?:,|\s*$))|(?=\s*$)""")
_MOST_EDGES = 12
_TITLE = re.compile(r"""(?:^|[{ ])title:[ ]*(?:\{[ ]*[\w-]+:[ ]*)?["']?(?P<title>[^"',}#]+)""")


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines from ``first`` (counted from 0) up to ``end`` replaced by others, and what to say when that is what was meant."""

    first: int
    end: int
    lines: tuple[str, ...]
    finding: Finding
    certain: bool = False
    """Whether it can hardly have been meant otherwise, whatever else may be said of the line."""

    def applied(self, lines: list[str]) -> str:
        """The whole file with the edit."""
        return "\n".join((*lines[: self.first], *self.lines, *lines[self.end :]))


def signs(source: SourceLines, at: int) -> Iterator[Edit]:
    """Other signs for those of a line that YAML does not know in their place."""
    line, where = source.lines[at], source.stretch(at)
    bullets = [one for one in range(at, source.same_end(at)) if _BULLET.match(source.lines[one])]
    if bullets and bullets[0] == at:
        end = bullets[-1] + 1
        dashed = tuple(_BULLET.sub(r"\g<blank>- \g<item>", one) for one in source.lines[at:end])
        found = _BULLET.match(line)
        assert found is not None
        sentence = "YAML does not take the {sign} at the beginning for the dash of a list; write - {item}"
        yield Edit(at, end, dashed, _fault(where, sentence, sign=found["sign"], item=found["item"].strip()), True)
    glued = _GLUED_DASH.match(line)
    if glued:
        sentence = "the space after the dash is missing; write - {item}"
        apart = f"{glued['blank']}- {glued['item']}"
        yield Edit(at, at + 1, (apart,), _fault(where, sentence, item=_shown(glued["item"].rstrip())))
    equals = _EQUALS.match(line)
    if equals:
        form = f"{equals['key']}: {equals['value'].rstrip()}".rstrip()
        sentence = 'a key is followed by a colon, not by "="; write {form}'
        yield Edit(at, at + 1, (equals["blank"] + form,), _fault(where, sentence, equals["key"], form=form), True)
    yield from _quotes(source, at)
    for bare in _BARE.finditer(line):
        mended = f"{line[: bare.end('key')]}:{line[bare.end('key') :]}"
        begin = source.text.starts[at] + bare.start("key")
        stretch = Stretch(begin, begin + len(bare["key"]))
        told = _fault(stretch, NO_COLON, bare["key"], rest=_shown(bare["rest"].rstrip("]")))
        yield Edit(at, at + 1, (mended,), replace(told, fix=f"{bare['key']}:"))


def _quotes(source: SourceLines, at: int) -> Iterator[Edit]:
    """A quotation mark added where a value begins or ends, on a line with an odd number of them."""
    line = source.lines[at]
    if line.count('"') % 2 == 0:
        return
    for found in islice(_VALUE_EDGE.finditer(line), _MOST_EDGES):
        place = found.end() if found[0].endswith(" ") else found.start()
        mended = f'{line[:place]}"{line[place:]}'
        opens = found[0].endswith(" ")
        first = place if opens else line.rfind('"', 0, place)
        last = line.find('"', place) + 1 if opens else place
        if first < 0 or last <= first:
            continue
        form = f'"{line[first:last]}' if opens else f'{line[first:last]}"'
        sentence = "this quotation mark is not {done}; write {form}"
        begin = source.text.starts[at]
        where, done = Stretch(begin + first, begin + last), "opened" if opens else "closed"
        told = reading_fault("syntax", where, sentence, form=form, done=done)
        yield Edit(at, at + 1, (mended,), replace(told, fix=form))


def renames(source: SourceLines, found: Sequence[Diagnostic]) -> Iterator[Edit]:
    """A key that is not known for one that is missing, such as ``etapas`` for ``stages``."""
    missing = [one.subject for one in found if one.code == "missing-key" and one.subject]
    for one in found:
        at, start = one.span.line - 1, one.span.column - 1
        line = source.lines[at] if at < len(source.lines) else ""
        if one.code != "unknown-key" or not one.subject or not line.startswith(one.subject, start):
            continue
        for key in dict.fromkeys(missing):
            mended = f"{line[:start]}{key}{line[start + len(one.subject) :]}"
            begin = source.text.starts[at] + start
            where = Place((), "file", begin, begin + len(one.subject))
            sentence = 'unknown key "{subject}"{hint}'
            finding = Finding("unknown-key", where, sentence, (), key, one.subject, "key", (key,))
            yield Edit(at, at + 1, (mended,), finding, True)


def lacking(source: SourceLines, found: Sequence[Diagnostic]) -> Iterator[Edit]:
    """The heading that the file lacks, above the first entry that does not fit below the one before."""
    missing = [one.subject for one in found if one.code == "missing-key" and one.subject and one.span.line == 1]
    unfit = [one.span.line - 1 for one in found if one.code != "missing-key" or one.span.line > 1]
    at = next((one for one in sorted(unfit) if one < len(source.lines) and source.indents[one] > 0), None)
    while at is not None and source.indents[at] > 2:
        at = next(source.above(at), None)
    for key in dict.fromkeys(missing) if at is not None else ():
        assert at is not None
        yield _headed(source, at, 0, key, 'the heading "{form}" is missing above this line; add it')


def dashes(source: SourceLines, at: int) -> Iterator[Edit]:
    """The dash of a line taken away, of it alone or of all that stand with it; or one added."""
    line, indent = source.lines[at], source.indents[at]
    where = source.stretch(at)
    if line[indent:].startswith("- ") and source.key(at):
        end = source.run_end(at)
        bare = line[indent + 2 :].lstrip()
        sentence = "a dash begins an item of a list, but this is among keys; write {rest}"
        for last in dict.fromkeys((at + 1, end)):
            gone = tuple(_undashed(one, indent) for one in source.lines[at:last])
            yield Edit(at, last, gone, _fault(where, sentence, rest=bare))
    for depth in (indent, indent - 2):
        if depth >= 0 and not line[indent:].startswith("-") and _dashed_beside(source, at, depth):
            sentence = "the dash before this item of the list is missing; write - {item}"
            item = line.strip()
            yield Edit(at, at + 1, (" " * depth + "- " + item,), _fault(where, sentence, item=_shown(item)))


def _dashed_beside(source: SourceLines, at: int, depth: int) -> bool:
    """Whether an item of a list stands at a depth beside a line."""
    return any(
        one is not None and source.indents[one] == depth and source.lines[one][depth:].startswith("- ")
        for one in (source.before(at), source.after(at))
    )


def _undashed(line: str, indent: int) -> str:
    return line[:indent] + line[indent + 2 :] if line[indent:].startswith("- ") else line


def moves(source: SourceLines, at: int) -> Iterator[Edit]:
    """A line moved to where lines beside it begin: alone, with what stands below it, or with what follows."""
    here = source.indents[at]
    before, after = source.before(at), source.after(at)
    depths: list[int] = []
    if before is not None:
        depths.append(source.indents[before])
        if source.lines[before].rstrip().endswith((":", "|", ">")):
            depths.insert(0, source.indents[before] + 2)
        depths += [source.indents[one] for one in source.above(before)]
    if after is not None:
        depths.append(source.indents[after])
    for depth in dict.fromkeys(depths):
        if depth == here or not source.may_stand(at, depth) or not _belongs(source, at, depth):
            continue
        for end in dict.fromkeys((at + 1, source.end(at), source.same_end(at), source.run_end(at))):
            yield _moved(source, at, end, depth)


def _belongs(source: SourceLines, at: int, depth: int) -> bool:
    """Whether the key of a line is one that the mapping at a depth takes; also where that cannot be told."""
    key = source.key(at)
    known = keys_at(_route(source, at, depth)) if key else ()
    return not key or (known is not None and (not known or key in known))


def _route(source: SourceLines, at: int, depth: int) -> Route:
    """The route of the mapping that a line would be part of at a depth."""
    return tuple(source.key(one) for one in reversed(list(_owners(source, at, depth))))


def _moved(source: SourceLines, at: int, end: int, depth: int) -> Edit:
    gap = depth - source.indents[at]
    lines = tuple(_shifted(line, gap) for line in source.lines[at:end])
    count = sum(indent >= 0 for indent in source.indents[at:end])
    one = "this line is indented {spaces} {less} than the lines it belongs with; move it {way}{under}"
    more = "these {count} lines are indented {spaces} {less} than the lines they belong with; move them {way}{under}"
    finding = _fault(
        source.stretch(at),
        one if count == 1 else more,
        count=count,
        spaces=counted(abs(gap), "space"),
        less="less" if gap > 0 else "more",
        way="to the right" if gap > 0 else "to the left",
        under=_under(source, at, depth),
    )
    return Edit(at, end, lines, finding)


def _shifted(line: str, gap: int) -> str:
    if not line.strip():
        return line
    return " " * gap + line if gap > 0 else line[min(-gap, len(line) - len(line.lstrip(" "))) :]


def _under(source: SourceLines, at: int, depth: int) -> str:
    """What a line stands under at a depth: one that begins there too, or the one that it is a part of."""
    above = source.before(at)
    while above is not None and source.indents[above] > depth:
        above = source.before(above)
    if above is None:
        return ""
    told = f'"{source.key(above)}"' if source.key(above) else "the dash above"
    return f", under {told}" if source.indents[above] == depth else f", below {told}"


def headings(source: SourceLines, at: int, mentioned: list[tuple[str, str]]) -> Iterator[Edit]:
    """A heading added above a line: a key that may stand there, or an id of the author, such as one of the ``mentioned``."""
    before, here = source.before(at), source.indents[at]
    depths = [here - 2]
    if before is not None and source.indents[before] < here - 2:
        depths.append(source.indents[before])
    for depth in (one for one in dict.fromkeys(depths) if one >= 0):
        route = _route(source, at, depth)
        known = keys_at(route)
        if known is None:
            continue
        beside = _beside(source, at, depth)
        for key in known:
            if key not in beside and _heads(source, at, (*route, key)):
                sentence = 'the heading "{form}" is missing above this line; add it'
                yield _headed(source, at, depth, key, sentence)
        if not known:
            title = _TITLE.search(source.lines[at])
            sentence = "the heading of these lines, their id with a colon, is missing above; add it, like {form}"
            names = [name for key, name in mentioned if key in route[-1:]]
            if not names:  # with this id, names that are not declared may come up
                yield _headed(source, at, depth, identifier(title["title"] if title else "") or "an_id", sentence)
            for name in dict.fromkeys(names):
                if name not in beside:
                    yield _headed(source, at, depth, name, sentence)


def _heads(source: SourceLines, at: int, route: Route) -> bool:
    """Whether a line and the one below it may be what stands below the heading at a route."""
    own = source.key(at)
    within = keys_at(route)
    if within is None:
        return source.lines[at].lstrip().startswith("- ")
    if within:
        return own in within
    entry, below = keys_at((*route, own)), source.after(at)
    if not own or not entry or below is None:
        return bool(own)
    found = _FLOW_KEY.search(source.lines[at]) if source.indents[below] <= source.indents[at] else None
    key = found["key"] if found else source.key(below)
    return key in entry or (source.indents[below] <= source.indents[at] and not found)


def _owners(source: SourceLines, at: int, depth: int) -> Iterator[int]:
    """The lines that one at a depth above a line would stand below."""
    edge, one = depth, source.before(at)
    while one is not None and edge > 0:
        if source.indents[one] < edge:
            edge = source.indents[one]
            yield one
        one = source.before(one)


def _beside(source: SourceLines, at: int, depth: int) -> set[str]:
    """The keys at a depth that stand together with a line."""
    keys = set()
    for step in (-1, 1):
        one = at + step
        while 0 <= one < len(source.lines) and not 0 <= source.indents[one] < depth:
            if source.indents[one] == depth:
                keys.add(source.key(one))
            one += step
    return keys


def _headed(source: SourceLines, at: int, depth: int, key: str, sentence: str) -> Edit:
    heading = f"{key}:"
    finding = _fault(source.stretch(at), sentence, key, form=heading)
    return Edit(at, at, (" " * depth + heading,), finding)


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _fault(at: Stretch, sentence: str, key: str | None = None, **details: object) -> Finding:
    return reading_fault("syntax", at, sentence, key, "key" if key else None, **details)
