"""Why YAML could not read a text: from libyaml's words and place to a plain message, the place at fault and a remedy.

libyaml stops at the first character that fits nothing, which often stands a line below the fault and is told in terms of
tokens. Here the lines around that place are looked at for what people get wrong: indentation, colons, dashes, brackets,
quotation marks, and blanks that only look like blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from procdef.language.shape.schema_keys import belongs
from procdef.language.yaml.broken_lines import BrokenLine, counted, lines_of
from procdef.language.yaml.quoting import overrun, unread_value
from procdef.language.yaml.reading_faults import ReadingFault
from procdef.language.yaml.tree import SourceText, Stretch

ODD_BLANKS = {
    "\u00a0": "a non-breaking space",
    "\u2007": "a figure space",
    "\u202f": "a narrow non-breaking space",
    "\u3000": "an ideographic space",
    "\u200b": "a zero-width space",
    **{chr(code): "a blank of another width" for code in (*range(0x2000, 0x2007), *range(0x2008, 0x200B), 0x205F)},
}
"""Characters that look like a blank, or like nothing, and are a letter like any other to YAML."""
_ODD = "".join(ODD_BLANKS)
_ODD_PLACE = re.compile(rf"^[ -]*([{_ODD}])|(?<=[\w\"'](?=:))?:\ *([{_ODD}])|^\ *-\ *([{_ODD}])")
_GLUED = re.compile(r"^[ ]*(?:- +)*(?P<key>[\w-]+)(?P<blank>[ ]*)(?P<colon>:?)(?P<open>[{\[])")
_WORD = re.compile(r"(?P<key>[A-Za-z_][\w-]*)(?P<between>:?)[ ]*(?P<rest>.*)")
_CLOSERS = {"{": "}", "[": "]"}
_KEY_WITHIN = re.compile(r"\s(?P<key>[a-z_]+):\s")
_KEY_BEFORE = re.compile(r"[{,]\s*([a-z_]+):\s")
_HELP = "look at its indentation, colons, brackets and quotation marks"


@dataclass(frozen=True, slots=True)
class Unread:
    """Where YAML stopped and what libyaml says.

    ``began`` is where the part begins that it was reading, if it tells; ``runaway`` a quoted text that swallowed keys.
    """

    text: SourceText
    at: int
    about: str
    began: int | None
    runaway: Stretch | None = None

    @property
    def number(self) -> int:
        """The line where it stopped; at the end of the text, the last one with something in it."""
        return self.text.position(min(self.at, len(self.text.text)))[0]


def cause_of(unread: Unread) -> ReadingFault:
    """The likely cause; where there is none of the usual ones, the place where YAML stopped."""
    if unread.text.text[unread.at : unread.at + 1] == "\t":
        return ReadingFault("syntax", Stretch(unread.at, unread.at + 1), "YAML takes no tab here; write spaces instead")
    if unread.runaway is not None:
        return _runaway(unread, unread.runaway)
    if "escape character" in unread.about:
        sign = unread.text.text[unread.at + 1 : unread.at + 2]
        message = f'"\\{sign}" means nothing in double quotes; write "\\\\{sign}", or put the text in single quotes'
        return ReadingFault("cut-by-yaml", Stretch(unread.at, unread.at + 2), message)
    lines = lines_of(unread.text, unread.number)
    for found in _likely(unread, lines):
        if found is not None:
            return found
    at = min(unread.at, max(len(unread.text.text) - 1, 0))
    return ReadingFault("syntax", Stretch(at, at + 1), f"this line cannot be read as YAML from here on; {_HELP}")


def _runaway(unread: Unread, at: Stretch) -> ReadingFault:
    """A quotation mark that nothing closes on its line; the text before it may be what is amiss."""
    number = unread.text.position(at.start)[0]
    begin = unread.text.starts[number - 1]
    found = overrun(unread.text.line(number), at.start - begin + 1)
    if found is not None:
        start = begin + found[0]
        return ReadingFault("cut-by-yaml", Stretch(start, start + len(found[1])), found[2])
    message = f"this quotation mark is not closed on its line, and the text cannot be read at line {unread.number}"
    return ReadingFault("syntax", at, f"{message}; close it")


def _likely(unread: Unread, lines: list[BrokenLine]) -> Iterator[ReadingFault | None]:
    """What may be wrong, the surest first."""
    here = lines[-1] if lines and lines[-1].number == unread.number else None
    begun = unread.text.position(unread.began)[0] if unread.began is not None else 0
    near = [line for line in lines[-2:] if line.number >= unread.number - 1 or line.number == begun]
    near += [line for line in lines[:-2] if line.number == begun]
    for line in reversed(near):
        yield _odd_blank(unread.text, line)
    if begun and "flow" in unread.about and begun < unread.number:
        yield _not_closed(unread, lines)
    yield _value(unread, here)
    if "flow" in unread.about:
        yield _not_closed(unread, lines)
    for line in reversed(near):
        yield _glued(unread.text, line)
    if here is not None:
        yield _stray_bracket(unread, here)
    if "expected ':'" in unread.about and begun:
        yield _no_colon(unread.text, next((line for line in lines if line.number == begun), None), lines)
    if here is None:
        return
    yield _second_colon(unread, here)
    if "mapping values" in unread.about:
        yield _above(unread.text, here, lines)
    yield _dash(unread, here, lines)
    yield _indented(unread.text, here, lines)
    if not here.key and not here.dash:
        yield _no_colon(unread.text, here, lines)


def odd_blank(text: str) -> tuple[int, str] | None:
    """Where an odd blank stands in the indentation of a line or after its colon or dash, and what to say of it."""
    found = _ODD_PLACE.search(text)
    if found is None:
        return None
    place = max(found.start(group) for group in (1, 2, 3))
    name = ODD_BLANKS[text[place]]
    return place, f"{name} (U+{ord(text[place]):04X}) stands here, which is no blank to YAML; write a plain one"


def _odd_blank(text: SourceText, line: BrokenLine) -> ReadingFault | None:
    found = odd_blank(line.text)
    return ReadingFault("syntax", Stretch(line.start + found[0], line.start + found[0] + 1), found[1]) if found else None


def _value(unread: Unread, line: BrokenLine | None) -> ReadingFault | None:
    """A text that YAML stumbled over, with the form in quotes that keeps it."""
    if line is None:
        return None
    column = unread.at - line.start
    found = overrun(line.text, column) or unread_value(line.text, column)
    if found is None:
        return None
    begin = line.start + found[0]
    for other in _KEY_WITHIN.finditer(found[1]):
        if belongs(other["key"], set(_KEY_BEFORE.findall(line.text[: found[0]]))):
            at = Stretch(begin + other.start("key"), begin + other.end("key"))
            return ReadingFault("syntax", at, f'the comma before "{other["key"]}" is missing; add it')
    return ReadingFault("cut-by-yaml", Stretch(begin, begin + len(found[1])), found[2])


def _not_closed(unread: Unread, lines: list[BrokenLine]) -> ReadingFault | None:
    """The bracket that is open where YAML stopped."""
    text, began = unread.text.text, unread.began
    if began is None or text[began : began + 1] not in _CLOSERS:
        return None
    opened = _open_at(text, began, unread.at)
    if opened is None:
        return None
    sign = text[opened]
    wrong = text[unread.at : unread.at + 1]
    if wrong in ("]", "}") and wrong != _CLOSERS[sign]:
        message = f"this {sign} is closed with {wrong}; write {_CLOSERS[sign]} there"
        return ReadingFault("syntax", Stretch(opened, opened + 1), message)
    line = unread.text.position(opened)[0]
    if line == unread.number:
        message = f"a comma is missing between this and what stands before it, or the {sign} in column "
        column = unread.text.position(opened)[1]
        at = Stretch(unread.at, unread.at + 1)
        return ReadingFault("syntax", at, f"{message}{column} is not closed; add the comma, or {_CLOSERS[sign]}")
    return ReadingFault("syntax", Stretch(opened, opened + 1), f"this {sign} is not closed; add {_CLOSERS[sign]} where it ends")


def _open_at(text: str, began: int, end: int) -> int | None:
    """The innermost bracket that opens from ``began`` on and is still open at the end of its line, or at ``end``."""
    stack: list[int] = []
    quote, before = "", ""
    for place in range(began, min(end, len(text))):
        sign = text[place]
        if quote:
            quote = "" if sign == quote and not (quote == '"' and before == "\\") else quote
        elif sign in "\"'" and before.strip(",:[{") == "":
            quote = sign
        elif sign in _CLOSERS:
            stack.append(place)
        elif sign in "}]" and stack and _CLOSERS[text[stack[-1]]] == sign:
            stack.pop()
        before = sign if sign not in " \t" or before not in ",:[{" else before
    return stack[-1] if stack else None


def _glued(text: SourceText, line: BrokenLine) -> ReadingFault | None:
    """``seller {title: ...}`` and ``seller:{title: ...}``."""
    found = _GLUED.match(line.text)
    if found is None or (found["colon"] and found["blank"]):
        return None
    begin = line.start + found.start("key")
    what = "the blank after the colon" if found["colon"] else f"the colon before the {found['open']}"
    message = f"{what} is missing; write {found['key']}: {line.text[found.start('open') :].strip()}"
    return ReadingFault("syntax", Stretch(begin, line.start + found.start("open")), message)


def _stray_bracket(unread: Unread, line: BrokenLine) -> ReadingFault | None:
    sign = unread.text.text[unread.at : unread.at + 1]
    if sign not in ("}", "]"):
        return None
    return ReadingFault(
        "syntax", Stretch(unread.at, unread.at + 1), f"no bracket is open that this {sign} could close; remove it"
    )


def _no_colon(text: SourceText, line: BrokenLine | None, lines: list[BrokenLine]) -> ReadingFault | None:
    """A line that should begin with a key, or with a dash where it stands in a list."""
    if line is None:
        return None
    at = Stretch(line.start + line.indent, line.start + len(line.text.rstrip()))
    block = [one for one in lines if one.number < line.number and one.indent == line.indent]
    if block and block[-1].dash and not _ends(lines, block[-1], line):
        return ReadingFault("syntax", at, _undashed(line))
    word = _WORD.match(line.content)
    key, rest = (word["key"], word["rest"].strip()) if word else ("", "")
    beside = {one.key for one in block if one.key}
    known = belongs(key, beside or {key})
    stray = line.indent == 0 and bool(beside) and not known
    if word and word["between"]:
        return ReadingFault("syntax", at, f"the blank after the colon is missing; write {key}: {rest}")
    if word and not rest and not stray:
        return ReadingFault("syntax", at, f'the colon after "{key}" is missing; write {key}:')
    if word and known:
        return ReadingFault("syntax", at, f'the colon after "{key}" is missing; write {key}: {rest}')
    message = "this line has no key with a colon, so it belongs to nothing; remove it, or begin it with # as a remark"
    return ReadingFault("syntax", at, message)


def _ends(lines: list[BrokenLine], one: BrokenLine, other: BrokenLine) -> bool:
    """Whether a line further out stands between two lines."""
    return any(one.number < line.number < other.number and line.indent < other.indent for line in lines)


def _undashed(line: BrokenLine) -> str:
    if line.content.startswith("-"):
        return f"the blank after the dash is missing; write - {line.content[1:].strip()}"
    return f"the dash before this item of the list is missing; write - {line.content}"


def _second_colon(unread: Unread, line: BrokenLine) -> ReadingFault | None:
    """Two keys on one line."""
    if "mapping values" not in unread.about or not line.key or unread.at - line.start <= line.colon:
        return None
    at = Stretch(unread.at, unread.at + 1)
    return ReadingFault(
        "syntax", at, "a line takes one key, and this is a second colon; put the text in quotes, or begin a new line"
    )


def _above(text: SourceText, line: BrokenLine, lines: list[BrokenLine]) -> ReadingFault | None:
    """A key that YAML took for more of what stands above it: a line without its colon, or a text."""
    above = [one for one in lines if one.number < line.number]
    loose: list[BrokenLine] = []
    while above and not above[-1].key and not above[-1].dash:
        loose.append(above.pop())
    owner = above[-1] if above else None
    if loose and (owner is None or not owner.value):
        return _no_colon(text, loose[-1], lines)
    if owner is None or line.indent <= owner.indent:
        return None
    if loose and not belongs(line.key, {owner.key}):
        at = Stretch(line.start + line.indent, line.start + len(line.text.rstrip()))
        message = f'the text of "{owner.key}" goes on here and has a colon in it; put the whole text in double quotes'
        return ReadingFault("cut-by-yaml", at, message)
    return _indented(text, line, above if not owner.dash else [*above, line][:-1])


def _dash(unread: Unread, line: BrokenLine, lines: list[BrokenLine]) -> ReadingFault | None:
    """A dash among keys, or a line without one among the items of a list."""
    begun = unread.text.position(unread.began)[1] - 1 if unread.began is not None else -1
    if begun != line.indent:
        return None
    at = Stretch(line.start + line.indent, line.start + len(line.text.rstrip()))
    if "block mapping" in unread.about and line.dash:
        rest = line.content.lstrip("- ")
        return ReadingFault("syntax", at, f"a dash makes an item of a list, and this stands among keys; write {rest}")
    if "'-' indicator" in unread.about and not line.dash:
        return ReadingFault("syntax", at, _undashed(line))
    return None


def _indented(text: SourceText, line: BrokenLine, lines: list[BrokenLine]) -> ReadingFault | None:
    """A line that stands under none of the lines above it."""
    depths: dict[int, set[str]] = {}
    edge = len(line.text) + max((one.indent for one in lines), default=0) + 1
    for one in reversed([one for one in lines if one.number < line.number]):
        if one.indent < edge:
            edge = one.indent
            depths[edge] = set()
        if one.indent == edge and one.key:
            depths[edge].add(one.key)
    if not depths or (line.indent in depths and not _in_midst(line, lines)):
        return None
    fitting = [depth for depth, keys in depths.items() if line.key and belongs(line.key, keys)]
    choice = fitting or [depth for depth in depths if depth != line.indent] or list(depths)
    meant = min(choice, key=lambda depth: (abs(depth - line.indent), -depth))
    if meant == line.indent:
        return None
    gap = line.indent - meant
    where = f"{counted(abs(gap), 'blank')} further {'in' if gap > 0 else 'out'}"
    move = f"move it to the {'left' if gap > 0 else 'right'}"
    beside = next((one for one in reversed(lines) if one.indent == meant and one.number < line.number), None)
    under = f", under {_told(beside)}" if beside else ""
    at = Stretch(line.start + line.indent, line.start + max(line.indent + 1, len(line.text.rstrip())))
    return ReadingFault("syntax", at, f"this line stands {where} than the ones it belongs to; {move}{under}")


def _in_midst(line: BrokenLine, lines: list[BrokenLine]) -> bool:
    """Whether the line above has a value already and so takes none below it."""
    above = [one for one in lines if one.number < line.number]
    return bool(above) and above[-1].indent < line.indent


def _told(line: BrokenLine) -> str:
    return f'"{line.key}"' if line.key else "the dash above"
