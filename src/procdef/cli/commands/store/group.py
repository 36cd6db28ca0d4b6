"""``procdef store``."""

from __future__ import annotations

import click

from procdef.cli.commands.store.backup import backup
from procdef.cli.commands.store.copy import copy
from procdef.cli.commands.store.grants import grants
from procdef.cli.commands.store.rebuild_tree import rebuild_tree
from procdef.cli.commands.store.restore import restore
from procdef.cli.commands.store.seal import seal
from procdef.cli.commands.store.tables import check, distribute, init, upgrade
from procdef.cli.global_options import shared


@click.group("store")
@shared()
def command() -> None:
    """The database that keeps the log: make, check and upgrade its tables, seal what waits, and say who may do what.

    URL names it, as postgresql://host/database, or the path of a SQLite file; without one it is that of --db.
    """


for part in (backup, check, copy, distribute, grants, init, rebuild_tree, restore, seal, upgrade):
    command.add_command(part)
