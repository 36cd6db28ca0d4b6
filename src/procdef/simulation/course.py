"""The course of a run: deals come in, live, and what fell due is told, until all are over or the time is."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from procdef.log.event import instant
from procdef.simulation.arriving import moments
from procdef.simulation.deal_life import DealLife
from procdef.simulation.world import RUNNER, World

if TYPE_CHECKING:
    from simpy import Event

_DAY = 86_400.0
_LONGEST = 20 * 366 * _DAY
"""Seconds after the last arrival at which a run ends in any case."""


class Course:
    """One run in a world, which is used up by it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def run(self, *, deals: int | None, until: datetime | None) -> datetime:
        """Let so many deals come in and live to their ends, or all that come ``until`` then; when the run ended."""
        world = self._world
        with world.steps:
            world.engine.publish(world.definition, by=RUNNER)
            feed = [self._arrivals(stage) for stage in world.definition.starts]
            world.env.process(self._arrive(feed, deals, until))
            if world.definition.timed:
                world.env.process(self._ticks())
            try:
                world.env.run(until.timestamp() if until is not None else world.env.process(self._to_the_end()))
            except Exception as error:
                raise world.failure or error from None  # SimPy raises a copy, which lacks what only the error itself has
        return world.now()

    def _arrivals(self, stage: str) -> Iterator[tuple[float, str, int]]:
        world = self._world
        assumed = world.assumptions.arrivals.get(stage)
        if assumed is None:
            return
        found = moments(assumed, world.definition.calendar, world.start, Random(f"{world.seed}/arrivals/{stage}"))
        for number, moment in enumerate(found, 1):
            yield moment, stage, number

    def _arrive(
        self, feed: list[Iterator[tuple[float, str, int]]], deals: int | None, until: datetime | None
    ) -> Generator[Event, Any, None]:
        """Deals come in, of all start stages in the order of time."""
        world = self._world
        ahead = [(following, place) for place, each in enumerate(feed) if (following := next(each, None)) is not None]
        end = None if until is None else until.timestamp()
        while ahead and (deals is None or world.started < deals):
            (moment, stage, number), place = ahead.pop(ahead.index(min(ahead)))
            if end is not None and moment >= end:
                break
            following = next(feed[place], None)
            if following is not None:
                ahead.append((following, place))
            yield world.env.timeout(max(0.0, moment - world.env.now))
            world.started, world.last_arrival = world.started + 1, world.env.now
            world.lives += 1
            world.env.process(DealLife(world, f"S{world.started:05}", stage, number).live())
        world.arriving = False

    def _ticks(self) -> Generator[Event, Any, None]:
        """Each day, when hours begin, what fell due is told."""
        world = self._world
        while True:
            yield world.env.timeout(max(1.0, world.office.begins(world.env.now + _DAY / 2) - world.env.now))
            if not world.arriving and not world.lives:
                return
            told = world.tick()
            world.overdue.update(
                (str(each.of), each.deal, instant(world.engine.deal(each.deal).entered).timestamp())
                for each in told
                if each.kind == "overdue"
            )
            world.stored()

    def _to_the_end(self) -> Generator[Event, Any, None]:
        """Until the last deal has come in and none goes on."""
        world = self._world
        last = None
        while world.arriving or world.lives:
            yield world.env.timeout(_DAY)
            if not world.arriving:
                last = last or world.env.now
                if world.env.now - last > _LONGEST:
                    return
