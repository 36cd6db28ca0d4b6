"""``procdef store rebuild-tree``."""

from __future__ import annotations

import json

import click

from procdef.cli.commands.audit.held_notes import note_in
from procdef.cli.commands.store.named_store import is_server, named, url_argument
from procdef.cli.global_options import shared
from procdef.cli.output import echo
from procdef.cli.progress import progress
from procdef.errors import InvalidArgument


@click.command("rebuild-tree")
@url_argument
@click.option("--note", "notes", multiple=True, type=click.Path(), help="A note that somebody holds; may be repeated.")
@shared()
def rebuild_tree(url: str | None, notes: tuple[str, ...]) -> None:
    """Make the tree of a log in PostgreSQL anew from its leaves, where somebody wrote something else in its place.

    Each leaf is held against its event first, and the tree against the notes that are stored and those of --note: where one
    does not hold, nothing is changed, nor where a stored one is unreadable or unsigned, unless a note of --note is over as
    many events. No event is touched. Steps go on meanwhile. The owner of the tables alone may do this.
    """
    from procdef.store.postgres.rebuilding import rebuilt
    from procdef.store.postgres.store import PostgresStore

    now = named(url)
    if not is_server(now):
        raise InvalidArgument(
            "nobody can write the tree of a SQLite file alone: who changed it could change all of it; "
            "look at what `procdef audit verify` names, and restore a backup"
        )
    held, done = [note_in(each) for each in notes], [0]

    def seen(leaves: int) -> None:
        done[0] = leaves

    store = now.store()
    assert isinstance(store, PostgresStore)
    with progress("holding leaves against events", now, lambda: done[0]):
        made = rebuilt(store, held, seen)
    root = made.tree.root.hex()
    if now.json:
        was = {"size": made.size, "root": made.was.root.hex() if made.was else None}
        told = {"log": store.log, "changed": made.changed, "was": was, "is": {"size": made.tree.size, "root": root}}
        echo(json.dumps({**told, "nodes": made.nodes, "notes": made.notes}))
        return
    if made.was != made.tree:
        before = f" the root {made.was.root.hex()}," if made.was else " a frontier that does not fit,"
        now.show(
            f"the tree was over {made.size} event{'s' * (made.size != 1)}{',' * (made.was is None)} with{before} "
            f"and is over {made.tree.size} with the root {root}, as its leaves make it"
        )
    if made.nodes:
        now.show(f"nodes of the tree that lacked or were others: {made.nodes}; they are as its leaves make them")
    if not made.changed:
        now.say(f"the tree is that of its {made.tree.size} leaves, with the root {root}; nothing was changed")
    count = f"{made.notes} note{'s' * (made.notes != 1)}" if made.notes else "no note, as there is none"
    now.say(f"the tree was held against {count}")
