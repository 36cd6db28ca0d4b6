"""An export is there whole or not at all, says what it is, and is on record."""

from __future__ import annotations

import errno
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from awkward import AWKWARD, MANAGER, Exporter

from procdef import Engine, InvalidArgument, StoreError
from procdef.audit.export import FORMATS, Format
from procdef.audit.export import recorded_export as module
from procdef.audit.export.exported_events import ExportTally, Selection
from procdef.store.port import Store
from procdef.store.queries import Events
from procdef.verification import Tally as Verified
from procdef.verification import verify
from procdef.whole_file import beside


def last(store: Store) -> dict[str, object]:
    with store.transaction(write=False) as tx:
        *_, row = tx.scan(Events("system"))
    event: dict[str, object] = json.loads(row.body)
    return event


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "parquet" or find_spec("pyarrow")])
def test_what_lies_beside_a_file_tells_what_it_is(form: str, exporting: Exporter, store: Store) -> None:
    with store.transaction(write=False) as tx:
        tree, log = tx.tree, tx.log
    path, about = exporting(form, AWKWARD[1], since="2026-03-02T08:00:00.000000Z")
    assert json.loads(path.with_name(f"{path.name}.about.json").read_text("utf-8")) == about
    assert about["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert about["checkpoint"] == {"size": tree.size, "root": tree.root.hex()}
    assert (about["log"], about["made"], about["format"]) == (log, "2026-07-01T00:01:00.000001Z", form)
    assert about["filter"]["from"] == "2026-03-02T08:00:00.000000Z"
    assert [stream[:5] for stream in about["filter"]["deals"]] == ["deal:"]
    assert about["rows"] == 6


def test_an_export_is_logged_without_a_name(exporting: Exporter, store: Store) -> None:
    _, about = exporting("csv", AWKWARD[1], personal=True)
    event = last(store)
    expected = {"what": "export csv", "filter": about["filter"], "rows": about["rows"], "sha256": about["sha256"]}
    assert (event["type"], event["data"], event["n"]) == ("log.exported", expected, about["recorded"]["n"])
    assert AWKWARD[1] not in json.dumps(event)
    with store.inspect() as tx:
        assert [found.stream for found in verify(tx, Verified()) if found.stream == "system"] == []


class _Sealed:
    """A store that can only be read."""

    writable = False

    def __init__(self, store: Store) -> None:
        self.transaction = store.transaction


def test_an_export_of_a_log_that_may_not_be_written_says_that_it_is_not_recorded(store: Store, tmp_path: Path) -> None:
    sealed: Store = _Sealed(store)  # type: ignore[assignment]
    about = module.export(Engine(sealed), "csv", tmp_path / "x.csv", Selection(), (), ExportTally(), by=MANAGER)
    assert about["recorded"] == "not recorded"
    assert last(store)["type"] != "log.exported"


def _breaking(error: BaseException) -> Format:
    def write(events: Iterator[object], source: object, path: Path) -> None:
        path.write_bytes(b"half")
        next(events)
        raise error

    return Format(write)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device"), ValueError()])
def test_nothing_is_left_of_an_export_that_did_not_end(
    error: BaseException, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.suffix == ".csv"}
    path = tmp_path / "kept.csv"
    path.write_text("from before")
    monkeypatch.setattr(module, "FORMATS", {"csv": _breaking(error)})
    with pytest.raises(type(error)) as raised:
        module.export(Engine(store), "csv", path, Selection(), (), ExportTally(), by=MANAGER, force=True)
    assert path.read_text() == "from before"
    assert {found.name for found in tmp_path.iterdir() if "csv" in found.name} == {"kept.csv", *before}
    assert last(store)["type"] != "log.exported"
    if isinstance(error, OSError):
        assert raised.value.filename == str(path)


def test_an_export_that_the_log_does_not_take_leaves_no_file(store: Store, tmp_path: Path) -> None:
    class Full(Engine):
        def exported(self, *_: object, **__: object):
            raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        module.export(Full(store), "csv", tmp_path / "x.csv", Selection(), (), ExportTally(), by=MANAGER)
    assert [path for path in tmp_path.iterdir() if "csv" in path.name] == []


@pytest.mark.parametrize("force", [False, True])
def test_a_file_goes_nowhere_that_a_link_leads(force: bool, store: Store, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "real" / "x.csv")
    with pytest.raises(InvalidArgument, match="is a link to another file"):
        module.export(Engine(store), "csv", tmp_path / "link.csv", Selection(), (), ExportTally(), by=MANAGER, force=force)
    assert list((tmp_path / "real").iterdir()) == []


def test_a_file_takes_the_place_of_none_unasked(store: Store, tmp_path: Path) -> None:
    for name in ("x.csv", "y.csv.about.json"):
        (tmp_path / name).write_text("somebody's")
        path, before = tmp_path / name.removesuffix(".about.json"), last(store)
        with pytest.raises(InvalidArgument, match=f"{name} is there already; name another file, or replace it"):
            module.export(Engine(store), "csv", path, Selection(), (), ExportTally(), by=MANAGER)
        assert (tmp_path / name).read_text() == "somebody's"
        assert last(store) == before
        module.export(Engine(store), "csv", path, Selection(), (), ExportTally(), by=MANAGER, force=True)
        assert (tmp_path / name).read_text() != "somebody's"
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_one_still_writes_is_not(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from procdef.whole_file import beside\n"
        "with beside(Path(sys.argv[1])) as part:\n part.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "x.csv"], check=False)
    (left,) = tmp_path.iterdir()
    assert left.suffix == ".part"
    (tmp_path / ".procdef-link.part").symlink_to(tmp_path / "kept")
    (tmp_path / "kept").write_text("kept")
    with beside(tmp_path / "a.csv") as first, beside(tmp_path / "b.csv") as second:
        assert not left.exists()
        assert first.exists()
        assert second.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"kept", ".procdef-link.part"}


@pytest.mark.parametrize(
    ("name", "said"), [("no/x.csv", "does not exist"), (".", "is no file"), ("/dev/null", "is no file")]
)
def test_a_place_that_cannot_hold_a_file_is_refused(name: str, said: str, store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=said):
        module.export(Engine(store), "csv", tmp_path / name, Selection(), (), ExportTally(), by=MANAGER)


def test_a_file_is_its_owners_only(tmp_path: Path) -> None:
    with beside(tmp_path / "x") as part:
        assert part.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []
