"""``procdef test --suggest``: what is printed is pasted, and tries the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from test_scenarios import CHEAP, HEAD, PROCESS, SOLD

Procdef = Callable[..., tuple[int, str, str]]
TIMED = PROCESS.replace("    owner: seller\n", "    owner: seller\n    sla: {within: 5 days}\n", 1)


@pytest.fixture
def apples(procdef: Procdef, tmp_path: Path) -> Procdef:
    """The command line in a folder with a process and one scenario of it."""
    (tmp_path / "apples.yaml").write_text(PROCESS, "utf-8")
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD, "utf-8")
    return procdef


def test_it_is_put_at_the_end_of_the_file(apples: Procdef, tmp_path: Path) -> None:
    code, out, err = apples("test", "--suggest")
    told = "apples v1: 2 scenarios, with which 9 of 9 are tried; they belong at the end of apples.test.yaml\n"
    assert (code, err) == (0, told)
    assert out == (
        "\n"
        "  # Tries a loss for frost.\n"
        "  # That is what the process does today. Is it what you mean?\n"
        "  lost_frost:\n"
        '    title: "A deal is lost: frost"\n'
        "    at: 2026-03-02T12:00\n"
        "    steps:\n"
        "      - {by: aino, do: start, then: {stage: offer, outcome: open}}\n"
        "      - {by: aino, do: lose, reason: frost, then: {stage: offer, outcome: lost}}\n"
        "\n"
        "  # Tries offer.dear_enough unmet, offer.dear_enough waived.\n"
        "  # That is what the process does today. Is it what you mean?\n"
        "  at_offer:\n"
        '    title: "Offer: dear_enough unmet, dear_enough waived"\n'
        "    at: 2026-03-02T12:00\n"
        "    steps:\n"
        "      - {by: aino, do: start, then: {stage: offer, outcome: open}}\n"
        "      - {by: aino, do: record, values: {price: 1}}\n"
        "      - {by: aino, do: advance, to: sold, refused: [offer.quote, offer.dear_enough]}\n"
        '      - {by: onni, do: waive, criterion: offer.dear_enough, reason: "Is this what you mean?", '
        "then: {stage: offer, outcome: open, open: [quote]}}\n"
    )
    with (tmp_path / "apples.test.yaml").open("a", encoding="utf-8") as file:
        file.write(out)
    assert apples("test", "--min-coverage", "100")[0] == 0
    assert apples("test", "--suggest") == (0, "", "apples v1: all of it is tried already, so there is nothing to suggest\n")


@pytest.mark.parametrize("indent", [1, 2, 4])
def test_it_is_indented_as_the_file_is(apples: Procdef, tmp_path: Path, indent: int) -> None:
    lines = (HEAD + SOLD).rstrip("\n").split("\n")  # also where the last line has no end
    text = "\n".join(" " * (indent - 2) + line if line[:1] == " " and indent > 2 else line[2 - indent :] if line[:1] == " "
                     else line for line in lines)  # fmt: skip
    (tmp_path / "apples.test.yaml").write_text(text, "utf-8")
    out = apples("test", "--suggest")[1]
    (tmp_path / "apples.test.yaml").write_text(text + out, "utf-8")
    assert apples("test", "--min-coverage", "100")[0] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD.replace(", onni: manager", "") + SOLD, "which has too few people for this; new: maija (manager)"),
        (HEAD.replace("at: 2026-03-02T09:00\n", "") + SOLD.replace("    title:", "    at: 2026-03-02T09:00\n    title:")
         + "at: 2026-03-02T09:00\n", "whose scenarios are not the last"),
        (HEAD.replace("scenarios:\n", "") + "scenarios: {one: {steps: [{by: aino, do: start}]}}\n", "are not the last"),
    ],
    ids=["too few people", "more stands below", "one line"],
)  # fmt: skip
def test_what_does_not_fit_becomes_a_file_of_its_own(apples: Procdef, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "apples.test.yaml").write_text(text, "utf-8")
    code, out, err = apples("test", "--suggest")
    assert code == 0
    assert told in out.splitlines()[0]
    assert err.endswith("they belong into a file of its own beside apples.test.yaml\n")
    (tmp_path / "more.test.yaml").write_text(out, "utf-8")
    assert apples("test", "--min-coverage", "100")[0] == 0


def test_from_nothing_it_is_a_whole_file(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").unlink()
    (tmp_path / "apples.yaml").write_text(TIMED, "utf-8")
    code, out, err = apples("test", "--suggest", "apples.yaml")
    assert (code, err) == (0, "apples v1: 3 scenarios, with which 10 of 10 are tried; they belong into a file of its own "
                              "beside apples.yaml\n")  # fmt: skip
    assert out.startswith("procdef-test: 1\nprocess: apples.yaml\npeople: {maija: [seller], jaana: [manager]}\nscenarios:\n")
    (tmp_path / "apples.test.yaml").write_text(out, "utf-8")
    assert apples("test", "--min-coverage", "100")[0] == 0


def test_beside_several_files_it_is_one_more(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "more.test.yaml").write_text(HEAD + CHEAP.partition("      - {by: onni")[0], "utf-8")
    code, out, err = apples("test", "--suggest")
    head = "procdef-test: 1\nprocess: apples.yaml\npeople: {aino: [seller], onni: [manager]}\nscenarios:\n"
    assert (code, out[: len(head)]) == (0, head)
    assert err.endswith("they belong into a file of its own beside more.test.yaml\n")
    (tmp_path / "third.test.yaml").write_text(out, "utf-8")
    assert apples("test", "--min-coverage", "100")[0] == 0


def test_with_a_directory_of_people_they_are_those_who_are_there(apples: Procdef, tmp_path: Path) -> None:
    late = "{roles: {manager: {from: 2027-01-01}}}"
    team = f"procdef-people: 1\npeople: {{aino: {{roles: seller}}, late: {late}, onni: {{roles: manager}}}}\n"
    (tmp_path / "team.people.yaml").write_text(team, "utf-8")
    text = HEAD.replace("{aino: seller, onni: manager}", "team.people.yaml") + SOLD
    (tmp_path / "apples.test.yaml").write_text(text, "utf-8")
    out = apples("test", "--suggest")[1]
    assert "late" not in out
    (tmp_path / "apples.test.yaml").write_text(text + out, "utf-8")
    assert apples("test", "--min-coverage", "100")[0] == 0


def test_what_cannot_be_tried_is_said_with_why(apples: Procdef, tmp_path: Path) -> None:
    never = PROCESS.replace("    exit_criteria:\n", "    exit_criteria:\n      never: {check: price < 0 and price > 0}\n")
    (tmp_path / "apples.yaml").write_text(never, "utf-8")
    (tmp_path / "apples.test.yaml").unlink()
    out = apples("test", "--suggest", "apples.yaml")[1]
    assert "  # Not tried by these:\n" in out
    assert "  # - the stage sold: no deal can come there\n" in out
    assert "  # - the way offer > sold: no deal can take this way\n" in out
    assert "  # - offer.never met: no values meet it\n" in out
    assert "  # - sold.deliver done: no deal can come to sold\n" in out
    lines = [json.loads(line) for line in apples("test", "--suggest", "apples.yaml", "--format", "json")[1].splitlines()]
    assert {next(iter(line)) for line in lines} == {"suggestion", "people", "left"}
    assert {"kind": "stages", "stage": "sold", "of": "sold", "what": "", "why": "no deal can come there"} in [
        line["left"] for line in lines if "left" in line
    ]


def test_scenarios_that_fail_are_told_and_suggested_for_all_the_same(apples: Procdef, tmp_path: Path) -> None:
    wrong = CHEAP.replace("refused: [dear_enough]", "then: {stage: sold}")
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD + wrong, "utf-8")
    code, out, err = apples("test", "--suggest")
    assert code == 1
    assert "lost_frost" in out
    assert "FAILED cheap" in err


def test_a_file_with_errors_is_told_and_nothing_suggested(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "apples.test.yaml").write_text(HEAD + SOLD.replace("quote", "qoute"), "utf-8")
    code, out, err = apples("test", "--suggest")
    assert (code, out) == (1, "")
    assert 'has no action qoute (did you mean "quote"?)' in err


@pytest.mark.parametrize("more", [["--watch"], ["--junit", "x.xml"], ["--min-coverage", "3"]])
def test_suggestions_stand_alone(apples: Procdef, more: list[str]) -> None:
    code, out, err = apples("test", "--suggest", *more)
    assert (code, out) == (2, "")
    assert "--suggest prints scenarios and nothing else" in err


def test_suggestions_are_for_one_process(apples: Procdef, tmp_path: Path) -> None:
    (tmp_path / "pears.yaml").write_text(PROCESS.replace("id: apples", "id: pears"), "utf-8")
    (tmp_path / "pears.test.yaml").write_text((HEAD + SOLD).replace("apples.yaml", "pears.yaml"), "utf-8")
    code, out, err = apples("test", "--suggest")
    assert (code, out) == (2, "")
    assert "these files test 2 processes (apples v1, pears v1)" in err
