"""Why YAML could not read a text: from libyaml's words and place to a plain message, the place at fault and a remedy.

libyaml stops at the first character that fits nothing, which is often a line below the fault, and its message speaks of
tokens. Here the lines around that place are searched for common mistakes: indentation, colons, dashes, brackets, quotation
marks, and characters that only look like spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from procdef.diagnostics import Finding
from procdef.language.shape.schema_keys import belongs
from procdef.language.yaml.bracket_habits import CLOSERS, habit_in_brackets, open_at
from procdef.language.yaml.broken_lines import BrokenLine, counted, lines_of
from procdef.language.yaml.keys_on_one_line import keys_on_one_line
from procdef.language.yaml.lookalike_signs import lookalike_sign
from procdef.language.yaml.lookalike_spaces import lookalike_space, lookalike_space_fault
from procdef.language.yaml.misplaced_dashes import dash_before_entry, dash_behind_key, dash_for_nothing
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.quoting import TEXT_KEYS, overrun, quoted, unread_value
from procdef.language.yaml.reading_faults import cut_by_yaml, glued_fault, no_colon, reading_fault
from procdef.language.yaml.templates import template_in
from procdef.language.yaml.tree import SourceText

_GLUED = re.compile(r"^[ ]*(?:- +)*(?P<key>\w[\w-]*)(?P<blank>[ ]*)(?P<colon>:?)(?P<open>[{\[])")
_WORD = re.compile(r"(?P<key>[A-Za-z_][\w-]*)(?P<between>:?)[ ]*(?P<rest>.*)")
_KEY_WITHIN = re.compile(r"\s(?P<key>[a-z_]+):\s")
_EXPRESSION = re.compile(r"\b(check|when):\s+$")
_KEY_BEFORE = re.compile(r"[{,]\s*([a-z_]+):\s")


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
        """The number of the line where it stopped."""
        return self.text.position(min(self.at, len(self.text.text)))[0]


def cause_of(unread: Unread) -> Finding:
    """The likely cause; where there is none of the usual ones, the place where YAML stopped."""
    if unread.text.text[unread.at : unread.at + 1] == "\t":
        return _syntax(Stretch(unread.at, unread.at + 1), "YAML allows no tab here; write spaces instead")
    if unread.runaway is not None:
        return _runaway(unread, unread.runaway)
    if "escape character" in unread.about:
        sign = unread.text.text[unread.at + 1 : unread.at + 2]
        sentence = '"\\{sign}" means nothing in double quotes; write "\\\\{sign}", or put the text in single quotes'
        return cut_by_yaml(Stretch(unread.at, unread.at + 2), sentence, sign=sign)
    lines = lines_of(unread.text, unread.number)
    for found in _likely(unread, lines):
        if found is not None:
            return found
    at = min(unread.at, max(len(unread.text.text) - 1, 0))
    sentence = "this line cannot be read as YAML from here on; look at its indentation, colons, brackets and quotation marks"
    return _syntax(Stretch(at, at + 1), sentence)


def _runaway(unread: Unread, at: Stretch) -> Finding:
    """A quotation mark that is not closed on its line; the text before it may be the fault."""
    number = unread.text.position(at.start)[0]
    begin = unread.text.starts[number - 1]
    found = overrun(unread.text.line(number), at.start - begin + 1)
    if found is not None:
        start = begin + found.column
        return cut_by_yaml(Stretch(start, start + len(found.text)), found.sentence, **found.details)
    sentence = "this quotation mark is not closed on its line, and the text cannot be read at line {line}; close it"
    return _syntax(at, sentence, line=unread.number)


def _likely(unread: Unread, lines: list[BrokenLine]) -> Iterator[Finding | None]:
    """What may be wrong, the likeliest first."""
    here = lines[-1] if lines and lines[-1].number == unread.number else None
    begun = unread.text.position(unread.began)[0] if unread.began is not None else 0
    near = [line for line in lines[-2:] if line.number >= unread.number - 1 or line.number == begun]
    near += [line for line in lines[:-2] if line.number == begun]
    for line in reversed(near):
        yield _lookalike_space(line)
        yield lookalike_sign(line.text, line.start)
    for line in reversed(near):
        yield habit_in_brackets(line.text, line.start)
    if here is not None and "flow" in unread.about and not unread.text.text[unread.at :].strip():
        yield _never_closed(unread, here)
    if here is not None:
        yield template_in(here)
    if here is not None and unread.text.text[unread.at : unread.at + 2] == "- ":
        yield dash_behind_key(here, unread.at - here.start)
    if here is not None and unread.text.text[unread.at : unread.at + 1] == "-":
        yield dash_for_nothing(here, unread.at - here.start)
    if begun and "flow" in unread.about and begun < unread.number:
        yield _not_closed(unread, lines)
    if here is not None and "mapping values" in unread.about:
        yield keys_on_one_line(unread.text, here)
    yield _value(unread, here)
    if "flow" in unread.about:
        yield _not_closed(unread, lines)
    for line in reversed(near):
        yield _glued(line)
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


def _lookalike_space(line: BrokenLine) -> Finding | None:
    found = lookalike_space(line.text)
    if found is None:
        return None
    return lookalike_space_fault(line.start + found, line.text[found], indents=not line.text[:found].strip())


def _value(unread: Unread, line: BrokenLine | None) -> Finding | None:
    """A text that YAML could not read, with its quoted form."""
    if line is None:
        return None
    column = unread.at - line.start
    found = overrun(line.text, column) or unread_value(line.text, column)
    closes = any(found.text.count(end) > found.text.count(sign) for sign, end in CLOSERS.items()) if found else False
    if found is None or (closes and "{" in line.text[: found.column]):
        return None
    begin = line.start + found.column
    for other in _KEY_WITHIN.finditer(found.text):
        if belongs(other["key"], set(_KEY_BEFORE.findall(line.text[: found.column]))):
            at = Stretch(begin + other.start("key"), begin + other.end("key"))
            return _syntax(at, 'the comma before "{subject}" is missing; add it', other["key"])
    note = cut_by_yaml(Stretch(begin, begin + len(found.text)), found.sentence, **found.details)
    if not _EXPRESSION.search(line.text[: found.column]):
        return note
    from procdef.language.yaml.expression_forms import expression_form

    form = expression_form(found.text) if found.text[:1] not in "\"'" else note.fix
    return replace(note, fix=form, details={**note.details, "form": form or note.fix})


def _not_closed(unread: Unread, lines: list[BrokenLine]) -> Finding | None:
    """The bracket that is open where YAML stopped."""
    text, began = unread.text.text, unread.began
    if began is None or text[began : began + 1] not in CLOSERS:
        return None
    opened = open_at(text, began, unread.at)
    if opened is None:
        return None
    sign = text[opened]
    wrong = text[unread.at : unread.at + 1]
    if wrong in ("]", "}") and wrong != CLOSERS[sign]:
        sentence = "this {sign} is closed with {wrong}; write {closer} there"
        return _syntax(Stretch(opened, opened + 1), sentence, sign=sign, wrong=wrong, closer=CLOSERS[sign])
    line, column = unread.text.position(opened)
    if line == unread.number:
        sentence = (
            "a comma is missing between this and what stands before it, or the {sign} in column {column} is not closed; "
            "add the comma, or {closer}"
        )
        at = Stretch(unread.at, unread.at + 1)
        return _syntax(at, sentence, sign=sign, column=column, closer=CLOSERS[sign])
    sentence = "this {sign} is not closed; add {closer} where it ends"
    return _syntax(Stretch(opened, opened + 1), sentence, sign=sign, closer=CLOSERS[sign])


def _never_closed(unread: Unread, line: BrokenLine) -> Finding | None:
    """A bracket of the last line that is open where the file ends."""
    opened = open_at(unread.text.text, line.start, unread.at)
    if opened is None:
        return None
    sign = unread.text.text[opened]
    sentence = "this {sign} is not closed where the file ends; add {closer}, and what is missing"
    return _syntax(Stretch(opened, opened + 1), sentence, sign=sign, closer=CLOSERS[sign])


def _glued(line: BrokenLine) -> Finding | None:
    """``seller {title: ...}`` and ``seller:{title: ...}``."""
    found = _GLUED.match(line.text)
    if found is None or (found["colon"] and found["blank"]):
        return None
    at = Stretch(line.start + found.start("key"), line.start + found.start("open"))
    return glued_fault(at, found["key"], line.text[found.start("open") :].strip(), colon=bool(found["colon"]))


def _stray_bracket(unread: Unread, line: BrokenLine) -> Finding | None:
    sign = unread.text.text[unread.at : unread.at + 1]
    if sign not in ("}", "]"):
        return None
    sentence = "there is no open bracket that this {sign} could close; remove it"
    return _syntax(Stretch(unread.at, unread.at + 1), sentence, sign=sign)


def _no_colon(text: SourceText, line: BrokenLine | None, lines: list[BrokenLine]) -> Finding | None:
    """A line that should begin with a key, or with a dash where it stands in a list."""
    if line is None:
        return None
    at = Stretch(line.start + line.indent, line.start + len(line.text.rstrip()))
    block = [one for one in lines if one.number < line.number and one.indent == line.indent]
    if block and block[-1].dash and not _ends(lines, block[-1], line):
        return _undashed(at, line)
    word = _WORD.match(line.content)
    key, rest = (word["key"], word["rest"].strip()) if word else ("", "")
    beside = {one.key for one in block if one.key}
    known = belongs(key, beside or {key})
    stray = line.indent == 0 and bool(beside) and not known
    if word and word["between"]:
        return no_colon(at, key, rest, colon=True)
    if word and not rest and not stray:
        found = no_colon(at, key, "")
        return found if _is_above_deeper(text, line) else replace(found, fix=None)
    if word and known:
        return no_colon(at, key, rest)
    sentence = "this line has no key and colon, so it belongs to nothing; remove it, or begin it with # to make it a comment"
    above = next((one for one in reversed(lines) if one.number < line.number and (one.key or one.dash)), None)
    if above is not None and above.key in TEXT_KEYS and above.value and line.indent > 0:
        sentence = 'if this line goes on with the text of "{above}", indent it more; else begin it with #, or remove it'
        return _syntax(at, sentence, above=above.key)
    return _syntax(at, sentence)


def _is_above_deeper(text: SourceText, line: BrokenLine) -> bool:
    """Whether the line below is indented more, so that it is what a key has as its value."""
    below = text.line(line.number + 1)
    return bool(below.strip()) and len(below) - len(below.lstrip(" ")) > line.indent


def _ends(lines: list[BrokenLine], one: BrokenLine, other: BrokenLine) -> bool:
    """Whether there is a line with less indentation between two lines."""
    return any(one.number < line.number < other.number and line.indent < other.indent for line in lines)


def _undashed(at: Stretch, line: BrokenLine) -> Finding:
    if line.content.startswith("-"):
        item = line.content[1:].strip()
        return replace(_syntax(at, "the space after the dash is missing; write - {item}", item=item), fix=f"- {item}")
    sentence = "the dash before this item of the list is missing; write - {item}"
    item = quoted(line.content) if ": " in line.content else line.content
    return replace(_syntax(at, sentence, item=item), fix=f"- {item}")


def _second_colon(unread: Unread, line: BrokenLine) -> Finding | None:
    """Two keys on one line."""
    if "mapping values" not in unread.about or not line.key or unread.at - line.start <= line.colon:
        return None
    at = Stretch(unread.at, unread.at + 1)
    sentence = "a line takes one key, but this is a second colon; put the text in quotes, or begin a new line"
    return _syntax(at, sentence)


def _above(text: SourceText, line: BrokenLine, lines: list[BrokenLine]) -> Finding | None:
    """A key that YAML took for a continuation of the line above: of one without a colon, or of a text."""
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
        sentence = 'the text of "{key}" goes on here and has a colon in it; put the whole text in double quotes'
        return cut_by_yaml(at, sentence, key=owner.key)
    return _indented(text, line, above if not owner.dash else [*above, line][:-1])


def _dash(unread: Unread, line: BrokenLine, lines: list[BrokenLine]) -> Finding | None:
    """A dash among keys, or a line without one among the items of a list."""
    begun = unread.text.position(unread.began)[1] - 1 if unread.began is not None else -1
    if begun != line.indent:
        return None
    at = Stretch(line.start + line.indent, line.start + len(line.text.rstrip()))
    if "block mapping" in unread.about and line.dash:
        sentence = "a dash begins an item of a list, but this is among keys; write {rest}"
        rest = line.content.lstrip("- ")
        return replace(_syntax(at, sentence, rest=rest), fix=rest)
    if "'-' indicator" in unread.about and not line.dash:
        return dash_before_entry(line, lines) or _undashed(at, line)
    return None


def _indented(text: SourceText, line: BrokenLine, lines: list[BrokenLine]) -> Finding | None:
    """A line whose indentation is that of no line above it."""
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
    beside = next((one for one in reversed(lines) if one.indent == meant and one.number < line.number), None)
    at = Stretch(line.start + line.indent, line.start + max(line.indent + 1, len(line.text.rstrip())))
    return _syntax(
        at,
        "this line is indented {spaces} more than the lines it belongs with; move it to the left{under}"
        if gap > 0
        else "this line is indented {spaces} less than the lines it belongs with; move it to the right{under}",
        spaces=counted(abs(gap), "space"),
        under=f", under {_told(beside)}" if beside else "",
    )


def _in_midst(line: BrokenLine, lines: list[BrokenLine]) -> bool:
    """Whether the line above has a value already, so that nothing can be below it."""
    above = [one for one in lines if one.number < line.number]
    return bool(above) and above[-1].indent < line.indent


def _told(line: BrokenLine) -> str:
    return f'"{line.key}"' if line.key else "the dash above"


def _syntax(at: Stretch, sentence: str, key: str | None = None, **details: object) -> Finding:
    return reading_fault("syntax", at, sentence, key, "key" if key else None, **details)
