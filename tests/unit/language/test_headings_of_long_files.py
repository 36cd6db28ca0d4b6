"""A heading of the file that is missing is told once, however many entries then stand below another one, and soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language import check
from procdef.language.layout import repair

PROCESSES = Path(__file__).parents[3] / "processes"


@pytest.mark.parametrize("heading", ["roles", "fields", "stages", "lost"])
@pytest.mark.parametrize("name", ["b2b-sales", "saas-inbound"])
def test_a_heading_that_is_missing_is_told_once(name: str, heading: str) -> None:
    text = (PROCESSES / f"{name}.yaml").read_text("utf-8").replace(f"\n{heading}:\n", "\n", 1)
    (found,) = check(text)
    assert found.message == f'the heading "{heading}:" is missing above this line; add it'


def test_an_edit_that_leaves_its_part_unreadable_costs_no_look_at_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (PROCESSES / "b2b-sales.yaml").read_text("utf-8")
    lines = text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("        title: "))
    broken = "\n".join([*lines[:at], lines[at][1:], *lines[at + 1 :]])
    told = [check(broken)]
    looked = []
    seen = repair.may_be_read
    monkeypatch.setattr(repair, "may_be_read", lambda source, edit: looked.append(seen(source, edit)) or looked[-1])
    told.append(check(broken))
    monkeypatch.setattr(repair, "may_be_read", lambda source, edit: True)
    told.append(check(broken))
    assert told[0] == told[1] == told[2]
    assert False in looked
