"""Which keys a step takes: those of what it does, and those of what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.commands import ARGUMENTS, COMMANDS, ArgumentKind, Command
from procdef.diagnostics import Finding, Place, Route, nearest

_ALWAYS = ("after", "at", "by", "do", "deal", "refused", "then")
"""What every step may have."""


def taken_by(command: type[Command]) -> tuple[str, ...]:
    """The keys of a step that does this, beside those of every step."""
    arguments = [each.written for each in ARGUMENTS[command] if each.kind is not ArgumentKind.PROCESS]
    return (*arguments, *(("happened",) if command.dated else ()))


def needed_by(command: type[Command]) -> tuple[str, ...]:
    """The keys without which such a step is none."""
    return ("by", *(each.written for each in ARGUMENTS[command] if each.needed and each.kind is not ArgumentKind.PROCESS))


def keys_of_step(step: Mapping[str, Any], route: Route) -> Iterator[Finding]:
    """What is missing in a step, and what does not belong to it."""
    command = COMMANDS.get(step["do"]) if isinstance(step.get("do"), str) else None
    if command is None:
        if "do" not in step:
            yield from _without_do(step, route)
        return
    for key in needed_by(command):
        if key not in step:
            sentence = "`{verb}` takes {subject}; add it to this step"
            yield Finding("missing-key", Place(route, "key"), sentence, subject=key, kind="key", details={"verb": command.verb})
    takes = taken_by(command)
    for key in step:
        if key in takes or key in _ALWAYS:
            continue
        near = nearest(key, [one for one in takes if one not in step])
        known = f"; it takes {', '.join(takes)}" if takes else ", and nothing else of its own"
        yield Finding(
            "unknown-key",
            Place((*route, key), "key"),
            "`{verb}` takes no {subject}" + ("{hint}" if near else "{known}"),
            fix=near,
            subject=key,
            kind="key",
            candidates=(near,) if near else (),
            details={"verb": command.verb, "known": known},
        )


def _without_do(step: Mapping[str, Any], route: Route) -> Iterator[Finding]:
    """Of a step that does nothing: it may move the clock, and say how the deal stands."""
    ofs = [key for key in step if key not in ("after", "at", "deal", "then")]
    if ofs:
        sentence = "this step says {ofs} and not what is done; add do: advance, or another step"
        yield Finding("missing-key", Place(route, "key"), sentence, subject="do", kind="key", details={"ofs": ", ".join(ofs)})
    elif not {"after", "at", "then"}.intersection(step):
        sentence = "this step does nothing and expects nothing; say what is done, or remove it"
        yield Finding("empty", Place(route), sentence, kind="value")
