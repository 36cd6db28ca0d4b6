"""Which version of a process was the newest at an earlier time."""

from __future__ import annotations

import json
from collections.abc import Sequence

from procdef.engine import Engine
from procdef.events.types import definition_published
from procdef.model import ProcessDefinition
from procdef.store.queries import Events


def newest_before(engine: Engine, versions: Sequence[ProcessDefinition], then: str) -> ProcessDefinition:
    """The highest version that there was at that time; the one of now where there was none, as what an import brought may be
    older than what it is of."""
    with engine.store.transaction(write=False) as tx:
        rows = tx.scan(Events(f"definition:{versions[0].id}", type=definition_published.EVENT.name))
        known = {json.loads(row.body)["data"]["sha256"] for row in rows if row.recorded < then}
    published = [each for each in versions if each.sha256 in known]
    return max(published or versions, key=lambda each: each.version)
