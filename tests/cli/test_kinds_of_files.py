"""Of each kind of file: `check` finds what is wrong in it, alone and in a folder, and a command that takes another kind names
the right one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef.language.file_kinds import KINDS

if TYPE_CHECKING:
    from conftest import Procdef

SOUND = {
    "boats.yaml": (Path(__file__).parents[1] / "golden" / "ok" / "syntax.yaml").read_text("utf-8"),
    "boats.test.yaml": """procdef-test: 1
process: boats.yaml
people: {maija: seller}
at: 2026-03-02T09:00
scenarios:
  first: {steps: [{by: maija, do: start}]}
""",
    "people.yaml": "procdef-people: 1\npeople:\n  maija: {roles: seller}\n",
    "plan.yaml": "procdef-plan: 1\nprocess: small-sales\nfrom: 1\nto: 2\nfields: {fax: null}\n",
    "boats.assume.yaml": "procdef-assumptions: 1\nprocess: boats.yaml\narrivals: {meeting: {per_month: 5}}\n",
}
MISSPELT = {
    "boats.yaml": ("title: Meeting", "titel: Meeting"),
    "boats.test.yaml": ("by: maija", "by: majia"),
    "people.yaml": ("roles: seller", "rolls: seller"),
    "plan.yaml": ("fields:", "feilds:"),
    "boats.assume.yaml": ("per_month: 5", "per_moth: 5"),
}
TOLD = {
    "boats.yaml": 'boats.yaml:17:5: error: unknown key "titel"',
    "boats.test.yaml": 'boats.test.yaml:6:24: error: nothing says which roles majia has',
    "people.yaml": 'people.yaml:3:11: error: unknown key "rolls"',
    "plan.yaml": 'plan.yaml:5:1: error: unknown key "feilds"',
    "boats.assume.yaml": 'boats.assume.yaml:3:22: error: unknown key "per_moth"',
}
USED = {
    "boats.yaml": "boats.yaml is a process; `procdef check boats.yaml` checks it",
    "boats.test.yaml": "boats.test.yaml is a file of scenarios; `procdef test boats.test.yaml` plays it",
    "people.yaml": "people.yaml is a directory of people; `procdef people publish people.yaml` puts it in force",
    "plan.yaml": "plan.yaml is a plan; `procdef migrate PROCESS --plan plan.yaml` holds it against published versions",
    "boats.assume.yaml": (
        "boats.assume.yaml is a file of assumptions; `procdef simulate PROCESS --assume boats.assume.yaml` simulates by it"
    ),
}
TAKES = {
    "prove {}": "boats.yaml",
    "show {}": "boats.yaml",
    "diagram {}": "boats.yaml",
    "playbook {} -o x.html": "boats.yaml",
    "publish {} --dry-run": "boats.yaml",
    "new copy.yaml --from {}": "boats.yaml",
    "diff {} boats.yaml": "boats.yaml",
    "diff boats.yaml {}": "boats.yaml",
    "diff boats.yaml next.yaml --plan {}": "plan.yaml",
    "run {} no.jsonl --dry-run": "boats.yaml",
    "run boats.yaml {} --dry-run": "",
    "simulate {} --deals 1 --runs 1": "boats.yaml",
    "simulate boats.yaml --deals 1 --runs 1 --compare {}": "boats.yaml",
    "simulate boats.yaml --deals 1 --runs 1 --assume {}": "boats.assume.yaml",
    "people check people.yaml --process {}": "boats.yaml",
    "people check {}": "people.yaml",
    "people publish {} --dry-run": "people.yaml",
    "migrate small-sales --plan {}": "plan.yaml",
    "test {}": "boats.test.yaml",
    "test {} --suggest": "boats.test.yaml",
}
"""Which file each command takes where {} stands, if any of these. Of a process `test` plays the scenarios beside it."""


def written(text: dict[str, str], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in text.items():
        (folder / name).write_text(content, "utf-8")
    (folder / "no.jsonl").write_text("", "utf-8")
    (folder / "next.yaml").write_text(SOUND["boats.yaml"].replace("version: 1", "version: 2"), "utf-8")


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def at_hand(procdef: Procdef) -> Procdef:
    """The command line, in a folder with a sound file of each kind."""
    written(SOUND, Path())
    return procdef


def test_there_is_a_file_of_each_kind() -> None:
    assert [text.partition("\n")[0] for text in SOUND.values()] == [kind.begins for kind in KINDS]


def test_a_folder_is_checked_whole(at_hand: Procdef) -> None:
    Path("compose.yaml").write_text("services: {}\n", "utf-8")
    code, out, complaint = at_hand("check", ".")
    assert (code, complaint) == (0, "passed over 1 file without `procdef:`: compose.yaml\n")
    assert one_line(out).startswith("6 files checked, nothing found plan.yaml: a plan;")


def test_what_is_wrong_in_a_folder_is_told_of_each_file(at_hand: Procdef) -> None:
    written({name: SOUND[name].replace(*MISSPELT[name]) for name in SOUND if name != "boats.yaml"}, Path())
    written({"faulty.yaml": SOUND["boats.yaml"].replace(*MISSPELT["boats.yaml"])}, Path())
    code, out, complaint = at_hand("check", ".")
    assert (code, complaint) == (1, "")
    told = sorted(TOLD[name].replace("boats.yaml", "faulty.yaml") for name in SOUND)
    assert [line for line in out.splitlines() if ": error: " in line] == [
        next(line for line in out.splitlines() if line.startswith(each)) for each in told
    ]


@pytest.mark.parametrize("name", SOUND)
def test_a_file_alone_is_checked(at_hand: Procdef, name: str) -> None:
    assert at_hand("check", name, "--quiet") == (0, "", "")
    written({name: SOUND[name].replace(*MISSPELT[name])}, Path())
    code, out, _ = at_hand("check", name)
    assert (code, out[: len(TOLD[name])], out.count(": error: ")) == (1, TOLD[name], 1)


@pytest.mark.parametrize("name", SOUND)
def test_a_file_without_its_first_line_is_told_which_it_lacks(at_hand: Procdef, name: str) -> None:
    first, _, rest = SOUND[name].partition("\n")
    written({"sub-" + name: rest}, Path())
    for given in ("sub-" + name, "."):
        code, out, _ = at_hand("check", given)
        assert (code, out.count(": error: ")) == (1, 1), out
        assert out.startswith(f"sub-{name}:1:1: error: the first line is missing; a "), out
        assert f" begins with `{first}` [missing-key]" in out


@pytest.mark.parametrize(
    ("command", "name"), [(command, name) for command, taken in TAKES.items() for name in SOUND if name != taken]
)
def test_another_kind_of_file_is_named_in_one_line(at_hand: Procdef, command: str, name: str) -> None:
    if command.startswith("test") and name == "boats.yaml":
        assert at_hand(*command.format(name).split())[0] == 0
        return
    code, out, complaint = at_hand(*command.format(name).split())
    assert (code, out, complaint.count("rror")) == (2, "", 1), complaint
    assert one_line(complaint).endswith(USED[name]), complaint


@pytest.mark.parametrize(
    ("written_as", "told"),
    [
        ("to: 1", 'plan.yaml:3:7: error: the deals are in version 1 already'),
        ("to: 2\nfields: {fax: phone, telex: phone}", "plan.yaml:5:29: error: \"fax\" becomes \"phone\" too"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_plan_whichever_versions_there_are_is_told(
    procdef: Procdef, written_as: str, told: str
) -> None:
    written({"plan.yaml": SOUND["plan.yaml"].partition("to:")[0] + written_as + "\n"}, Path("plans"))
    code, out, _ = procdef("check", "plans")
    assert (code, out.count("error:")) == (1, 1), out
    assert out.startswith(f"plans/{told}"), out
