"""The table of events on the page about the log is what the declarations say."""

from __future__ import annotations

import runpy

import pytest
from pages import ROOT


def test_the_table_of_events_is_up_to_date(request: pytest.FixtureRequest) -> None:
    maker = runpy.run_path(str(ROOT / "tools" / "make_log_reference.py"))
    if request.config.getoption("--update-golden"):
        maker["main"]()
    assert maker["page"]() == (ROOT / "docs" / "log.md").read_text("utf-8"), "run `python tools/make_log_reference.py`"
