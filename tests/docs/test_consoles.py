"""Every command in the documentation is run, in an empty folder, and prints what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ROOT, agrees, follow

from postgresql import server

PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if "```console" in page.read_text("utf-8")
]


@pytest.fixture
def libpq(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Programs of PostgreSQL find a server, on which there is no database ``deals`` yet."""
    here = server()
    for name, value in here.environment().items():
        monkeypatch.setenv(name, value)
    yield
    here.execute("DROP DATABASE IF EXISTS deals WITH (FORCE)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_print_what_it_shows(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "postgresql:" in page.read_text("utf-8"):
        request.getfixturevalue("libpq")
    (tmp_path / "processes").symlink_to(ROOT / "processes")
    found = follow(page.read_text("utf-8"), tmp_path)
    if request.config.getoption("--update-golden"):
        page.write_text(found, "utf-8")
    assert page.read_text("utf-8") == found


@pytest.mark.parametrize(
    ("expected", "shown", "found"),
    [
        (True, "one\n", "one\n"),
        (False, "one\n", "one\ntwo\n"),
        (True, "one\n...\nfour\n", "one\ntwo\nthree\nfour\n"),
        (False, "one\n...\nfour\n", "one\ntwo\nthree\n"),
        (True, "at 2026-01-31 10:00\n", "at 2027-02-28 23:59\n"),
        (False, "at 2026-01-31 10:00\n", "at noon\n"),
    ],
)
def test_an_output_agrees_but_for_times_and_lines_left_out(expected: bool, shown: str, found: str) -> None:
    assert agrees(shown, found) is expected
