"""The directory of people that a file of scenarios names."""

from __future__ import annotations

from pathlib import Path

from procdef.diagnostics import Finding, Place, Severity, nearest
from procdef.directory import Directory
from procdef.language.file_kinds import PEOPLE
from procdef.language.named_files import named_file
from procdef.language.people.check import check_people_source
from procdef.model import ProcessDefinition

_ROUTE = ("people",)


def directory_named(
    name: str, written: str, definition: ProcessDefinition | None
) -> tuple[Directory | None, list[Finding]]:
    """The directory in the file ``written``, from where the file called ``name`` lies, and why it cannot be used, if so.

    ``definition`` is the process whose roles count.
    """
    path = Path(name).parent / written
    source = named_file(path, PEOPLE)
    if isinstance(source, str):
        return None, [_unreadable(path, written, source)]
    directory, found = check_people_source(source, str(path), [] if definition is None else [definition])
    errors = [one for one in found if one.severity is Severity.ERROR]
    if errors:
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        first = errors[0]
        return None, [_unreadable(path, written, f"it has {count}, the first in line {first.span.line}: {first.message}")]
    if directory is None or not directory.people:
        return None, [_unreadable(path, written, "nobody is in it")]
    return directory, []


def _unreadable(path: Path, written: str, why: str) -> Finding:
    lost = not path.exists() and path.parent.is_dir()
    found = nearest(path.name, [one.name for one in path.parent.glob("*.y*ml")]) if lost else None
    near = None if found is None else written.removesuffix(path.name) + found
    return Finding(
        "unreadable-people",
        Place(_ROUTE),
        'the people in "{subject}" cannot take steps: {why}{hint}',
        fix=near,
        subject=written,
        kind="file",
        candidates=(near,) if near else (),
        details={"why": why},
    )
