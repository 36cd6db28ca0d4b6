"""What ``procdef audit`` hands over, read back and held against its own last line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Procdef


def sheet(procdef: Procdef, *arguments: str, exit_code: int = 0) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows and what they are; the count and the hash are made anew, and the database must be as it was."""
    before = Path("procdef.db").read_bytes()
    code, out, err = procdef("audit", *arguments, "--format", "json")
    assert (code, err) == (exit_code, "")
    assert Path("procdef.db").read_bytes() == before
    lines = out.splitlines()
    about: dict[str, Any] = json.loads(lines[-1])["about"]
    rows = "".join(f"{line}\n" for line in lines[:-1])
    assert (about["rows"], about["sha256"]) == (len(lines) - 1, hashlib.sha256(rows.encode()).hexdigest())
    assert set(about) >= {"what", "log", "checkpoint", "made", "filter"}
    return [json.loads(line) for line in lines[:-1]], about
