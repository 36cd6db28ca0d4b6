"""A file that is no database is never written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from procdef import StoreError, open_store


@pytest.mark.parametrize("content", [b"x" * size for size in (1, 14, 15, 511, 512, 513, 5000)])
def test_a_file_of_another_kind_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"not a database.* name another file"):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("read_only", [True, False])
def test_a_pipe_or_a_device_is_refused_before_it_is_opened(read_only: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    (tmp_path / "link.db").symlink_to("/dev/zero")
    for name in ("pipe.db", "link.db"):
        with pytest.raises(StoreError, match=f"{name} is a pipe or a device; name a file for the database"):
            open_store(f"sqlite:///{tmp_path / name}", read_only=read_only)


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to("link.db")
    with pytest.raises(StoreError, match="link that leads nowhere"):
        open_store(f"sqlite:///{tmp_path}/link.db")
