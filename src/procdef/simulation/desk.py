"""Who works in a simulation: the people of every role, each on one thing at a time, and the queues of what waits for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from procdef.commands import Actor
from procdef.simulation.shifts import Shift

if TYPE_CHECKING:
    from simpy import Environment, Event


class Person:
    """Somebody with one role. ``actor`` is as whom steps are taken for them."""

    __slots__ = ("actor", "id", "role", "shift")

    def __init__(self, name: str, role: str, shift: Shift, actor: Actor) -> None:
        self.id, self.role, self.shift, self.actor = name, role, shift, actor


class Ticket:
    """Something that waits for one of ``roles``, but none of the people ``excluded``. ``done`` happens, with the person, once
    it has been worked on for ``work`` seconds; the person is free again when ``Desk.release`` says so."""

    __slots__ = ("asked", "begun", "cancelled", "done", "excluded", "item", "roles", "work")

    def __init__(
        self, item: str, roles: tuple[str, ...], excluded: Collection[str], work: float, asked: float, done: Event
    ) -> None:
        self.item, self.roles, self.excluded, self.work, self.asked, self.done = (
            item,
            roles,
            excluded,
            work,
            asked,
            done,
        )
        self.begun = self.cancelled = False

    @property
    def waits(self) -> bool:
        """Whether nobody has begun it, and nobody gave it up."""
        return not self.begun and not self.cancelled


class Served(NamedTuple):
    """A ticket that somebody took up: who it was, for how long it had waited (seconds in which people of the process work), and
    when the work began and ended."""

    item: str
    person: Person
    waited: float
    begun: float
    ended: float


class Desk:
    """The people of all roles. What waits longest is taken first, by whoever of its roles has been free for longest."""

    def __init__(
        self,
        env: Environment,
        people: Mapping[str, list[Person]],
        office: Shift,
        served: Callable[[Served], object],
    ) -> None:
        self._env, self._office, self._served = env, office, served
        self.people = people
        self._free = {role: deque(members) for role, members in people.items()}
        self._queues: dict[str, deque[Ticket]] = {role: deque() for role in people}
        self._waking: dict[tuple[str, Shift], float] = {}

    def anyone(self, roles: Iterable[str], excluded: Collection[str] = ()) -> Person | None:
        """Somebody who may, at work or not."""
        return next((each for role in roles for each in self.people.get(role, ()) if each.id not in excluded), None)

    def ask(self, item: str, roles: tuple[str, ...], work: float, excluded: Collection[str] = ()) -> Ticket:
        """Put something into the queues of its roles; somebody takes it up at once where there is somebody free."""
        ticket = Ticket(item, roles, excluded, work, self._env.now, self._env.event())
        for role in roles:
            if role in self._queues:
                self._queues[role].append(ticket)
        for role in roles:
            if ticket.begun:
                break
            self._assign(role)
        return ticket

    def cancel(self, ticket: Ticket) -> None:
        """Take something out of the queues that nobody has begun."""
        ticket.cancelled = True

    def release(self, person: Person) -> None:
        """Whoever was at it is free for the next."""
        self._free[person.role].append(person)
        self._assign(person.role)

    def waiting(self) -> Iterable[tuple[str, Ticket]]:
        """What nobody has begun, by the first of its roles."""
        for role, queue in self._queues.items():
            yield from (
                (role, each) for each in queue if each.waits and each.roles[0] == role
            )

    def _assign(self, role: str) -> None:
        """Give what waits to those who are free and at work."""
        queue, free, now = self._queues[role], self._free[role], self._env.now
        while queue and not queue[0].waits:
            queue.popleft()
        if not queue or not free:
            return
        resting: dict[Shift, float] = {}
        for person in list(free):
            if not queue:
                break
            begins = resting.get(person.shift)
            if begins is None:
                begins = person.shift.begins(now)
            if begins > now:
                resting[person.shift] = begins
                continue
            ticket = next((each for each in queue if each.waits and person.id not in each.excluded), None)
            if ticket is not None:
                free.remove(person)
                self._begin(ticket, person)
                while queue and not queue[0].waits:
                    queue.popleft()
        if any(each.waits for each in queue):
            for shift, begins in resting.items():
                self._wake(role, shift, begins)

    def _wake(self, role: str, shift: Shift, begins: float) -> None:
        """Look again when the hours of these people begin."""
        if self._waking.get((role, shift)) == begins:
            return
        self._waking[role, shift] = begins

        def look(_: Any) -> None:
            self._assign(role)

        self._env.timeout(begins - self._env.now).callbacks.append(look)

    def _begin(self, ticket: Ticket, person: Person) -> None:
        now = self._env.now
        ticket.begun = True
        ends = person.shift.ends(now, ticket.work)
        waited = self._office.hours_between(ticket.asked, now)
        self._served(Served(ticket.item, person, waited, now, ends))
        if ends <= now:
            ticket.done.succeed(person)
            return

        def over(_: Any) -> None:
            ticket.done.succeed(person)

        self._env.timeout(ends - now).callbacks.append(over)
