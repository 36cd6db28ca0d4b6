"""Scenarios in YAML: steps become text that can be pasted, with what the engine makes of them as what is expected of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from procdef.commands import Actor
from procdef.directory import Directory
from procdef.engine import Engine
from procdef.errors import ProcdefError, UnknownDeal
from procdef.language.yaml.scalars import resolve
from procdef.model import ProcessDefinition
from procdef.results.deal_view import DealView
from procdef.scenarios.model import ScenarioStep
from procdef.scenarios.play import Player
from procdef.scenarios.reading import as_step
from procdef.scenarios.taken import Taken
from procdef.scenarios.times import moment, written

Spec = Mapping[str, Any]
"""A step as a scenario writes it: ``{"by": "maija", "do": "advance", "to": "booking"}``."""

_PLAIN = re.compile(r"[A-Za-z0-9][\w./+@-]*(?: [\w./+][\w./+@-]*)*", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)?)?", re.ASCII)


def file_text(process: str, people: Mapping[str, Iterable[str]], scenarios: Sequence[str]) -> str:
    """A file of scenarios. ``process`` is the path of the process from where the file lies, ``people`` are their roles, and
    ``scenarios`` are texts of ``scenario_text``."""
    shown = {person: list(roles) for person, roles in people.items()}
    head = ["procdef-test: 1", f"process: {scalar(process)}", f"people: {flow(shown)}", "scenarios:"]
    return "\n".join([*head, *(text.rstrip("\n") for text in scenarios)]) + "\n"


def scenario_text(
    definition: ProcessDefinition,
    name: str,
    steps: Iterable[Spec],
    *,
    people: Mapping[str, Iterable[str]],
    at: str,
    title: str | None = None,
    comment: str | None = None,
    player: Player | None = None,
    directory: Directory | None = None,
) -> str:
    """A scenario of these steps, to be pasted below ``scenarios:``, with the expectations that the engine gives as it is now.

    ``at`` is when it begins, as a scenario writes it; a ``comment`` stands above it, each of its lines behind a ``#``. What the
    steps themselves expect is left as it is. ``player`` plays them, where there is one already; where there
    is a ``directory``, roles come from that. Raises ``ProcdefError`` where a
    step cannot even be refused, such as one on a deal that there is not.
    """
    zone = definition.calendar.zone
    lines = [f"  # {line}".rstrip() for line in (comment or "").split("\n")] if comment else []
    lines.append(f"  {name}:")
    if title is not None:
        lines.append(f"    title: {scalar(title)}")
    lines += [f"    at: {written(moment(at, zone), zone)}", "    steps:"]
    playing = player or Player(definition)
    told = _expecting(playing, definition, name, steps, people, at, directory)
    lines += [f"      - {flow(spec)}" for spec in told]
    return "\n".join(lines) + "\n"


def _expecting(
    player: Player,
    definition: ProcessDefinition,
    name: str,
    steps: Iterable[Spec],
    people: Mapping[str, Iterable[str]],
    at: str,
    directory: Directory | None,
) -> list[dict[str, Any]]:
    """The steps, each with what the engine makes of it now."""
    engine = player.begin(moment(at, definition.calendar.zone), directory)
    actors = {person: Actor(person, frozenset(roles if directory is None else ())) for person, roles in people.items()}
    given = list(steps)
    before: dict[str, DealView] = {}
    found = []
    for number, spec in enumerate(given, 1):
        step = as_step(definition, actors, name, number, spec)
        taken = player.take(engine, step, player.move(engine, step))
        if taken.error is not None:
            raise UnknownDeal(taken.error) if step.deal not in before else ProcdefError(taken.error)
        try:
            deal = engine.deal(step.deal)
        except UnknownDeal:  # its start was refused
            deal = None
        expected = _expected(step, taken, before.get(step.deal), deal)
        if number == len(given) and deal is not None and not step.then:
            expected["then"] = {**_whole(engine, deal), **_told(expected)}
        found.append(dict(spec) | expected)
        if deal is not None:
            before[step.deal] = deal
    return found


def _expected(step: ScenarioStep, taken: Taken, before: DealView | None, deal: DealView | None) -> dict[str, Any]:
    """What a step came to, as far as a person would write it down: what it was refused for, and what is new of the deal."""
    if taken.refused is not None:
        return {} if step.refused else {"refused": [item.id for item in taken.refused.unmet]}
    if deal is None or step.then:
        return {}
    if step.verb is None:
        told = taken.event_types(step.deal)
        return {"then": {"events": told}} if told else {}
    new = {key: getattr(deal, key) for key in ("stage", "outcome") if getattr(deal, key) != getattr(before, key, None)}
    return {"then": new} if new else {}


def _told(expected: Mapping[str, Any]) -> dict[str, Any]:
    """What timers told before a step, where that is expected already."""
    events = expected.get("then", {}).get("events")
    return {"events": events} if events else {}


def _whole(engine: Engine, deal: DealView) -> dict[str, Any]:
    """How a deal stands at the end, with what is still to be done."""
    found: dict[str, Any] = {"stage": deal.stage, "outcome": deal.outcome}
    if deal.mode == "open":
        todo = engine.options(deal.stream).todo
        found["open"] = [each.action for each in todo if each.required and each.status in ("open", "unknown")]
    return found


def flow(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A single value in YAML, in quotes wherever it could be taken for something else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    plain = _TIME.fullmatch(value) or (_PLAIN.fullmatch(value) and resolve(value, None, True) == value)
    return value if plain else json.dumps(value, ensure_ascii=False)
