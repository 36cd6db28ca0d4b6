"""Suppresses findings on their line with ``# procdef: ignore[code]``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from procdef.diagnostics import Diagnostic, Finding, Severity
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault
from procdef.language.yaml.tree import SourceText

_IGNORE = re.compile(r"(?:^|(?<=\s))#\s*procdef:\s*ignore\[([a-z, -]{0,200})\]")


def suppress(
    text: SourceText, comments: Sequence[Stretch], found: Iterable[Diagnostic]
) -> tuple[list[Diagnostic], list[Finding]]:
    """The findings without the suppressed ones, and a finding for each comment that suppresses nothing.

    Errors stay: a file with errors cannot be used, and a comment must not hide why.
    """
    kept, used = [], set()
    asks = _asked(text, comments)
    asked = {(line, code) for line, code, _ in asks}
    for item in found:
        about = (item.span.line, item.code)
        if about in asked and item.severity is not Severity.ERROR:
            used.add(about)
        else:
            kept.append(item)
    sentence = 'this comment suppresses nothing: no warning "{written}" is on this line; remove the comment'
    unused = ((code, at) for line, code, at in asks if (line, code) not in used)
    return kept, [reading_fault("unused-ignore", at, sentence, written=code) for code, at in unused]


def _asked(text: SourceText, comments: Sequence[Stretch]) -> list[tuple[int, str, Stretch]]:
    return [
        (text.position(match.start())[0], code.strip(), Stretch(match.start(), match.end()))
        for comment in comments
        for match in _IGNORE.finditer(text.text, comment.start, comment.end)
        for code in match[1].split(",")
    ]
