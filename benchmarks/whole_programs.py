"""Whole runs of the command, from a cold start to its end."""

from __future__ import annotations

import compileall
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rounds import Ratio, medians, program

ROOT = Path(__file__).resolve().parent.parent


def measure() -> Iterator[Ratio]:
    """The table's lines for ``procdef check`` and ``procdef --help``."""
    compileall.compile_dir(ROOT / "src", quiet=1)  # as an installed package is; the others are
    file = ROOT / "processes" / "b2b-sales.yaml"
    schema = ROOT / "schemas" / "process.schema.json"
    contenders = {
        "check": program("-m", "procdef", "check", str(file)),
        "schema": program("-m", "check_jsonschema", "--schemafile", str(schema), str(file)),
        "help": program("-m", "procdef", "--help"),
        "click": program("-c", "import click"),
    }
    found = medians(contenders, rounds=7)
    yield Ratio("procdef check b2b-sales.yaml", "check-jsonschema, same file", found["check"], found["schema"], 0.6)
    yield Ratio("procdef --help", 'python -c "import click"', found["help"], found["click"], 1.5)
