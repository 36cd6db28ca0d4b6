"""The tables of the codes of a refusal are those of the code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, takewhile

import pytest
from pages import ROOT

from procdef.advice.refusal_sentences import REFUSAL_CODES


def meanings() -> Iterator[str]:
    """What each code means, in alphabetical order."""
    yield from (f"| `{code}` | {REFUSAL_CODES[code].meaning} |" for code in sorted(REFUSAL_CODES))


def subjects() -> Iterator[str]:
    """What is named with each code; codes that follow each other and name the same share a row."""
    for about, rows in groupby(REFUSAL_CODES.values(), key=lambda row: row.about):
        yield f"| {', '.join(f'`{row.code}`' for row in rows)} | {about} |"


@pytest.mark.parametrize(
    ("page", "head", "rows"),
    [("meaning.md", "| code | means |", [*meanings()]), ("log.md", "| code | `about` |", [*subjects()])],
    ids=["meaning.md", "log.md"],
)
def test_a_table_of_codes_is_up_to_date(page: str, head: str, rows: list[str], request: pytest.FixtureRequest) -> None:
    file = ROOT / "docs" / page
    before, sign, after = file.read_text("utf-8").partition(f"\n{head}\n|---|---|\n")
    assert sign
    shown = [*takewhile(bool, after.splitlines())]
    if request.config.getoption("--update-golden"):
        file.write_text("".join([before, sign, "\n".join(rows), after.removeprefix("\n".join(shown))]), "utf-8")
        shown = rows
    assert rows == shown
