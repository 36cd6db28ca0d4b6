"""Every file of ``golden/err`` gives exactly the findings beside it; every file of ``golden/ok`` keeps its rule.

Most are processes; those of rules on scenarios test a process beside them, and those of ``golden/against_versions`` are plans
and directories of people, held against the versions of a process that stand there.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from procdef.checking import check
from procdef.language.check import Prover
from procdef.language.rules import BY_CODE
from procdef.proof import findings
from procdef.render.findings import text

GOLDEN = Path(__file__).parent / "golden"
AGAINST = GOLDEN / "against_versions"


@pytest.fixture(scope="module")
def found_in() -> Any:
    """What tells of everything that is wrong in a file of ``golden/against_versions``, by its code."""
    return runpy.run_path(str(Path(__file__).parents[1] / "tools" / "make_diagnostics.py"))["found_in"]


def prover_of(path: Path) -> Prover | None:
    """What looks for more than the rules do, in a file that is named after something proved."""
    code = next((code for code in BY_CODE if path.stem == code or path.stem.startswith((f"{code}-", f"{code}."))), None)
    return findings if code is not None and BY_CODE[code].family == "proof" else None


def findings_of(path: Path) -> str:
    source = path.read_bytes().decode("utf-8", "replace")
    shown = text(check(path, prove=prover_of(path)), {str(path): source})
    return shown.replace(str(path), path.name)


@pytest.mark.parametrize("path", sorted((GOLDEN / "err").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_faulty_file_gives_exactly_these_findings(path: Path, request: pytest.FixtureRequest) -> None:
    expected = path.with_suffix(".out")
    found = findings_of(path)
    if request.config.getoption("--update-golden"):
        expected.write_text(found, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == found


@pytest.mark.parametrize("path", sorted((GOLDEN / "ok").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_sound_file_keeps_the_rule_that_it_is_named_after(path: Path) -> None:
    code = path.stem.split(".")[0].replace("_", "-")
    assert code not in {finding.code for finding in check(path, prove=prover_of(path))}


@pytest.mark.parametrize("path", sorted((AGAINST / "err").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_does_not_fit_its_versions_gives_exactly_these_findings(
    path: Path, found_in: Any, request: pytest.FixtureRequest
) -> None:
    found = text(found_in(path.stem, path), {str(path): path.read_text("utf-8")}).replace(str(path), path.name)
    if request.config.getoption("--update-golden"):
        path.with_suffix(".out").write_text(found, encoding="utf-8")
    assert path.with_suffix(".out").read_text(encoding="utf-8") == found


@pytest.mark.parametrize("path", sorted((AGAINST / "ok").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_fits_its_versions_gives_no_findings(path: Path, found_in: Any) -> None:
    assert found_in(path.stem, path) == []
