"""A file of scenarios is played by one call, for tests of an application."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from procdef import DefinitionInvalid, InvalidArgument
from procdef.scenarios import play_file

PROCESSES = Path(__file__).parents[3] / "processes"
FILE = PROCESSES / "crm-opportunities.test.yaml"


def test_all_go_as_expected() -> None:
    played = play_file(FILE)
    assert played.passed
    assert len(played.outcomes) == 2
    assert (played.coverage == 100) is (played.untried == ())
    assert played.as_dict()["outcomes"][0]["scenario"] == played.outcomes[0].scenario


def test_what_is_not_as_expected_is_told_and_raises_nothing(tmp_path: Path) -> None:
    text = FILE.read_text("utf-8").replace("process: crm", f"process: {PROCESSES}/crm")
    (tmp_path / "wrong.yaml").write_text(text.replace("stage: engaging", "stage: prospecting"), "utf-8")
    played = play_file(str(tmp_path / "wrong.yaml"))
    assert not played.passed
    first = next(outcome for outcome in played.outcomes if not outcome.passed)
    assert ("then.stage", "prospecting", "engaging") in [(d.key, d.expected, d.found) for d in first.differences]
    assert played.coverage > Decimal(0)


@pytest.mark.parametrize("text", ["procdef-test: 1\nscenarios: 3\n", None], ids=["with errors", "not there"])
def test_a_file_that_cannot_be_played_is_refused(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(DefinitionInvalid) as refused:
        play_file(tmp_path / "a.yaml")
    assert refused.value.diagnostics


def test_what_is_no_path_is_refused() -> None:
    with pytest.raises(InvalidArgument):
        play_file(3)  # type: ignore[arg-type]
