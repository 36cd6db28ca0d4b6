"""A file of another kind than a command takes is named with the command for it, and `check` takes files of all kinds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef

FILES = {
    "process.yaml": "procdef: 1\nid: boats\nversion: 1\n",
    "plan.yaml": "procdef-plan: 1\nprocess: boats\nfrom: 1\nto: 2\nfields: {fax: null}\n",
    "people.yaml": "procdef-people: 1\npeople:\n  maija: {roles: seller}\n",
    "boats.test.yaml": "procdef-test: 1\nprocess: process.yaml\npeople: {maija: seller}\nscenarios: {}\n",
}
SAID = {
    "process.yaml": "process.yaml is a process; `procdef check process.yaml` checks it",
    "plan.yaml": "plan.yaml is a plan of a migration; `procdef migrate PROCESS --plan plan.yaml` tells what it comes to",
    "people.yaml": "people.yaml is a directory of people; `procdef people publish people.yaml` puts it in force",
    "boats.test.yaml": "boats.test.yaml is a file of scenarios; `procdef test boats.test.yaml` plays it",
}
COMMANDS = {
    "migrate boats --plan": ("process.yaml", "people.yaml", "boats.test.yaml"),
    "people check": ("process.yaml", "plan.yaml", "boats.test.yaml"),
    "people publish": ("process.yaml", "plan.yaml", "boats.test.yaml"),
    "prove": ("plan.yaml", "people.yaml", "boats.test.yaml"),
    "test": ("plan.yaml", "people.yaml"),
}


def write_files() -> None:
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("command", "file"), [(command, file) for command, files in COMMANDS.items() for file in files]
)
def test_another_kind_of_file_is_named_once(procdef: Procdef, command: str, file: str) -> None:
    write_files()
    code, out, complaint = procdef(*command.split(), file)
    assert (code, out, complaint.count("rror")) == (2, "", 1), complaint
    assert " ".join(complaint.split()).endswith(SAID[file]), complaint


def test_a_plan_is_checked_as_one(procdef: Procdef) -> None:
    write_files()
    whole = "plan.yaml: a plan; `procdef migrate PROCESS --plan plan.yaml` holds it against published versions"
    code, out, _ = procdef("check", "plan.yaml")
    assert (code, " ".join(out.split())) == (0, f"1 file checked, nothing found {whole}")
    assert procdef("check", "plan.yaml", "--quiet")[1] == ""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("to: 1", 'plan.yaml:3:7: error: the deals are in version 1 already'),
        ("to: 2\nfield: {fax: null}", 'plan.yaml:5:1: error: unknown key "field" in the plan (did you mean "fields"?)'),
        ("to: 2\nfields: {fax: phone, telex: phone}", "plan.yaml:5:29: error: \"fax\" becomes \"phone\" too"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_any_case_is_told_of_a_plan_in_a_folder(procdef: Procdef, written: str, told: str) -> None:
    Path("plans").mkdir()
    Path("plans/plan.yaml").write_text(FILES["plan.yaml"].partition("to:")[0] + written + "\n", "utf-8")
    code, out, _ = procdef("check", "plans")
    assert (code, out.count("error:")) == (1, 1), out
    assert out.startswith(f"plans/{told}"), out
