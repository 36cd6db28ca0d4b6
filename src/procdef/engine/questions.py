"""What an engine is asked about processes and deals. Reading changes and logs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from procdef.commands import Actor
from procdef.deal import Deal
from procdef.engine.arguments import actor, count, instance_of, optional
from procdef.engine.deal_queries import can_match, well_formed_query
from procdef.engine.definition_cache import Volume
from procdef.engine.directory_in_force import DirectoryInForce
from procdef.engine.feeding import BATCH
from procdef.engine.options import options
from procdef.engine.queries import deal_named, events_of, key_of, listed, viewed
from procdef.engine.transactions import Transactions
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.results.deal_view import DealView
from procdef.results.event import Event
from procdef.results.listed_deal import ListedDeal
from procdef.results.options import Options
from procdef.store.port import Tx
from procdef.store.queries import Deals, Definitions


class Questions(Transactions):
    """What an engine tells of the processes and deals in its store."""

    def definition(self, process: str, version: int | None = None) -> ProcessDefinition:
        """A published process: that version, or the highest. Raises ``UnknownProcess``."""
        process = instance_of(str, process, "process", "a process is named by its id, a text")
        version = None if version is None else count(version, "version", 1)
        return self._read(lambda tx: self._library.find(tx, process, version).definition)

    def definitions(self) -> tuple[ProcessDefinition, ...]:
        """Everything published, by id and version."""
        known = self._library.known
        return self._read(lambda tx: tuple(known(tx, row.sha256).definition for row in list(tx.scan(Definitions()))))

    def deal(self, name: str) -> DealView:
        """Where a deal stands, in a copy of the caller's own. Raises ``UnknownDeal``."""
        return self._read(lambda tx: viewed(tx, deal_named(tx, name), self._library))

    def definition_of(self, deal: DealView) -> ProcessDefinition:
        """The version of the process that a deal is pinned to."""
        deal = instance_of(DealView, deal, "deal", "a deal is one that this engine returned; `deal(name)` gets it by its name")
        return self._read(lambda tx: self._library.known(tx, deal.definition).definition)

    def deals(self, query: Deals | None = None) -> Iterator[ListedDeal]:
        """Deals by key; ``Deals(stage=..., owner=...)`` narrows them.

        A long list is read page by page: ``Deals(limit=50)``, then ``Deals(limit=50, after=page[-1].name)``. Raises
        ``InvalidArgument`` for what no deal can ever match, such as a stage of no published process.
        """
        wanted = well_formed_query(optional(Deals, query, "query", "deals are narrowed by a Deals(...)") or Deals())
        self._read(lambda tx: can_match(tx, wanted, self._library))
        return self._deals(wanted)

    def _deals(self, query: Deals) -> Iterator[ListedDeal]:
        """In batches, so that no transaction is open while somebody looks at a deal."""
        more = True
        while more:
            some = replace(query, limit=BATCH if query.limit is None else min(query.limit, BATCH))
            page = self._read(partial(listed, query=some, library=self._library))
            yield from page
            left = None if query.limit is None else query.limit - len(page)
            more = len(page) == some.limit and left != 0
            if more:
                query = replace(query, after=page[-1].name, limit=left)

    def events(self, name: str) -> list[Event]:
        """A deal's events as stored, in order, with personal values in place and the ``request`` each came from."""
        return self._read(lambda tx: events_of(tx, deal_named(tx, name).stream))

    def options(self, name: str, *, by: Actor | None = None) -> Options:
        """What is next for a deal, what blocks it and who can help: which roles and, where a directory of people is published,
        some of those who have them. Raises ``UnknownPerson`` for somebody without roles whom it does not know."""
        person = None if by is None else actor(by)

        def asked(tx: Tx) -> tuple[Deal, Volume, DirectoryInForce | None]:
            deal = deal_named(tx, name).copy()
            return deal, self._library.known(tx, deal.definition), self._library.people.in_force(tx)

        deal, (definition, machine, _), found = self._read(asked)
        now = self.now()
        if found is not None and person is not None:
            known = found.known(person, timestamp(now), definition.calendar.zone)
            if known is None:
                raise found.refuse(person)
            person = known
        return options(definition, machine, deal, person, now, self._language, found.directory if found else None)

    def key_of(self, stream: str) -> str | None:
        """The name of the deal whose events are in that stream, for whoever follows the feed: events name deals by their
        streams. ``None`` once the name was erased, and for the streams that are no deal's. Raises ``UnknownDeal``."""
        stream = instance_of(str, stream, "stream", "a stream is a text, as event.stream is")
        return self._read(lambda tx: key_of(tx, stream))
