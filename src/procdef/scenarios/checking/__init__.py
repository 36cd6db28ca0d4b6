"""What is wrong with scenarios that only their process can tell: names that it lacks, times, and what can never come true."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from procdef.diagnostics import Finding, Place, Route
from procdef.model import ProcessDefinition
from procdef.scenarios.checking.keys import keys_of_step
from procdef.scenarios.checking.names import in_people, in_step
from procdef.scenarios.checking.never_applied import never_applied
from procdef.scenarios.checking.never_met import never_met
from procdef.scenarios.checking.numbers import ambiguous
from procdef.scenarios.times import NoTime, moment

__all__ = ["findings"]


def findings(
    value: Mapping[str, Any], definition: ProcessDefinition, people: Collection[str] | None
) -> Iterator[Finding]:
    """Everything that is wrong in the sound values of a file of scenarios, held against its process.

    ``people`` are all that the file names, also where their roles are faulty; None where that is not known.
    """
    yield from _times(value, (), definition, "at")
    known = value.get("people")
    yield from in_people(known if isinstance(known, dict) else {}, definition)
    scenarios = value.get("scenarios")
    for name, spec in scenarios.items() if isinstance(scenarios, dict) else ():
        if isinstance(spec, dict):
            yield from _scenario(value, name, spec, definition, people)


def _scenario(
    value: Mapping[str, Any], name: str, spec: Mapping[str, Any], definition: ProcessDefinition, people: Collection[str] | None
) -> Iterator[Finding]:
    route: Route = ("scenarios", name)
    if "at" not in spec and "at" not in value:
        sentence = 'nothing says when "{subject}" begins; add at: 2026-03-02T09:00, or another time'
        yield Finding("missing-key", Place(route, "key"), sentence, subject=name, kind="key", key="at")
    yield from _times(spec, route, definition, "at")
    steps = spec.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            here = (*route, "steps", number)
            yield from keys_of_step(step, here)
            yield from _times(step, here, definition, "at", "happened")
            then = step.get("then")
            if isinstance(then, dict):
                yield from _times(then, (*here, "then"), definition, "due")
                dues = then.get("dues")
                if isinstance(dues, dict):
                    yield from _times(dues, (*here, "then", "dues"), definition, *dues)
            yield from in_step(step, here, definition, people)
            yield from ambiguous(step, here, definition)
            yield from never_applied(step, here, definition)
            yield from never_met(step, here, definition)


def _times(spec: Mapping[str, Any], route: Route, definition: ProcessDefinition, *keys: str) -> Iterator[Finding]:
    for key in keys:
        written = spec.get(key)
        if not isinstance(written, str):
            continue
        try:
            moment(written, definition.calendar.zone)
        except NoTime as wrong:
            yield Finding("bad-time", Place((*route, key)), "{why}", subject=written, kind="time", details={"why": str(wrong)})
