"""The excerpt of a finding on a line that is too long to look at."""

from __future__ import annotations

import pytest

from procdef.diagnostics import Diagnostic, Severity, Span
from procdef.render.findings import text


@pytest.mark.parametrize("column", [1, 2, 60, 170, 500, 991, 1000, 1001])
def test_an_excerpt_is_cut_around_the_caret(column: int) -> None:
    line = "".join(chr(ord("a") + place % 26) for place in range(1000))
    found = Diagnostic("syntax", Severity.ERROR, Span("x.yaml", 1, column, 1, column + 3), "wrong")
    _, shown, marked = text([found], {"x.yaml": line}).splitlines()
    at = marked.index("^")
    assert len(shown) <= len("    1 | ") + 160
    assert column > 1000 or shown[at] in (line[column - 1], "…")
    assert len(marked.rstrip()) <= len(shown) + 1


def test_a_short_line_is_shown_whole() -> None:
    found = Diagnostic("syntax", Severity.ERROR, Span("x.yaml", 1, 3, 1, 5), "wrong")
    assert text([found], {"x.yaml": "x" * 160}).splitlines()[1] == "    1 | " + "x" * 160
