"""What was proved to be wrong with a process, as scenarios that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.model import ProcessDefinition
from procdef.proof.inquiry import Flaw
from procdef.proof.told import Step
from procdef.scenarios.play import Player
from procdef.scenarios.suggesting.casting import parts_of
from procdef.scenarios.suggesting.specs import begins, specs
from procdef.scenarios.writing import Spec, file_text, scenario_text

_TITLES = {
    "stuck": "A deal that no steps lead to an end",
    "approval-unasked": "A deal that is won without a decision that is meant for it",
}


def flaw_file(process: ProcessDefinition, path: str, flaws: Mapping[str, Flaw]) -> str:
    """A file of scenarios that shows these flaws, each under an id of its own; ``path`` is the process, as seen from the file.

    Every flaw has steps. A scenario expects what shows the flaw, whatever the engine makes of it.
    """
    player = Player(process)
    people = {_name(*part): [part[0]] for flaw in flaws.values() for part in parts_of(flaw.steps)}
    texts = [
        scenario_text(
            process,
            name,
            _steps(process, flaw),
            people=people,
            at=begins(process, flaw.steps),
            title=_TITLES[flaw.finding.code],
            player=player,
        )
        for name, flaw in flaws.items()
    ]
    return file_text(path, people, texts)


def _steps(process: ProcessDefinition, flaw: Flaw) -> Iterator[Spec]:
    """The steps that lead to the deal, and what shows that something is wrong with it."""
    parts = {part: _name(*part) for part in parts_of(flaw.steps)}
    yield from specs(process, flaw.steps, parts)
    if flaw.finding.code != "stuck":
        yield {"then": {"stage": flaw.finding.details["target"], "outcome": "won"}}
        return
    stage = process.stages[str(flaw.finding.subject)]
    yield {"then": {"stage": stage.id}}
    tried: list[dict[str, Any]] = [{"do": "advance", "to": target} for target in stage.next] or [{"do": "finish"}]
    for each in tried:
        yield {"by": _last(flaw.steps), **each, "refused": "any"}


def _last(steps: tuple[Step, ...]) -> str:
    return steps[-1].by.partition(":")[0]


def _name(role: str, number: int) -> str:
    return f"{role}{number}"
