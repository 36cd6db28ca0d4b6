"""Words of other programs are told with those of this language."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language import check

SOUND = (Path(__file__).parent / "sound" / "solar-sales.yaml").read_text("utf-8")
TYPES = [
    ("dropdown", "choice"), ("string", "text"), ("currency", "money"), ("yes/no", "boolean"), ("float", "number"),
    ("int", "integer"), ("checkbox", "boolean"), ("percentage", "percent"), ("Timestamp", "datetime"), ("link", "url"),
    ("phone number", "phone"), ("e-mail", "email"), ("table", "list"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), TYPES)
def test_a_type_of_field_by_another_name_is_told_with_the_right_one(written: str, meant: str) -> None:
    (found,) = check(SOUND.replace("urgent: {type: boolean", f"urgent: {{type: {written}"))
    assert (found.code, found.fix) == ("unknown-word", meant)


@pytest.mark.parametrize("written", ["if", "condition", "only_if"])
def test_another_word_for_when_is_told_with_when(written: str) -> None:
    (found,) = check(SOUND.replace("        when: discount > 15 %", f"        {written}: discount > 15 %"))
    assert (found.code, found.fix) == ("unknown-key", "when")
