"""The directory of people that a file of scenarios names."""

from __future__ import annotations

from pathlib import Path

from procdef.diagnostics import Finding, Severity
from procdef.directory import Directory
from procdef.language.file_kinds import PEOPLE
from procdef.language.named_files import named_file, told_errors, unusable
from procdef.language.people.check import check_people_source
from procdef.model import ProcessDefinition


def directory_named(
    name: str, written: str, definition: ProcessDefinition | None
) -> tuple[Directory | None, list[Finding]]:
    """The directory in the file ``written``, from where the file called ``name`` lies, and why it cannot be used, if so.

    ``definition`` is the process whose roles count.
    """
    path = Path(name).parent / written
    source = named_file(path, PEOPLE)
    if isinstance(source, str):
        return None, [_unusable(path, written, source)]
    directory, found = check_people_source(source, str(path), [] if definition is None else [definition])
    errors = [one for one in found if one.severity is Severity.ERROR]
    if errors:
        return None, [_unusable(path, written, f"it {told_errors(errors)}")]
    if directory is None or not directory.people:
        return None, [_unusable(path, written, "nobody is in it")]
    return directory, []


def _unusable(path: Path, written: str, why: str) -> Finding:
    sentence = 'the people in "{subject}" cannot take steps: {why}{hint}'
    return unusable("unreadable-people", "people", path, written, sentence, why=why)
