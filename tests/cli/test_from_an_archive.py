"""procdef works from an archive that Python imports it from, as zipapp makes one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from office import PROCESS

import procdef

_RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from procdef.cli import run
import procdef
assert procdef.__file__.startswith(sys.argv[1]), procdef.__file__
for line in sys.argv[2].splitlines():
    print("$", line, flush=True)
    code = run(line.split())
    assert code == 0, (line, code)
"""
COMMANDS = """--version
new --from b2b-sales copy.yaml
check copy.yaml office.yaml
explain trap
playbook office.yaml -o handbook.html
schema
publish office.yaml
--as maija:seller start office A-1 score=45
--as maija:seller note A-1 Hello
--as maija:seller audit proof A-1 -o bundle.zip
audit verify
demo"""


def test_every_file_that_ships_with_procdef_is_found_in_an_archive(tmp_path: Path) -> None:
    package = Path(procdef.__file__).parent
    with ZipFile(tmp_path / "procdef.zip", "w") as archive:
        for file in package.rglob("*"):
            if file.is_file() and file.suffix != ".pyc":
                archive.write(file, Path("procdef") / file.relative_to(package))
        for folder in ("schemas", "processes"):
            for file in (package.parents[1] / folder).iterdir():
                archive.write(file, Path("procdef") / folder / file.name)
    (tmp_path / "office.yaml").write_text(PROCESS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(tmp_path / "procdef.zip"), COMMANDS],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "0 findings" in done.stdout
