"""A file that is no database is never written over."""

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
