"""A file that may not grow any more: nothing of the export is left, in any format, and the message names the file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from procdef.audit.export import FORMATS

EXPORT = """
import resource, sys
from pathlib import Path
from procdef import Actor, Engine, StoreError, open_store
from procdef.audit.export.recorded_export import export
from procdef.audit.export.exported_events import Selection, ExportTally

database, form, path = sys.argv[1:]
if form == "parquet":
    import pyarrow.parquet
engine = Engine(open_store(f"sqlite:///{database}"))
list(engine.deals())
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
try:
    export(engine, form, Path(path), Selection(personal=True), (), ExportTally(), by=Actor("maija"), force=True)
except (OSError, StoreError) as error:
    print(error)
"""


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "parquet" or find_spec("pyarrow")])
def test_nothing_is_left_where_the_disk_is_full(form: str, told: Path, tmp_path: Path) -> None:
    database, path = tmp_path / "deals.db", tmp_path / "out" / "deals"
    shutil.copy(told, database)
    path.parent.mkdir()
    path.write_text("from before")
    command = [sys.executable, "-c", EXPORT, database, form, path]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(path) in done.stdout or "the export cannot be written" in done.stdout
    assert [found.name for found in path.parent.iterdir()] == ["deals"]
    assert path.read_text() == "from before"
