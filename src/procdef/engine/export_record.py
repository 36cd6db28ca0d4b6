"""An export put on record, so that the log tells what left it."""

from __future__ import annotations

import re

from procdef.commands import Actor
from procdef.engine.projected_rows import event_row
from procdef.engine.publishing import begin_log
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument
from procdef.events.types import log_exported
from procdef.log.event import Data
from procdef.store.rows import EventRow


def log_export(unit: UnitOfWork, data: Data, by: Actor, moment: str) -> EventRow:
    """Queue the event that tells of an export; as it will be stored. Raises ``InvalidArgument`` for a free text."""
    if not isinstance(data["what"], str) or re.fullmatch(log_exported.WORDS, data["what"]) is None:
        raise InvalidArgument(
            "what left the log is `proof`, `person`, or `export` and the name of a format, as in `export csv`; no free text, "
            "for the log keeps it for ever"
        )
    begin_log(unit, by, moment)
    (written,) = unit.aside("system", (log_exported.EVENT.entry(data),), by, moment)
    return event_row(written)
