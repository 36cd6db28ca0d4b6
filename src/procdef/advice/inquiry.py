"""What somebody asks about a deal: what can be done with it, or why a step was refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from procdef.commands import Actor, Command
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.directory import Directory
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition, Stage, Transition


class Inquiry(NamedTuple):
    """A question about a deal: under which name, by whom, when, about which step, and the language of the answer.

    ``deal`` is ``None`` where it could not start, ``command`` where no step was asked for. Given the ``directory`` of people
    that is in force, the answer names people too.
    """

    definition: ProcessDefinition
    name: str
    deal: Deal | None
    person: Actor
    now: datetime
    command: Command | None = None
    language: str | None = None
    directory: Directory | None = None

    @property
    def stage(self) -> Stage | None:
        """The present stage."""
        return self.definition.stages[self.deal.stage] if self.deal else None

    def able(self, roles: Collection[str], but: Collection[str] = ()) -> tuple[str, ...]:
        """Some of the people who have one of the roles today; none where no directory of people tells."""
        if self.directory is None or not roles:
            return ()
        return self.directory.holders(roles, self.now.astimezone(self.definition.calendar.zone).date(), but)

    def short(self, path: str) -> str:
        """An action or criterion of the present stage by its own id, anything else as it is."""
        stage, dot, own = path.partition(".")
        return own if dot and self.deal and stage == self.deal.stage else path

    def way(self, target: str | None) -> Transition | None:
        """The way forward to that stage, or, where no stage is named, the only one that there is."""
        ways = self.stage.next if self.stage else {}
        if target is None:
            return next(iter(ways.values())) if len(ways) == 1 else None
        return ways.get(target)

    def context(self) -> Context:
        """The deal as this person sees it now, before any step."""
        return Context(self.definition, self.deal, self.person, timestamp(self.now))
