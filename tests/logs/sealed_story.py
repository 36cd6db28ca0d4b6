"""The story with all that came to logs after it: keys, notes, erasures, exports. ``python tests/logs/sealed_story.py
FOLDER`` writes it as a release keeps it for later ones to verify."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from story import MANAGER, SELLER, Clock, tell

from procdef import Engine, open_store
from procdef.audit.export.exported_events import ExportTally, Selection
from procdef.audit.export.recorded_export import export
from procdef.log.checkpoint import origin
from procdef.log.signed_note import Signer

ERASED = "Anna Virtanen, Öljy"


def tell_sealed(folder: Path) -> None:
    """Write ``sealed.sqlite``, and the notes ``early.note`` and ``late.note`` that somebody held."""
    file = folder / "sealed.sqlite"
    with closing(open_store(f"sqlite:///{file}?synchronous=NORMAL")) as store:
        tell(store)
        clock = Clock()
        clock.now = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
        engine = Engine(store, clock=clock)
        first, second = (Signer(origin(store.log), bytes([byte] * 32)) for byte in (1, 2))
        engine.rekey(first, by=MANAGER)
        (folder / "early.note").write_text(str(engine.checkpoint(first)), "utf-8")
        engine.erase("B", by=MANAGER, basis="ticket/88")
        with TemporaryDirectory() as aside:
            export(engine, "csv", Path(aside) / "events.csv", Selection(), (), ExportTally(), by=MANAGER)
        engine.rekey(second, old=first, by=MANAGER)
        engine.erase(ERASED, ["email", "contacts"], by=MANAGER, basis="art-17")
        Engine(store, clock=lambda: datetime(2026, 7, 1, tzinfo=UTC)).clock_was_wrong(by=MANAGER)
        (folder / "late.note").write_text(str(engine.checkpoint(second)), "utf-8")
        engine.note("C", "After the last note", by=SELLER)
    with closing(sqlite3.connect(file)) as log:
        log.execute("PRAGMA journal_mode = DELETE")


if __name__ == "__main__":
    tell_sealed(Path(sys.argv[1]))
