"""From a file of assumptions to what it assumes: its shape, the process that it names, and what only both together can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from procdef.diagnostics import Diagnostic, Finding, Place, Severity, sparing
from procdef.language.companion_files import Companion, diagnostics, read_companion
from procdef.language.file_kinds import ASSUMPTIONS
from procdef.model import ProcessDefinition
from procdef.scenarios.reading import Processes, beside, unreadable_process
from procdef.simulation.assumptions.building import Building
from procdef.simulation.assumptions.model import Assumptions


@dataclass(frozen=True, slots=True)
class AssumptionsFile:
    """``assumptions`` are complete, and there only while no error is among the ``findings``. ``process`` is the path as it is
    written, and ``text`` the file's own."""

    name: str
    process: str
    definition: ProcessDefinition | None
    assumptions: Assumptions | None
    findings: tuple[Diagnostic, ...]
    text: str = ""


def read_assumptions(
    path_or_source: Path | bytes, name: str | None = None, *, process: ProcessDefinition | None = None
) -> AssumptionsFile:
    """A file of assumptions, or bytes that stand for one of that ``name``; never raises for what it holds.

    It is held against ``process`` where that is given, and else against the one that it names, from the folder of that name.
    What it leaves out is taken from the process.
    """
    told = name or (str(path_or_source) if isinstance(path_or_source, Path) else "<text>")
    file = read_companion(path_or_source, told, ASSUMPTIONS)
    given = file.value.get("process")
    written = given if isinstance(given, str) else ""
    named = Processes().named(beside(told, written)) if written else None
    definition = process or (named if isinstance(named, ProcessDefinition) else None)
    found: list[Finding] = []
    if process is None and isinstance(named, str):
        found.append(unreadable_process(told, written, named, "simulated"))
    elif process is not None and isinstance(named, ProcessDefinition) and named.id != process.id:
        return AssumptionsFile(told, written, process, None, tuple(_of_another(file, named, process)), file.text.text)
    assumptions = None
    if definition is not None:
        with sparing():
            building = Building(definition, file.value, found.append)
            assumptions = building.assumptions()
    every = tuple(diagnostics(file, found))
    sound = not any(one.severity is Severity.ERROR for one in every)
    return AssumptionsFile(told, written, definition, assumptions if sound else None, every, file.text.text)


def _of_another(file: Companion, named: ProcessDefinition, process: ProcessDefinition) -> Iterator[Diagnostic]:
    sentence = 'these are assumptions of the process "{subject}", and "{other}" is simulated; give a file of its own'
    finding = Finding("other-process", Place(("process",)), sentence, subject=named.id, kind="file",
                      details={"other": process.id})  # fmt: skip
    yield from diagnostics(file, [finding])
