"""A version of a process put on record, once and for all."""

from __future__ import annotations

from procdef.commands import Actor
from procdef.engine.definition_cache import reference
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument, VersionExists
from procdef.events.types import definition_published, log_created
from procdef.model import ProcessDefinition
from procdef.store.port import Tx
from procdef.store.queries import Definitions, LastEvent
from procdef.store.rows import DefinitionRow
from procdef.version import __version__


def publish(unit: UnitOfWork, definition: ProcessDefinition, by: Actor, moment: str) -> bool:
    """Queue the definition and the event that tells of it; false when it was there already.

    The first one begins the log. Raises ``VersionExists`` when that version is stored with other content.
    """
    for row in unit.tx.scan(Definitions(id=definition.id)):
        if row.sha256 == definition.sha256:
            return False
        if row.version == definition.version:
            raise VersionExists(
                f"{definition.name} is published with other content; give the changed file the next version",
                f"{definition.id}@{definition.version}",
            )
    begin_log(unit, by, moment)
    unit.aside(f"definition:{definition.id}", (definition_published.EVENT.entry(reference(definition)),), by, moment)
    unit.definitions.append(
        DefinitionRow(definition.sha256, definition.id, definition.version, definition.lang, definition.source)
    )
    return True


def refuse_superseded(tx: Tx, definition: ProcessDefinition) -> None:
    """Raises ``InvalidArgument`` where a later version of the process is published."""
    newest = max((row.version for row in tx.scan(Definitions(id=definition.id))), default=0)
    if newest > definition.version:
        raise InvalidArgument(
            f"{definition.name} is superseded, v{newest} is published; run that, or say that the superseded version is meant",
            "superseded",
        )


def begin_log(unit: UnitOfWork, by: Actor, moment: str) -> None:
    """Queue the first event of a log that has none yet."""
    if next(iter(unit.tx.scan(LastEvent("system"))), None) is None:
        data = {"software": f"procdef {__version__}", "sealed": True}
        created = log_created.EVENT.entry({**data, "simulated": True} if unit.simulated else data)
        unit.aside("system", (created,), by, moment)
