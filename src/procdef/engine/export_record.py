"""An export put on record, so that the log tells what left it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from procdef.commands import Actor
from procdef.engine.arguments import count
from procdef.engine.projected_rows import event_row
from procdef.engine.publishing import begin_log
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument
from procdef.events.types import log_exported
from procdef.log.envelope import is_hash
from procdef.log.event import Data
from procdef.store.rows import EventRow


def told_export(what: object, scope: object, rows: object, digest: object) -> Data:
    """What the event tells of an export. Raises ``InvalidArgument`` for what it cannot hold, a free text above all."""
    if not isinstance(what, str) or re.fullmatch(log_exported.WORDS, what) is None:
        raise InvalidArgument(
            "what left the log is `proof`, `person`, or `export` and the name of a format, as in `export csv`; no free text, "
            "for the log keeps it for ever",
            "what",
        )
    told = dict(scope) if isinstance(scope, Mapping) else None
    if told is None or not log_exported.is_filter(told):
        raise InvalidArgument(
            "`scope` says `with_personal`, true or false, and where it was not the whole log `deals` by their streams, and "
            "`from` and `to` as the log writes times",
            "scope",
        )
    if not is_hash(digest):
        raise InvalidArgument("`digest` is the SHA-256 of what left the log: 64 hexadecimal digits, in small letters", "digest")
    return {"what": what, "filter": told, "rows": count(rows, "rows", 0), "sha256": digest}


def log_export(unit: UnitOfWork, data: Data, by: Actor, moment: str) -> EventRow:
    """Queue the event that tells of an export; as it will be stored."""
    begin_log(unit, by, moment)
    (written,) = unit.aside("system", (log_exported.EVENT.entry(data),), by, moment)
    return event_row(written)
