"""``procdef demo`` tells the whole story, and leaves nothing behind but the pages that it names."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Demo


def test_demo_runs_from_an_empty_folder_and_keeps_nothing_but_its_pages(demo: Demo) -> None:
    assert demo.complained == ""
    assert "events verified: the log is clean" in demo.told
    assert list(demo.here.iterdir()) == []
    (folder,) = demo.temporary.iterdir()
    assert f"Pages to look at, in {folder}:" in demo.told
    named = re.findall(r"^   (\w+\.html) ", demo.told, re.MULTILINE)
    assert sorted(named) == sorted(page.name for page in folder.iterdir()) == ["casefile.html", "playbook.html", "report.html"]
    assert all(page.read_text("utf-8").endswith("</html>\n") for page in folder.iterdir())
    refused = demo.told.partition("4. A refused step")[2].partition("\n5. ")[0]
    assert "cannot advance from closing" in refused
    assert refused.count("\n     - ") >= 4


def test_demo_fits_a_narrow_terminal_but_for_the_commands_to_copy(tmp_path: Path) -> None:
    surroundings = {**os.environ, "COLUMNS": "60"}
    done = subprocess.run(
        [sys.executable, "-m", "procdef", "demo"], cwd=tmp_path, capture_output=True, text=True, env=surroundings
    )
    assert [line for line in done.stdout.splitlines() if len(line) > 60 and not line.startswith("  procdef ")] == []


def test_the_pages_go_to_a_folder_that_was_named_and_are_of_the_story_s_own_time(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "procdef", "demo", "--pages", "pages", "--lang", "fi", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    report = (tmp_path / "pages" / "report.html").read_text("utf-8")
    assert '<html lang="fi"' in report
    assert "2025-07-01 – 2025-09-09" in report
    assert "2026" not in re.findall(r"<header.*?</header>", report, re.DOTALL)[0]


@pytest.mark.parametrize("name", ["report.html", "casefile.html"])
def test_no_page_takes_the_place_of_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    command = [sys.executable, "-m", "procdef", "demo", "--pages", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{name} is there already" in done.stderr
    assert [(file.name, file.read_text("utf-8")) for file in tmp_path.iterdir()] == [(name, "mine")]
