"""``procdef demo`` tells the whole story and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path


def test_demo_runs_from_an_empty_folder_and_keeps_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "procdef", "demo"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "events verified: the log is clean" in done.stdout
    assert list(tmp_path.iterdir()) == []
    refused = done.stdout.partition("4. A refused step")[2].partition("\n5. ")[0]
    assert "cannot advance from closing" in refused
    assert refused.count("\n     - ") >= 4


def test_demo_fits_a_narrow_terminal_but_for_the_commands_to_copy(tmp_path: Path) -> None:
    surroundings = {**os.environ, "COLUMNS": "60"}
    done = subprocess.run(
        [sys.executable, "-m", "procdef", "demo"], cwd=tmp_path, capture_output=True, text=True, env=surroundings
    )
    assert [line for line in done.stdout.splitlines() if len(line) > 60 and not line.startswith("  procdef ")] == []
