"""What stands under an auditor's rows, as people read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MADE_UP = "a simulated log: its deals are made up, and nobody ever worked on them"


def about_text(about: Mapping[str, Any]) -> str:
    """The totals, then what the rows are: the state of the log, the time, the filter, how many, and their SHA-256."""
    lines = [_total(name, value) for name, value in about.get("totals", {}).items()]
    return "\n".join([*([""] if about["rows"] else []), *lines, origin_text(about, "the rows of --format json")])


def origin_text(about: Mapping[str, Any], over: str) -> str:
    """What rows are: how many, by which filter, from which state of which log, and their SHA-256, which is ``over`` that."""
    check, rows = about["checkpoint"], about["rows"]
    made_up = [MADE_UP] if about.get("simulated") else []
    return "\n".join([
        *made_up,
        f"{about['what']}: {rows} row{'s' * (rows != 1)}, filter {json.dumps(about['filter'], ensure_ascii=False)}",
        f"made {about['made']} from log {about['log']}",
        f"checkpoint {check['size']} {check['root'] or 'no tree'}",
        f"SHA-256 {about['sha256']} over {over}",
    ])  # fmt: skip


def counted_from(about: Mapping[str, Any]) -> str:
    """Which log figures were counted from, in a line; first that it is simulated, where it is."""
    of = f"from the {about['checkpoint']['size']} events of log {about['log']}"
    told = f"{of}; --format json has the checkpoint and a SHA-256"
    return f"{MADE_UP}\n{told}" if about.get("simulated") else told


def _total(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    if isinstance(value, Mapping):
        return f"{words}: " + (", ".join(f"{key} {count}" for key, count in value.items()) or "none")
    return f"{words}: {value}"
