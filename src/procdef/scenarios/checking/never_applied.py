"""Steps that are expected to be applied, and that no deal of the process can ever take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.diagnostics import Finding, Place, Route
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.three_decimals import WrittenNumber, two_readings
from procdef.model import ProcessDefinition
from procdef.scenarios.values import localized


def never_applied(step: Mapping[str, Any], route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    """What in a step keeps it from ever being applied; a step that says what it is ``refused`` for is left alone."""
    if "refused" in step:
        return
    found = _impossible(step, definition)
    if found is not None:
        key, why = found
        yield never((*route, key), f"{why}; this step is never applied, so say what it is `refused` for, or mend it")
    values = step.get("values")
    for name, value in values.items() if isinstance(values, dict) else ():
        if name in definition.fields and (wrong := _wrong(definition, name, value)) is not None:
            why = f"{name} never takes this: it {wrong}; mend it, or say what the step is `refused` for"
            yield never((*route, "values", name), why, value)


def _impossible(step: Mapping[str, Any], definition: ProcessDefinition) -> tuple[str, str] | None:
    """The key that is to blame, and why."""
    verb, to, stages, lost = step.get("do"), step.get("to"), definition.stages, definition.lost
    if verb == "start" and step.get("stage") in stages and step["stage"] not in definition.starts:
        return "stage", f"no deal starts in {step['stage']}, only in {', '.join(definition.starts)}"
    if verb == "advance" and to in stages and not any(to in each.next for each in stages.values()):
        return "to", f"no way leads to {to}"
    if verb == "back" and to in stages and not any(to in each.back for each in stages.values()):
        return "to", f"no way leads back to {to}"
    if verb == "lose" and lost is None:
        return "do", "the process has no `lost`"
    if verb == "reopen" and (lost is None or lost.reopen is None):
        return "do", "the process has no `reopen` in its `lost`"
    if verb == "waive":
        name = step.get("criterion")
        named = [each for path, each in definition.criteria.items() if name in (path, each.id)]
        if named and not any(each.waivable_by for each in named):
            return "criterion", f"{name} has no `waivable_by`"
    return None


def _wrong(definition: ProcessDefinition, name: str, value: Any) -> str | None:
    """What is wrong with a value; of a number that can be read in two ways that is told elsewhere."""
    if isinstance(value, WrittenNumber) and two_readings(str(value)):
        return None
    try:
        coerce(definition.fields[name].type, localized(definition, {name: value})[name])
    except BadValue as bad:
        return str(bad)
    return None


def never(route: Route, why: str, subject: object = None) -> Finding:
    """The finding on something in a step that never comes true."""
    shown = str(subject) if subject is not None else None
    return Finding("impossible-expectation", Place(route), "{why}", subject=shown, kind="value", details={"why": why})
