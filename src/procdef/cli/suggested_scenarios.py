"""``procdef test --suggest``: scenarios for what is not tried yet, to be pasted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from procdef.cli.global_options import Settings
from procdef.cli.output import echo
from procdef.scenarios.coverage import Coverage
from procdef.scenarios.suggesting import suggest
from procdef.scenarios.suggesting.pasting import pasted, told

if TYPE_CHECKING:
    from procdef.scenarios.model import ScenarioFile
    from procdef.scenarios.suggesting import Suggestions


def show_suggestions(
    now: Settings, coverage: Coverage, file: ScenarioFile | None, process: Path | None, alone: bool = True
) -> None:
    """Print scenarios that try what is not tried of a process: for the end of ``file``, where that is ``alone`` and they fit
    there, or for a new one beside it, or beside ``process``."""
    name = coverage.definition.name
    if not coverage.missing:
        now.show(f"{name}: all of it is tried already, so there is nothing to suggest", err=True)
        return
    people = file.people if file is not None else {}
    names = {each.id for each in file.scenarios} if file is not None else set()
    directory = file.directory if file is not None and alone else None
    found = suggest(coverage, people, names, directory)
    if now.json:
        _show_json(found)
        return
    if not found.scenarios:
        lines = "\n".join(f"  {told(item)}: {why}" for item, why in found.left)
        now.show(f"{name}: nothing can be suggested for what is not tried:\n{lines}", err=True)
        return
    written = file.process if file is not None else process.name if process is not None else "process.yaml"
    text, whole = pasted(found, written, file if alone else None)
    if whole and found.directory is not None:  # a file of its own has its own people
        found = suggest(coverage, people, names)
        text, whole = pasted(found, written, None)
    echo(text, newline=False)
    after = sum(not tried for tried in coverage.tried.values()) - sum(len(each.tries) for each in found.scenarios)
    count = f"{len(found.scenarios)} scenario{'s' * (len(found.scenarios) != 1)}"
    of = len(coverage.tried)
    beside = file.name if file is not None else process
    where = f"into a file of its own beside {beside}" if whole else f"at the end of {beside}"
    if not now.quiet:
        now.show(f"{name}: {count}, with which {of - after} of {of} are tried; they belong {where}", err=True)


def _show_json(found: Suggestions) -> None:
    for each in found.scenarios:
        line = {"scenario": each.name, "title": each.title, "at": each.at, "steps": [dict(step) for step in each.steps],
                "tries": [item._asdict() for item in each.tries]}  # fmt: skip
        echo(json.dumps({"suggestion": line}, ensure_ascii=False, default=str))
    if found.new:
        echo(json.dumps({"people": {who: list(roles) for who, roles in found.new.items()}}, ensure_ascii=False))
    for item, why in found.left:
        echo(json.dumps({"left": {**item._asdict(), "why": why}}, ensure_ascii=False))


class Untested(NamedTuple):
    """A process that has no scenarios, with everything of it untried."""

    coverage: Coverage
    path: Path | None


def without_scenarios(files: tuple[str, ...], now: Settings) -> Untested | None:
    """The process that a single file is, where no scenarios lie beside it. Raises ``DefinitionInvalid`` where it has errors."""
    from procdef.cli.named_process import named_process
    from procdef.language.file_kinds import PROCESS
    from procdef.language.yaml_files import kind_of_file
    from procdef.scenarios.discovery import beside

    path = Path(files[0])
    if len(files) > 1 or kind_of_file(path) is not PROCESS or beside(path):
        return None
    return Untested(Coverage.of(named_process(files[0], now).definition()), path)


def only_one(every: list[Coverage]) -> Coverage:
    """What is tried of the one process that the files test. Raises ``click.UsageError`` where they test several."""
    if len(every) > 1:
        names = ", ".join(each.definition.name for each in every)
        raise click.UsageError(
            f"these files test {len(every)} processes ({names}), and what is suggested belongs into one file; name the file of "
            "scenarios, or the process"
        )
    return every[0]
