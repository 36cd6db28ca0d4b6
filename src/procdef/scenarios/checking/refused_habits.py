"""What people write behind `refused` in place of what it takes: whether a step is refused, not what it is refused for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef.diagnostics import Finding, Place, Route
from procdef.scenarios.model import ANY

_YES = frozenset(("true", "yes", "on", "y"))
_NO = frozenset(("false", "no", "off", "n", "none"))


def misread(value: Any) -> Iterator[Finding]:
    """The switches behind `refused` in the values of a file of scenarios that do not fit its schema."""
    scenarios = value.get("scenarios") if isinstance(value, dict) else None
    for name, spec in scenarios.items() if isinstance(scenarios, dict) else ():
        steps = spec.get("steps") if isinstance(spec, dict) else None
        for number, step in enumerate(steps if isinstance(steps, list) else ()):
            if isinstance(step, dict) and isinstance(step.get("refused"), bool):
                found = switch(step["refused"], ("scenarios", name, "steps", number, "refused"))
                if found is not None:
                    yield found


def switch(given: Any, route: Route) -> Finding | None:
    """The finding on a switch behind `refused`; nothing where it is none."""
    word = str(given).lower() if isinstance(given, bool | str) else ""
    if word in _YES:
        sentence = "`refused` says for what a step is refused, not whether; where it may be for anything, write refused: {fix}"
        return Finding("wrong-type", Place(route), sentence, fix=ANY, subject=word, kind="value")
    if word in _NO:
        sentence = "`refused` says for what a step is refused; leave the key out of a step that is to be applied"
        return Finding("wrong-type", Place(route), sentence, subject=word, kind="value")
    return None
