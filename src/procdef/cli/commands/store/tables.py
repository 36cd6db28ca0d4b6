"""``procdef store init``, ``upgrade``, ``distribute`` and ``check``: the tables of a log."""

from __future__ import annotations

import json

import click

from procdef.cli.commands.store.named_store import is_server, named, url_argument
from procdef.cli.global_options import Settings, shared
from procdef.cli.output import echo


@click.command("init")
@url_argument
@shared()
def init(url: str | None) -> None:
    """Make the tables of an empty log, where there is none.

    In PostgreSQL in the schema of the address (?schema=procdef); the database itself has to be there. A log that is there
    already stays as it is.
    """
    now = named(url)
    if is_server(now):
        from procdef.store.postgres.setup import initialise

        made = initialise(now.db)
        _told(now, made.log, made.layout, list(made.made), made.shown, "is there already")
        return
    fresh = now.lacks_database
    with now.store(new=True) as store, store.inspect() as tx:
        _told(now, tx.log, store.layout, [store.layout] if fresh else [], now.db, "is there already")


@click.command("upgrade")
@url_argument
@shared()
def upgrade(url: str | None) -> None:
    """Bring the tables of an older log to the layout of this procdef, each step in one transaction.

    Events stay as they are. An older procdef refuses the log from then on. Make a backup before.
    """
    now = named(url)
    if is_server(now):
        from procdef.store.postgres.setup import upgrade as upgraded

        made = upgraded(now.db)
        _told(now, made.log, made.layout, list(made.made), made.shown, "is of this layout already")
        return
    with now.store(read_only=True) as store:
        before = store.layout
    with now.store() as store, store.inspect() as tx:
        made_now = list(range(before + 1, store.layout + 1))
        _told(now, tx.log, store.layout, made_now, now.db, "is of this layout already")


@click.command("distribute")
@url_argument
@click.option(
    "--shards",
    type=click.IntRange(1, 10_000),
    default=32,
    show_default=True,
    help="Into how many parts each table goes: no more servers than that can share them.",
)
@shared()
def distribute(url: str | None, shards: int) -> None:
    """Distribute the tables of a log over the servers that Citus has, each deal on one of them.

    The address is that of Citus' coordinator, as for every other command. Nobody may use the log meanwhile, and whoever has
    it open opens it again. There is no way back but `procdef store copy`. Tables that are distributed already stay as they
    are.
    """
    from procdef.store.postgres.setup import distribute as distributed

    now = named(url)
    if not is_server(now):
        raise click.UsageError(
            "a SQLite file stays on one machine: copy it to PostgreSQL with Citus (procdef store copy)"
        )
    done = distributed(now.db, shards)
    if now.json:
        echo(json.dumps({"log": done.log, "layout": done.layout, "distributed_now": bool(done.made)}))
    elif done.made:
        now.say(f"{done.shown}: distributed the tables of the log {done.log}")
    else:
        now.say(f"{done.shown}: the tables of the log {done.log} are distributed already")


@click.command("check")
@url_argument
@shared()
def check(url: str | None) -> None:
    """Hold the tables against what this procdef makes, and the indexes against the tables; what waits to be sealed.

    In PostgreSQL also: which publications hand the log on, which subscriptions write to it, which event triggers there are, and
    which roles have rights that `procdef store grants` gives to none.

    Nothing is written. With a difference the exit code is 1. What the events say is verified by `procdef audit verify`.
    """
    now = named(url)
    with now.store(read_only=True) as store, store.inspect() as tx:
        wrong = [{"expected": wanted, "found": found} for wanted, found in tx.layout_differences()]
        wrong += [{"expected": wanted, "found": found} for _, wanted, found in tx.index_differences()]
        size, waiting, log, unchecked, besides = tx.size, tx.waiting, tx.log, tx.unchecked_indexes, list(tx.besides())
    if now.json:
        waits = waiting._asdict()
        found = {"log": log, "sealed": size, "waiting": waits, "differences": wrong, "indexes_checked": unchecked is None}
        echo(json.dumps({**found, "besides": besides}, ensure_ascii=False))
    else:
        now.show(f"log {log}: {size} event{'s' * (size != 1)} sealed{_waits(waiting.events, waiting.since)}")
        for each in wrong:
            now.show(f"expected {each['expected']}; found {each['found']}")
        if not wrong:
            now.say("the tables are as this procdef makes them")
        for clause in besides:
            now.show(clause)
        if unchecked:
            now.say(f"the indexes were not held against the tables: {unchecked}")
    if wrong:
        raise click.exceptions.Exit(1)


def _waits(events: int, since: str | None) -> str:
    return f", {events} wait{'s' * (events == 1)} for that since {since}" if events else ""


def _told(now: Settings, log: str, layout: int, made: list[int], where: str, otherwise: str) -> None:
    if now.json:
        echo(json.dumps({"log": log, "layout": layout, "made": made}))
    elif made:
        now.say(f"{where}: made the tables of layout {layout} for the log {log}")
    else:
        now.say(f"{where}: the log {log} {otherwise}")
