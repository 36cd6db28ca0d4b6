"""What stands under an auditor's rows, as people read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def about_text(about: Mapping[str, Any]) -> str:
    """The totals, then what the rows are: the state of the log, the time, the filter, how many, and their SHA-256."""
    check, rows = about["checkpoint"], about["rows"]
    lines = [_total(name, value) for name, value in about.get("totals", {}).items()]
    return "\n".join([
        *([""] if rows else []),
        *lines,
        f"{about['what']}: {rows} row{'s' * (rows != 1)}, filter {json.dumps(about['filter'], ensure_ascii=False)}",
        f"made {about['made']} from log {about['log']}",
        f"checkpoint {check['size']} {check['root']}",
        f"SHA-256 {about['sha256']} over the rows of --format json",
    ])  # fmt: skip


def _total(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if isinstance(value, Mapping):
        return f"{words}: " + (", ".join(f"{key} {count}" for key, count in value.items()) or "none")
    return f"{words}: {value}"
