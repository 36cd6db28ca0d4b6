"""Suppresses findings on their line with ``# procdef: ignore[code]``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from procdef.diagnostics import Diagnostic, Finding, Severity, nearest
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault
from procdef.language.yaml.tree import SourceText

_IGNORE = re.compile(
    r"(?:^|(?<=\s))#\s*procdef\s*:\s*(?P<word>ignore[ds]?)\b\s*(?:\[(?P<codes>[^\]\r\n]{0,200})\])?", re.IGNORECASE
)
_CODE = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A comment that suppresses, its line, and the codes that it names with their places."""

    line: int
    at: Stretch
    codes: Mapping[str, Stretch]
    misspelt: bool


def suppress(
    text: SourceText,
    comments: Sequence[Stretch],
    found: Iterable[Diagnostic],
    severities: Mapping[str, Severity],
    unasked: Container[str] = (),
) -> tuple[list[Diagnostic], list[Finding]]:
    """The findings without the suppressed ones, and a finding for each comment that suppresses nothing.

    Errors stay: a file with errors cannot be used, and a comment must not hide why. As they may hold rules back, nothing is
    said there of a warning that was not found, nor ever of one that nobody looked for (``unasked``). ``severities`` are those
    of all codes.
    """
    kept, used = [], set()
    asks = list(_asked(text, comments))
    asked = {(ask.line, code) for ask in asks if not ask.misspelt for code in ask.codes}
    here: dict[int, list[str]] = {}
    for item in found:
        about = (item.span.line, item.code)
        if item.severity is not Severity.ERROR:
            here.setdefault(item.span.line, []).append(item.code)
        if about in asked and item.severity is not Severity.ERROR:
            used.add(about)
        else:
            kept.append(item)
    held_back = any(item.severity is Severity.ERROR for item in kept)
    unused: list[Finding] = []
    for ask in asks:
        if not ask.codes or ask.misspelt:
            unused.append(_bare(ask.at, list(ask.codes) or sorted(set(here.get(ask.line, ()))), held_back))
            continue
        for code, at in ask.codes.items():
            if (ask.line, code) not in used:
                unused += _useless(ask.at, code, at, severities, held_back or code in unasked)
    return kept, unused


def _bare(at: Stretch, codes: list[str], held_back: bool) -> Finding:
    """What to say of a comment that names no warning, or that is misspelt."""
    form = f"# procdef: ignore[{', '.join(codes)}]" if codes else None
    if codes or held_back:
        sentence = "a comment suppresses only the warnings that it names; write {form}"
    else:
        sentence = "a comment suppresses only the warnings that it names, and none is on this line; remove the comment"
    return replace(reading_fault("unused-ignore", at, sentence, form=form or "# procdef: ignore[code]"), fix=form)


def _useless(
    whole: Stretch, code: str, at: Stretch, severities: Mapping[str, Severity], held_back: bool
) -> Iterator[Finding]:
    if code not in severities:
        near = nearest(code.lower(), [known for known, severity in severities.items() if severity is not Severity.ERROR])
        sentence = 'there is no warning "{subject}"{hint}' if near else 'there is no warning "{subject}"; remove it'
        finding = reading_fault("unused-ignore", at, sentence, code, "value")
        yield replace(finding, fix=near, candidates=(near,) if near else ())
    elif severities[code] is Severity.ERROR:
        sentence = '"{subject}" is an error, and errors are never suppressed; mend it, and remove the comment'
        yield reading_fault("unused-ignore", at, sentence, code, "value")
    elif not held_back:
        sentence = 'this comment suppresses nothing: no warning "{subject}" is on this line; remove the comment'
        yield reading_fault("unused-ignore", whole, sentence, code, "value")


def _asked(text: SourceText, comments: Sequence[Stretch]) -> Iterator[_Asked]:
    for comment in comments:
        for match in _IGNORE.finditer(text.text, comment.start, comment.end):
            begin = match.start("codes")
            named = _CODE.finditer(match["codes"] or "")
            codes = {code[0]: Stretch(begin + code.start(), begin + code.end()) for code in named}
            at = Stretch(match.start(), match.end())
            yield _Asked(text.position(match.start())[0], at, codes, match["word"] != "ignore")
