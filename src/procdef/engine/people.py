"""The directory of people of an engine: to publish one, and who has which roles by the one that is in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from procdef.commands import ARGUMENTS, Actor, Command, Start
from procdef.deal import Deal
from procdef.directory import Directory, HeldRoles
from procdef.engine.arguments import actor, instance_of, moment, well_formed
from procdef.engine.definition_cache import Volume
from procdef.engine.directory_in_force import DirectoryInForce
from procdef.engine.publishing import begin_log
from procdef.engine.queries import deal_named
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.engine.who_can import candidates
from procdef.errors import InvalidArgument
from procdef.events.types import people_published
from procdef.log.event import timestamp
from procdef.results.candidate import Candidate
from procdef.store.port import Tx
from procdef.store.queries import Directories
from procdef.store.rows import DirectoryRow


class People:
    """What ``Engine.people`` is."""

    def __init__(self, engine: Transactions) -> None:
        self._engine = engine

    def publish(self, directory: Directory, *, by: Actor) -> bool:
        """Put a directory in force; false where it was already.

        From then on steps of people who come without roles are judged by the roles that it gives them, on the day of the step
        in the time zone of the process.
        """
        by = actor(by)
        directory = instance_of(Directory, directory, "directory", "what is published is a Directory, as load_people() returns")
        if not directory.people:
            raise InvalidArgument("a directory without people would keep everybody out; name at least one", "directory")
        at = timestamp(self._engine.now())
        return self._engine._transact(lambda unit: _publish(unit, directory, by, at))

    def current(self) -> Directory | None:
        """The directory in force, as the database keeps it: without names."""
        found = self._in_force()
        return found.directory if found else None

    def roles_of(self, person: str, day: date) -> HeldRoles | None:
        """The roles that somebody has on a day, and for whom they stand in; ``None`` where the directory in force does not know
        them, or there is none."""
        person = instance_of(str, person, "person", "a person is named by their id, a text")
        directory, day = self.current(), instance_of(date, day, "day", "a day is a date")
        return directory.roles_of(person, day) if directory else None

    def known(self, person: str) -> bool:
        """Whether the directory in force has somebody of that id. Raises ``UnknownPerson`` where it has not."""
        found = self._in_force()
        if found is not None and person not in found.directory.people:
            raise found.refuse(Actor(person))
        return found is not None

    def who_can(self, deal: str, step: Command, *, on: date | datetime | None = None) -> tuple[Candidate, ...]:
        """Everybody who has a role for a step on a deal, those who can first. What else the step lacks is left aside.

        Asked is who could now, or ``on`` a day to come (as it begins, in the time zone of the process) or at a time to come, if
        the deal and the directory are then as they are now: who has which role, who stands in for whom, and what has lapsed by
        then. Raises ``StepRefused`` where nobody could take it as the deal stands, and ``InvalidArgument`` where there
        is no directory, or for a time that is past. Nothing is logged.
        """
        if type(step) is Start or type(step) not in ARGUMENTS:
            raise InvalidArgument('a step on a deal is a command of procdef.commands, as Do("approve")', "step")
        engine, step = self._engine, well_formed(step)

        def asked(tx: Tx) -> tuple[Deal, Volume, DirectoryInForce | None]:
            there = deal_named(tx, deal).copy()
            return there, engine._library.known(tx, there.definition), engine._library.people.in_force(tx)

        there, volume, found = engine._read(asked)
        if found is None:
            raise InvalidArgument("no directory of people is published here, so that only roles are known", "people")
        at = _time_meant(on, engine.now(), volume.definition.calendar.zone)
        return candidates(there, volume, found, step, at, engine._language)

    def _in_force(self) -> DirectoryInForce | None:
        return self._engine._read(self._engine._library.people.in_force)


def _time_meant(on: date | datetime | None, now: datetime, zone: tzinfo) -> datetime:
    """The time that is asked about: of a day its beginning, of today the present moment."""
    if on is None:
        return now
    if isinstance(on, datetime):
        meant = moment(on, "on")
    else:
        day = instance_of(date, on, "on", "`on` is a date, or an aware datetime")
        if day == now.astimezone(zone).date():
            return now
        if not 1 < day.year < 9999:
            raise InvalidArgument(f"the day {day} lies outside of the calendar", "on")
        meant = datetime.combine(day, time(), zone).astimezone(UTC)
    if meant < now:
        raise InvalidArgument(f"{on} is past; who took a step then is in the log; ask of today, or of later", "on")
    return meant


def _publish(unit: UnitOfWork, directory: Directory, by: Actor, moment: str) -> bool:
    found = unit.library.people.in_force(unit.tx, replaced=True)
    if found is not None and found.directory.sha256 == directory.sha256:
        return False
    begin_log(unit, by, moment)
    unit.aside("system", (people_published.EVENT.entry({"sha256": directory.sha256}),), by, moment)
    if next(iter(unit.tx.scan(Directories(sha256=directory.sha256))), None) is None:
        unit.directories.append(DirectoryRow(directory.sha256, directory.source))
    return True
