"""Bytes on a command line that are no UTF-8, as a terminal of another encoding sends them, are told of in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Procdef = Callable[..., tuple[int, str, str]]
NO_TEXT = "\udcff"


@pytest.mark.parametrize(
    "command",
    [
        "audit export --format csv -o a.csv --deal {}", "audit proof {} -o a.zip", "audit replay {}", "audit inclusion {} 1",
        "audit sample --seed {}", "store copy procdef.db {}.db", "audit definitions --diff {}@1 office@1",
    ],
)  # fmt: skip
def test_it_is_told_and_nothing_is_written(office: Procdef, tmp_path: Path, command: str) -> None:
    before = sorted(tmp_path.iterdir())
    code, out, err = office(*(word.format(NO_TEXT) for word in command.split()))
    assert (code, out, len(err.splitlines()[-1:])) == (2, "", 1)
    assert "write" in err or "rename it" in err
    assert sorted(tmp_path.iterdir()) == before
