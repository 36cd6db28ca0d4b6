"""A refusal speaks of the deal and the process; the command line stands in its commands alone."""

from __future__ import annotations

import re

import every_refusal

_COMMAND_LINE = re.compile(r"(^|\s)--[a-z]|\bprocdef [a-z]")


def test_no_sentence_of_a_refusal_names_a_command_or_an_option() -> None:
    told = []
    for refused, repeated in every_refusal.refusals():
        for each in (refused, repeated):
            told += [str(each), each.headline]
            told += [text for item in each.unmet for text in (item.message, item.why, item.fix) if text]
    assert len(told) > 100
    assert [text for text in told if _COMMAND_LINE.search(text)] == []
