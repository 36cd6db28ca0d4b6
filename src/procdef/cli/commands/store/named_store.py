"""The store that a command of ``procdef store`` is about."""

from __future__ import annotations

from dataclasses import replace

import click

from procdef.cli.global_options import Settings, settings

url_argument = click.argument("url", required=False, metavar="[URL]")
"""The argument that names it in place of ``--db``."""


def named(url: str | None) -> Settings:
    """The settings with that store."""
    now = settings()
    return now if url is None else replace(now, db=url)


def is_server(now: Settings) -> bool:
    """Whether the store is in PostgreSQL."""
    from procdef.store.address import is_postgres

    return is_postgres(now.db)
