"""Reads a plan, and checks it like a process: its shape, then every id in it against the versions that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from procdef.diagnostics import Diagnostic, Place, Severity, Span, sparing
from procdef.errors import DefinitionInvalid, InvalidArgument
from procdef.language.companion_files import Companion, diagnostics, read_companion
from procdef.language.file_kinds import PLAN
from procdef.language.placing import order, placed
from procdef.language.plans.habits import misread
from procdef.language.plans.judged import Versions, judged, within
from procdef.language.plans.plan import Plan
from procdef.language.shape.schema_findings import schema_findings
from procdef.language.shape.schema_keys import reading
from procdef.language.value_forms import ids
from procdef.model import ProcessDefinition

GIVEN = "<plan>"
"""What stands as the path of a plan that came from no file, with the keys that lead to what is told of."""


def load_plan(path: Path | str) -> Plan:
    """The plan of a file. Raises ``DefinitionInvalid`` with all findings where its shape is wrong."""
    if not isinstance(path, str | Path):
        raise InvalidArgument("a plan is loaded from a Path, or from the name of a file", "path")
    return _whole(read_companion(Path(path), str(path), PLAN, misread))


def plan_in(source: bytes, name: str) -> Plan:
    """The plan in bytes; ``name`` stands in messages. Raises ``DefinitionInvalid``."""
    return _whole(read_companion(source, name, PLAN, misread))


def findings_in_plan(source: bytes, name: str, published: Sequence[ProcessDefinition] = ()) -> list[Diagnostic]:
    """Everything that is wrong in a plan; ``name`` stands as the path of the file.

    With the ``published`` versions of a process it is held against those; without any, what is wrong whichever there are.
    """
    file = read_companion(source, name, PLAN, misread)
    with reading(PLAN), sparing():
        found = diagnostics(file)
        if any(each.severity is Severity.ERROR for each in found):
            return found
        plan = _plan(file.value, file)
        if not published:
            return diagnostics(file, within(plan))
        known = {each.version: each for each in published}
        old = [known[each] for each in plan.versions if each in known]
        return diagnostics(file, judged(plan, Versions(published[0].id, known, old, known.get(plan.to))))


def given_plan(value: object) -> Plan:
    """The plan that an application hands over: one that was loaded, or the same keys in a mapping."""
    if isinstance(value, Plan):
        return value
    if not isinstance(value, Mapping):
        raise InvalidArgument("a plan is what load_plan() returns, or an object with its keys", "plan")
    bare = _bare(value)
    with reading(PLAN), sparing():
        shown = [*misread(bare)]
        told = {each.place.route for each in shown}
        more = [each for each in schema_findings(bare) if each.place.route not in told]
        _refuse([placed(_nowhere, finding) for finding in (*shown, *more)])
    return _plan(bare, None)


def refuse_wrong(plan: Plan, versions: Versions) -> None:
    """Raise ``DefinitionInvalid`` with everything that is wrong in a plan for these versions."""
    with reading(PLAN), sparing():
        found = tuple(judged(plan, versions))
        _refuse([placed(_nowhere, each) for each in found] if plan.file is None else diagnostics(plan.file, found))


def _whole(file: Companion) -> Plan:
    with reading(PLAN), sparing():
        _refuse(diagnostics(file))
    return _plan(file.value, file)


def _refuse(found: Iterable[Diagnostic]) -> None:
    wrong = tuple(sorted(found, key=order))
    if any(each.severity is Severity.ERROR for each in wrong):
        raise DefinitionInvalid(wrong)


def _plan(value: Mapping[str, Any], file: Companion | None) -> Plan:
    versions = value["from"] if isinstance(value["from"], list) else [value["from"]]
    return Plan(
        value["process"],
        tuple(versions),
        value["to"],
        {**value.get("stages", {})},
        {**value.get("fields", {})},
        {**value.get("actions", {})},
        {**value.get("set", {})},
        ids(value.get("void", ())),
        file,
    )


def _bare(value: Any) -> Any:
    """The values of an application as a file has them."""
    if isinstance(value, Mapping):
        return {str(name): _bare(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_bare(each) for each in (value if isinstance(value, list | tuple) else sorted(value))]
    return Decimal(str(value)) if isinstance(value, float) else value


def _nowhere(place: Place) -> Span:
    """A plan that came from no file has no lines: the keys that lead to the place are told behind its name."""
    return Span(".".join([GIVEN, *map(str, place.route)]), 1, 1, 1, 1)

