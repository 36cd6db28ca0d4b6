"""An export whole: the file, what it is beside it, and the log's own word of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from procdef.audit.export import FORMATS, Source
from procdef.audit.export.exported_events import ExportTally, Selection, exported, streams_of
from procdef.audit.export.rising_times import rising
from procdef.commands import Actor
from procdef.engine import Engine, utc_now
from procdef.log.event import timestamp
from procdef.store.sealed_reading import seal_first
from procdef.whole_file import beside, secured, settle, target

NOT_RECORDED = "not recorded"
"""What stands in place of the event that tells of an export, where the log cannot be written to."""

About = dict[str, Any]


def about_file(path: Path) -> Path:
    """Where the description of an export lies."""
    return path.with_name(f"{path.name}.about.json")


def export(
    engine: Engine,
    form: str,
    path: Path,
    selection: Selection,
    deals: Iterable[str],
    tally: ExportTally,
    *,
    by: Actor,
    force: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> About:
    """Write the events asked for into ``path``, what they are beside it, and that they left into the log. With ``force`` they
    replace files that are there.

    ``deals`` are names; with none of them all deals are told of. Both files appear when both are whole and the log has
    its event: before that, nothing can be taken for an export. Returns what stands in the file beside.
    """
    path = target(path, "export", force=force, database=form == "ocel-sqlite")
    target(about_file(path), "export", force=force)
    with beside(path) as part:
        seal_first(engine.store)
        with engine.store.transaction(write=False) as tx:
            selection = replace(selection, deals=streams_of(tx, deals))
            tree = tx.tree
            source = Source(tx.log, tree.size, tree.root.hex(), selection.personal)
            chosen = FORMATS[form]
            asides = chosen.asides and not selection.deals
            chosen.write(rising(exported(tx, selection, tally, asides=asides)), source, part)
        digest = _digest(secured(part))
        about: About = {
            "file": path.name, "format": form, "made": timestamp(clock()), "log": source.log,
            "checkpoint": {"size": source.size, "root": source.root}, "filter": selection.shown,
            "deals": tally.deals, "rows": tally.rows, "sha256": digest,
        }  # fmt: skip
        about["recorded"] = _recorded(engine, form, about, by)
        with beside(about_file(path)) as told:
            told.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
            settle(secured(told), about_file(path), force=force)
        settle(part, path, force=force)
    return about


def _recorded(engine: Engine, form: str, about: About, by: Actor) -> About | str:
    if not engine.store.writable:
        return NOT_RECORDED
    event = engine.exported(f"export {form}", about["filter"], about["rows"], about["sha256"], by=by)
    return {"stream": event.stream, "n": event.n, "hash": event.hash}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
