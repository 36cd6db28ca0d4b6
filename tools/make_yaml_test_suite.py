#!/usr/bin/env python3
"""Write the cases of the YAML test suite into one file, as tests/unit/language/test_yaml_test_suite.py reads them.

git clone -b data https://github.com/yaml/yaml-test-suite SUITE
python3 tools/make_yaml_test_suite.py SUITE > tests/unit/language/yaml_test_suite/cases.jsonl

A case is ``{id, name, yaml}`` and, where the suite has them, ``json`` (the documents that the text means, as the suite
writes them) and ``error`` (true: the text is no YAML).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

INDEXES = {"name", "tags"}  # links to the cases


def cases(suite: Path) -> Iterator[dict[str, Any]]:
    for text in sorted(suite.rglob("in.yaml")):
        folder = text.parent.relative_to(suite)
        if folder.parts[0] not in INDEXES:
            yield {"id": folder.as_posix(), **case(text.parent)}


def case(folder: Path) -> dict[str, Any]:
    told = {"name": (folder / "===").read_text("utf-8").strip(), "yaml": written(folder / "in.yaml")}
    if (folder / "error").exists():
        return told | {"error": True}
    return told | ({"json": written(folder / "in.json")} if (folder / "in.json").exists() else {})


def written(file: Path) -> str:
    return file.read_bytes().decode("utf-8")


if __name__ == "__main__":
    for found in cases(Path(sys.argv[1])):
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
