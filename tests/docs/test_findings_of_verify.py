"""Every code that verification gives stands on the page about the log, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from procdef.audit.format import UNMET
from procdef.decide.wording import _PLAIN

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "log.md").read_text("utf-8")


def codes_in_the_source() -> set[str]:
    """The first argument of every ``Irregularity(...)``, and those given to ``stop``."""
    found = set()
    for file in [*(ROOT / "src/procdef/replay").glob("*.py"), ROOT / "src/procdef/audit/verify.py"]:
        for call in (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in ("Irregularity", "stop"):
                found |= {a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return {code for code in found if re.fullmatch(r"[a-z]+(-[a-z]+)*", code)} - {"log", "system"}


def table(heading: str) -> set[str]:
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = (line.split("|")[1] for line in part.splitlines() if line.startswith("| `"))
    return {code for cell in cells for code in re.findall(r"`([a-z-]+)`", cell)}


def test_the_table_of_findings_is_complete() -> None:
    assert table("Findings") == codes_in_the_source()


def test_the_table_of_what_is_unmet_is_complete() -> None:
    assert table("What an unmet item is about") == UNMET
    assert set(_PLAIN) <= UNMET
