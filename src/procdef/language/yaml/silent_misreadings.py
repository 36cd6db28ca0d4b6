"""Values and keys that YAML reads without an error, but not as their author meant them."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from procdef.diagnostics import Finding, Route
from procdef.language.shape.schema_keys import groups, takes, takes_list
from procdef.language.yaml.lookalike_spaces import LOOKALIKE_SPACES, lookalike_space, lookalike_space_fault
from procdef.language.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, Stretch
from procdef.language.yaml.quoting import SPECIAL_START, TEXT_KEYS, quoted, straight, takes_expression, takes_text
from procdef.language.yaml.reading_faults import cut_by_yaml, glued_fault, no_colon
from procdef.language.yaml.tree import SourceText

_ITEM_BELOW = re.compile(r"\n[ ]*(- )")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RUN_ON = re.compile(r"(?P<key>[a-z_]+)(?P<colon>:?)(?P<blank>\s*)(?P<rest>\S.*)", re.DOTALL)
_OPENED = re.compile(r"(?P<id>\w[\w -]*?)\s*(?P<colon>:?)(?P<open>[{\[])")
_GOES_ON = re.compile(r"[ ]*[^\s,}\]#]")
_UNITED = re.compile(r"(?P<digits>[0-9]+)\s*(?P<unit>%|[a-z][a-z ]*)?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")
_SMALLER = {"weeks": (7, "days"), "days": (24, "hours")}


def in_scalar(text: SourceText, node: ScalarNode, route: Route) -> Finding | None:
    """In a plain value or key: characters that only look like spaces, curly quotation marks, a list that became a text."""
    if node.style or not isinstance(node.value, str) or (node.text.isascii() and " - " not in node.text):
        return None
    line, column = text.position(node.at.start)
    begin = text.starts[line - 1]
    own = text.text[max(node.at.start - 1, 0) : node.at.end]
    looked_for = not takes_text(route) and not LOOKALIKE_SPACES.keys().isdisjoint(own)
    odd = lookalike_space(text.line(line)) if looked_for else None
    if odd is not None and column - 1 <= odd + 1 and begin + odd < node.at.end:
        indents = not text.line(line)[:odd].strip()
        return lookalike_space_fault(begin + odd, text.text[begin + odd], indents)
    plain = straight(node.text)
    if plain is not None and (takes_expression(route) or not takes_text(route)):
        return cut_by_yaml(node.at, "YAML knows only straight quotation marks; write {form}", form=plain)
    written = text.text[node.at.start : node.at.end]
    item = _ITEM_BELOW.search(written)
    if item is None or not takes_text(route):
        return None
    at = node.at.start + item.start(1)
    end = at + len(written[item.start(1) :].split("\n")[0].rstrip())
    if route and isinstance(route[-1], int):
        sentence = "YAML joins this item to the text above it; put its dash under the dash above"
        return cut_by_yaml(Stretch(at, end), sentence)
    sentence = "YAML joins this line to the text above it; write `|` after the key, and the text below it"
    return cut_by_yaml(Stretch(at, end), sentence)


def may_be_text(text: SourceText, node: ScalarNode, start: int, route: Route) -> bool:
    """Whether the anchor of a value, which begins at ``start``, may be the first word of a text."""
    plain = not node.style and isinstance(node.value, str) and text.text[start : start + 1] == "&"
    return plain and text.text[node.at.start - 1] == " " and takes_text(route) and not takes_expression(route)


def in_key(text: SourceText, key: Node, at: Stretch) -> Finding | None:
    """A key that holds the bracket of its value: ``seller {title: ...}``, ``seller:{title: ...}``."""
    if not isinstance(key, ScalarNode) or key.style:
        return None
    if not key.text.isascii():
        from procdef.language.yaml.lookalike_signs import lookalike_sign  # only faulty files need it

        sign = lookalike_sign(text.text[at.start : at.end + 1], at.start)
        if sign is not None:
            return sign
    found = _OPENED.match(key.text)
    if found is None:
        return None
    begin = at.start + found.start("open")
    line = text.position(begin)[0]
    rest = text.text[begin : text.starts[line - 1] + len(text.line(line))].strip()
    return glued_fault(Stretch(at.start, begin), found["id"], rest, colon=bool(found["colon"]))


def run_on(key: Node, at: Stretch, colon: bool) -> Finding | None:
    """A key in brackets that runs on into its value: ``{title:Lead}`` and, unless a colon is asked for, ``{title Lead}``."""
    found = _RUN_ON.fullmatch(key.text) if isinstance(key, ScalarNode) and not key.style else None
    if found is None or not any(found["key"] in group for group in groups()):
        return None
    if found["colon"] and not found["blank"]:
        return no_colon(at, found["key"], found["rest"], colon=True)
    if colon or found["colon"] or not found["blank"]:
        return None
    return no_colon(at, found["key"], found["rest"])


def language_run_on(text: SourceText, key: ScalarNode, at: Stretch, beside: Collection[str]) -> Finding | None:
    """A language of the process that runs on into its text, among texts by language: ``{en: Visit, fi Tapaaminen}``."""
    word, blank, rest = key.text.partition(" ")
    if not blank or key.style or word in beside or not all(map(_LANGUAGE.fullmatch, beside)):
        return None
    declared = _LANGUAGE.fullmatch(word) and re.search(rf"^languages:.*\b{word}\b", text.text, re.MULTILINE)
    return no_colon(at, word, rest) if declared else None


_CUT = {
    "#": 'YAML takes what follows " #" for a comment and makes "{made}" of it; ',
    ",": 'YAML ends the text at the comma and makes "{made}" of it; ',
}


def cut_short(at: Stretch, route: Route, made: str, whole: str, sign: str) -> Finding:
    """The finding on a text that YAML ends at a sign; an expression is offered in a form that can be read."""
    if not takes_expression(route):
        return cut_by_yaml(at, _CUT[sign] + "write {form}", made=made, form=quoted(whole))
    from procdef.language.yaml.expression_forms import expression_form  # only faulty files need it

    form = expression_form(whole)
    if form is not None:
        return cut_by_yaml(at, _CUT[sign] + "write {form}", made=made, form=form)
    return cut_by_yaml(at, _CUT[sign] + 'an expression has no "{sign}" there, so write it without', made=made, sign=sign)


def list_without_brackets(
    text: SourceText, before: Node, key: ScalarNode, at: Stretch, route: Route, beside: Collection[str]
) -> Finding | None:
    """Several ids or values in brackets without brackets of their own: ``{records: price, need}``; ``key`` is ``at``."""
    word = key.text.partition(" ")[0]  # of a key without its colon, as in {remind: 5 days, escalate_to manager}
    known = takes(route[:-1], word) and word not in beside
    empty = not isinstance(before, SequenceNode) and (not isinstance(before, ScalarNode) or before.value is None)
    if known or empty or not takes_list(route):
        return None
    first = text.text[before.at.start : before.at.end]
    inner = first[1:-1] if isinstance(before, SequenceNode) else first
    inner = " ".join(f"{inner}{text.text[before.at.end : at.end]}".split())
    form = f"[{inner[1:-1] if inner.startswith('(') and inner.endswith(')') else inner}]"
    sentence = "several are written in brackets of their own, as the comma ends the value; write {key}: {form}"
    return cut_by_yaml(Stretch(before.at.start, at.end), sentence, key=route[-1], form=form)


def decimal_comma(text: SourceText, before: Node, key: Node, at: Stretch) -> Finding | None:
    """Where the comma of a decimal ends a number in brackets: ``{max: 30,5}``, ``{remind: 1,5 days}``; ``key`` is ``at``."""
    if not isinstance(before, ScalarNode) or not isinstance(before.value, int) or isinstance(before.value, bool):
        return None
    found = _UNITED.fullmatch(key.text) if isinstance(key, ScalarNode) and not key.style else None
    if found is None:
        return None
    number, unit = f"{before.text}.{found['digits']}", found["unit"] or "%"
    whole = Stretch(before.at.start, at.end)
    written = text.text[whole.start : whole.end]
    if _THOUSANDS.fullmatch(written):
        sentence = "a number has no thousands separators, and YAML ends it at the comma; write {form}"
        return cut_by_yaml(whole, sentence, form=written.replace(",", ""))
    if unit == "%":
        return cut_by_yaml(whole, "YAML ends the number at the comma; write {form}", form=number)
    smaller = _smaller(Decimal(number), unit.strip())
    if smaller is None:
        return cut_by_yaml(whole, 'a duration takes a whole number, without a comma; write it like "2 days"')
    return cut_by_yaml(whole, "a duration takes a whole number, without a comma; write {form}", form=smaller)


def _smaller(amount: Decimal, unit: str) -> str | None:
    """A duration as a whole number of a smaller unit."""
    factor, smaller = _SMALLER.get(unit if unit.endswith("s") else f"{unit}s", (0, ""))
    whole = amount * factor
    return f"{whole.normalize():f} {smaller}" if whole and whole == int(whole) else None


def in_collection(text: SourceText, node: MappingNode | SequenceNode, route: Route) -> Finding | None:
    """A text that YAML takes for a list or a mapping: ``goal: [Important]``, ``- Ask this: who decides?``."""
    item = len(route) > 1 and route[-2] == "questions"
    if not item and (route[-1:] == () or route[-1] not in TEXT_KEYS):
        return None
    begin = node.at.start
    line = text.position(begin)[0]
    written = text.text[begin : text.starts[line - 1] + len(text.line(line))].strip()
    if not node.entries or (isinstance(node, MappingNode) and not _is_run(node)):
        return None
    if node.flow and (isinstance(node, SequenceNode) or _is_bare(node)):
        whole = text.text[begin : node.at.end]
        goes_on = _GOES_ON.match(text.text, node.at.end)
        return None if goes_on else cut_by_yaml(node.at, SPECIAL_START, sign=whole[0], form=quoted(whole))
    if (node.flow and written[:1] in "{[") or not item:
        return None
    if node.flow:
        whole = text.text[begin : node.at.end]
        return cut_by_yaml(node.at, "YAML gives the colon in it a meaning of its own; write {form}", form=quoted(whole))
    sign = {"?": "? at the beginning", "-": "second dash"}.get(written[0], "colon in it")
    sentence = "YAML gives the {sign} a meaning of its own; write {form}"
    return cut_by_yaml(Stretch(begin, begin + len(written)), sentence, sign=sign, form=quoted(written))


def _is_run(node: MappingNode) -> bool:
    """Whether a mapping is likely a text with a colon in it: it has one key, which is not the code of a language."""
    return len(node.entries) == 1 and not any(map(_LANGUAGE.fullmatch, node.entries)) and _holds_texts(node)


def _holds_texts(node: MappingNode) -> bool:
    return all(isinstance(entry.value, ScalarNode) for entry in node.entries.values())


def _is_bare(node: MappingNode) -> bool:
    """Whether no key of a mapping has a value."""
    return all(isinstance(entry.value, ScalarNode) and entry.value.value is None for entry in node.entries.values())


def commented_out(text: SourceText, node: Node, dash: int, route: Route) -> Finding | None:
    """A question that begins with ``#``."""
    if not isinstance(node, ScalarNode) or node.value is not None or node.style or "questions" not in route[-2:]:
        return None
    number = text.position(dash)[0]
    line = text.line(number)
    found = re.search(r"-\s+(#.*)$", line)
    if found is None:
        return None
    at = Stretch(text.starts[number - 1] + found.start(1), text.starts[number - 1] + len(line.rstrip()))
    return cut_by_yaml(at, "YAML takes what follows # for a comment; write {form}", form=quoted(found[1].rstrip()))
