"""From a file of scenarios to what it says: its shape, the process that it names, and what only both together can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from procdef.commands import ARGUMENTS, COMMANDS, Actor, ArgumentKind
from procdef.diagnostics import Finding, Severity, sparing
from procdef.directory import Directory
from procdef.errors import DefinitionInvalid
from procdef.language import load_source
from procdef.language.companion_files import Companion, diagnostics, read_companion
from procdef.language.file_kinds import PROCESS, SCENARIOS
from procdef.language.named_files import named_file, told_errors, unusable
from procdef.language.value_forms import duration, ids
from procdef.model import ProcessDefinition
from procdef.scenarios.checking import findings
from procdef.scenarios.checking.refused_habits import misread
from procdef.scenarios.directories import directory_named
from procdef.scenarios.model import ANY, ExpectedRefusal, Scenario, ScenarioFile, ScenarioStep
from procdef.scenarios.times import moment
from procdef.scenarios.values import localized


@dataclass(slots=True)
class Processes:
    """The processes that scenarios name, each read once: what it says, or why it cannot be used."""

    _known: dict[Path, ProcessDefinition | str] = field(default_factory=dict)

    def named(self, path: Path) -> ProcessDefinition | str:
        """The process in a file; a sentence where it cannot be used."""
        if path not in self._known:
            self._known[path] = _loaded(path)
        return self._known[path]


def _loaded(path: Path) -> ProcessDefinition | str:
    source = named_file(path, PROCESS)
    if isinstance(source, str):
        return source
    try:
        return load_source(source, str(path))
    except DefinitionInvalid as invalid:
        errors = [one for one in invalid.diagnostics if one.severity is Severity.ERROR]
        return f"the process {told_errors(errors)}"


def read_scenarios(
    path_or_source: Path | bytes,
    name: str | None = None,
    *,
    process: ProcessDefinition | None = None,
    processes: Processes | None = None,
) -> ScenarioFile:
    """A file of scenarios, or bytes that stand for one of that ``name``; never raises for what it holds.

    Their ``process`` is looked for from the folder of that name, unless it is given.
    """
    told = name or (str(path_or_source) if isinstance(path_or_source, Path) else "<text>")
    found = read_companion(path_or_source, told, SCENARIOS, misread)
    given = found.value.get("process")
    written = given if isinstance(given, str) else ""
    definition = process
    more: list[Finding] = []
    if definition is None and written:
        known = (processes or Processes()).named(beside(told, written))
        definition = known if isinstance(known, ProcessDefinition) else None
        more += [] if not isinstance(known, str) else [unreadable_process(told, written, known, "tested")]
    named = found.value.get("people")
    directory = None
    if isinstance(named, str):
        directory, wrong = directory_named(told, named, definition)
        more += wrong
    people = found.keys("people")
    if isinstance(named, str):
        people = tuple(directory.people) if directory is not None else None
    if definition is not None:
        with sparing():
            more += findings(found.value, definition, people)
    every = tuple(diagnostics(found, more))
    sound = definition is not None and not any(one.severity is Severity.ERROR for one in every)
    scenarios = tuple(_scenarios(found, definition, directory)) if sound and definition is not None else ()
    roles = _roles(found, definition, scenarios, directory) if definition is not None and scenarios else {}
    return ScenarioFile(told, written, definition, scenarios, every, found.text.text, roles, directory)


def process_named(path: Path) -> Path | None:
    """The file of the process that a file of scenarios names; None where it names none."""
    given = read_companion(path, str(path), SCENARIOS).value.get("process")
    return beside(str(path), given) if isinstance(given, str) else None


def beside(name: str, process: str) -> Path:
    """The file of a process that a file of that ``name`` names, from the folder that it is in."""
    return (Path(name).parent / process).resolve()


def unreadable_process(name: str, written: str, why: str, used: str) -> Finding:
    """The finding on a process that a file of that ``name`` names as ``written``, and that cannot be ``used`` by it."""
    sentence = 'the process "{subject}" cannot be {used}: {why}{hint}'
    return unusable("unreadable-process", "process", Path(name).parent / written, written, sentence, why=why, used=used)


def _roles(
    file: Companion, definition: ProcessDefinition, scenarios: tuple[Scenario, ...], directory: Directory | None
) -> dict[str, tuple[str, ...]]:
    if directory is None:
        return {person: ids(roles) for person, roles in file.value["people"].items()}
    day = scenarios[0].begins.astimezone(definition.calendar.zone).date()
    held = {person: directory.roles_of(person, day) for person in directory.people}
    return {person: tuple(sorted(each.roles)) for person, each in held.items() if each is not None}


def _scenarios(file: Companion, definition: ProcessDefinition, directory: Directory | None) -> Iterator[Scenario]:
    value = file.value
    if directory is not None:
        people = {person: Actor(person) for person in directory.people}
    else:
        people = {person: Actor(person, frozenset(ids(roles))) for person, roles in value["people"].items()}
    for name, spec in value["scenarios"].items():
        route = ("scenarios", name)
        steps = tuple(
            as_step(definition, people, name, place + 1, step, partial(file.line, *route, "steps", place))
            for place, step in enumerate(spec["steps"])
        )
        begins = moment(spec.get("at") or value["at"], definition.calendar.zone)
        title = spec.get("title", name.replace("_", " "))
        yield Scenario(name, title, begins, steps, file.line(*route), directory)


def as_step(
    definition: ProcessDefinition,
    people: Mapping[str, Actor],
    scenario: str,
    number: int,
    spec: Mapping[str, Any],
    line: Callable[..., int] = lambda *route: 0,
) -> ScenarioStep:
    """The step, from 1, that a scenario writes so; ``line`` tells where its keys stand."""
    zone = definition.calendar.zone
    return ScenarioStep(
        number,
        line,
        spec.get("deal", scenario),
        moment(spec["at"], zone) if "at" in spec else None,
        duration(spec["after"]) if "after" in spec else None,
        spec.get("do"),
        people[spec["by"]] if "by" in spec else None,
        _given(definition, spec) if "do" in spec else {},
        _refused(spec.get("refused")),
        spec.get("then") or {},
    )


def _given(definition: ProcessDefinition, spec: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a step as the engine's method of its verb takes them."""
    command = COMMANDS[spec["do"]]
    found: dict[str, Any] = {}
    for argument in ARGUMENTS[command]:
        if argument.kind is ArgumentKind.PROCESS:
            found[argument.name] = definition.id
        elif argument.written in spec:
            value = spec[argument.written]
            found[argument.name] = localized(definition, value) if argument.kind is ArgumentKind.FIELD_VALUES else value
    if command.dated and "happened" in spec:
        found["happened"] = moment(spec["happened"], definition.calendar.zone)
    return found


def _refused(given: Any) -> tuple[ExpectedRefusal, ...] | str:
    if given is None:
        return ()
    if given == ANY:
        return ANY
    found: list[ExpectedRefusal] = []
    for item in [given] if isinstance(given, str) else given:
        if isinstance(item, str):
            found.append(ExpectedRefusal(item))
        else:
            found += [ExpectedRefusal(name, code) for name, code in item.items()]
    return tuple(found)


