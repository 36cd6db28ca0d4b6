"""Every code that verification gives stands on the page about the log, and no other."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from procdef.advice.refusal_sentences import REFUSAL_CODES
from procdef.cli.commands.process.explain import command as explain
from procdef.events.types.step_refused import UNMET_CODES
from procdef.language.rules import BY_CODE
from procdef.verification.finding_meanings import MEANINGS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "log.md"


def codes_in_the_source() -> set[str]:
    """The first argument of every ``Irregularity(...)``, and those given to ``stop``."""
    found = set()
    for file in [*(ROOT / "src/procdef").rglob("*.py")]:
        for call in (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name == "Irregularity" or (name == "stop" and "reading" in ast.unparse(call.func) + file.stem):
                found |= {a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return {code for code in found if re.fullmatch(r"[a-z]+(-[a-z]+)*", code)} - {"log", "system"}


def table(heading: str) -> set[str]:
    part = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = (line.split("|")[1] for line in part.splitlines() if line.startswith("| `"))
    return {code for cell in cells for code in re.findall(r"`([a-z-]+)`", cell)}


def findings() -> str:
    rows = (f"| `{code}` | {meaning.wrong} | {meaning.may_mean} |\n" for code, meaning in MEANINGS.items())
    return "".join(["| code | what is wrong | what it may mean |\n", "|---|---|---|\n", *rows])


def test_every_finding_has_a_meaning() -> None:
    assert set(MEANINGS) == codes_in_the_source()


@pytest.mark.parametrize("code", MEANINGS)
def test_every_finding_is_explained_on_the_command_line(code: str) -> None:
    told = CliRunner().invoke(explain, [code])
    assert told.exit_code == 0
    assert MEANINGS[code].may_mean in told.output
    shown, *rules = map(json.loads, CliRunner().invoke(explain, [code, "--format", "json"]).output.splitlines())
    assert (shown["family"], shown["wrong"]) == ("verify", MEANINGS[code].wrong)
    assert [rule["code"] for rule in rules] == ([code] if code in BY_CODE else [])


def test_the_table_of_findings_is_on_the_page(request: pytest.FixtureRequest) -> None:
    before, _, rest = PAGE.read_text("utf-8").partition("<!-- findings -->\n")
    page = f"{before}<!-- findings -->\n{findings()}<!-- /findings -->\n{rest.partition('<!-- /findings -->' + chr(10))[2]}"
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page


def test_the_table_of_what_is_unmet_is_complete() -> None:
    assert table("What an unmet item is about") == set(UNMET_CODES)
    assert set(REFUSAL_CODES) == set(UNMET_CODES)
