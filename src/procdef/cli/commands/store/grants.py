"""``procdef store grants``."""

from __future__ import annotations

import click

from procdef.cli.commands.store.named_store import is_server, named, url_argument
from procdef.cli.global_options import shared
from procdef.cli.output import echo
from procdef.errors import InvalidArgument

_KINDS = ("writer", "reader", "auditor", "eraser")


@click.command("grants")
@url_argument
@click.option("--writer", metavar="ROLE", help="Takes steps; no event can be changed or deleted by it.")
@click.option("--reader", metavar="ROLE", help="Reads events and figures, with what deals are worth; no other personal value.")
@click.option("--auditor", metavar="ROLE", help="Reads everything, and writes nothing.")
@click.option("--eraser", metavar="ROLE", help="Takes steps, and erases personal values.")
@click.option("--distributed", is_flag=True, help="For tables that `procdef store distribute` distributed.")
@shared("text")
def grants(url: str | None, distributed: bool, **roles: str | None) -> None:
    """Print the SQL that gives roles of PostgreSQL what they need, and nothing more.

    The roles are there already (CREATE ROLE). The tables' owner runs what is printed, again after each upgrade. Nothing is
    changed, and no server is asked.
    """
    from procdef.store.postgres.address import postgres_address
    from procdef.store.postgres.grants import grants_of

    now = named(url)
    if not is_server(now):
        raise InvalidArgument(
            "a SQLite file has no roles: who may use it is said by the permissions of the file and its folder"
        )
    if not any(roles.values()):
        raise click.UsageError("name at least one role: --writer, --reader, --auditor or --eraser")
    named_roles = {kind: role for kind in _KINDS if (role := roles[kind])}
    for line in grants_of(postgres_address(now.db).schema, named_roles, distributed=distributed):
        echo(line)
