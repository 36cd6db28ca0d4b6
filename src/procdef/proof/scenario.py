"""The steps of an example as a scenario, for a file that `procdef test` plays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from procdef.log.event import instant
from procdef.model import ProcessDefinition
from procdef.proof.inquiry import Flaw


def scenario_file(process: ProcessDefinition, path: str, flaws: Mapping[str, Flaw]) -> str:
    """A file of scenarios on the process at ``path`` that shows these flaws, each under an id of its own."""
    people = {who: roles for flaw in flaws.values() for step in flaw.steps for who, _, roles in (step.by.partition(":"),)}
    lines = ["procdef-test: 1", f"process: {_flow(path)}", f"people: {_flow(people)}", "scenarios:"]
    for name, flaw in flaws.items():
        lines += [f"  {name}:", *(f"    {line}" for line in scenario(process, flaw))]
    return "\n".join(lines) + "\n"


def scenario(process: ProcessDefinition, flaw: Flaw) -> list[str]:
    """The lines of one scenario: the steps that lead to the deal, and where it stands then."""
    zone = process.calendar.zone
    moments = [instant(step.at).astimezone(zone).replace(tzinfo=None) for step in flaw.steps]
    lines = [f"title: {_flow(_TITLES[flaw.finding.code])}", f"at: {_flow(moments[0].isoformat(timespec='seconds'))}", "steps:"]
    for number, (step, moment) in enumerate(zip(flaw.steps, moments, strict=True)):
        told: dict[str, Any] = {"by": step.by.partition(":")[0], "do": step.do, **step.given}
        if number and moment != moments[number - 1]:
            told = {"at": moment.isoformat(timespec="seconds"), **told}
        lines.append(f"  - {_flow(told)}")
    last = flaw.steps[-1].by.partition(":")[0]
    if flaw.finding.code == "stuck":
        stage = process.stages[str(flaw.finding.subject)]
        lines.append(f"  - {_flow({'then': {'stage': stage.id}})}")
        tries = [{"do": "advance", "to": target} for target in stage.next] or [{"do": "finish"}]
        lines += [f"  - {_flow({'by': last, **tried, 'refused': 'any'})}" for tried in tries]
    else:
        lines.append(f"  - {_flow({'then': {'stage': flaw.finding.details['target'], 'outcome': 'won'}})}")
    return lines


_TITLES = {
    "stuck": "A deal that no steps lead to an end",
    "approval-unasked": "A deal that is won without a decision that is meant for it",
}


def _flow(value: Any) -> str:
    """A value on one line; JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)
