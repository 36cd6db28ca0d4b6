"""Scenarios and assumptions of strangers may name any file: of one that is none of procdef's, no word is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language.check import check_source
from procdef.scenarios.reading import read_scenarios
from procdef.simulation.assumptions.reading import read_assumptions

SECRET = "ghp_0123456789"
CONTENTS = {
    "a word": SECRET,
    "keys with values": f"token: {SECRET}\nhost: {SECRET}",
    "a list": f"[{SECRET}, {SECRET}]",
    "what is no YAML": f"root:{SECRET}:1:\n\t{SECRET}: {{",
    "another kind of file": f"procdef-test: 1\nprocess: {SECRET}",
    "lines that a program printed": f"procdef: error: {SECRET}",
}
SCENARIOS = "procdef-test: 1\nprocess: {process}\npeople: {people}\nat: 2026-03-02T09:00\nscenarios:\n"
SCENARIOS += "  one: {{steps: [{{by: aino, do: start}}]}}\n"
ASSUMPTIONS = "procdef-assumptions: 1\nprocess: {process}\n"


@pytest.mark.parametrize("content", CONTENTS)
def test_a_file_that_is_not_of_the_kind_is_told_without_a_word_of_it(content: str, tmp_path: Path) -> None:
    secret, link = tmp_path / "secret", tmp_path / "link.yaml"
    secret.write_text(CONTENTS[content] + "\n", "utf-8")
    link.symlink_to(secret)
    for name in ("secret", "../" + tmp_path.name + "/secret", str(secret), "link.yaml"):
        scenarios = read_scenarios(SCENARIOS.format(process=name, people=name).encode(), str(tmp_path / "x.test.yaml"))
        assumptions = read_assumptions(ASSUMPTIONS.format(process=name).encode(), str(tmp_path / "x.assume.yaml"))
        told = {one.code: one.message for one in scenarios.findings}
        assert told["unreadable-process"].endswith("it is not a process: it does not begin with `procdef: 1`")
        assert told["unreadable-people"].endswith(
            "it is not a directory of people: it does not begin with `procdef-people: 1`"
        )
        assert [one.code for one in assumptions.findings] == ["unreadable-process"]
        assert SECRET not in str([*scenarios.findings, *assumptions.findings])


@pytest.mark.parametrize("before", ["", "\ufeff", "# A process\n\n", "id: shop\n", "---\n"])
@pytest.mark.parametrize("declared", ["procdef: 1", '"procdef" : 1', "procdef: 99"])
def test_of_a_file_that_declares_to_be_a_process_what_is_wrong_is_told(
    before: str, declared: str, tmp_path: Path
) -> None:
    written = f"{before}{declared}\nversion: none\n".encode()
    (tmp_path / "one.yaml").write_bytes(written)
    first = check_source(written, "one.yaml")[0]
    found = read_assumptions(ASSUMPTIONS.format(process="one.yaml").encode(), str(tmp_path / "x.assume.yaml"))
    assert first.message in found.findings[0].message
