"""What is wrong in a file of any kind: a process, or what stands beside one.

What it takes to read a kind of file is imported for files of that kind only: most that is checked are processes.
"""

from __future__ import annotations

from pathlib import Path

from procdef.diagnostics import Diagnostic
from procdef.language.check import Prover, check_source
from procdef.language.file_kinds import ASSUMPTIONS, PEOPLE, PLAN, SCENARIOS, kind_of
from procdef.language.file_or_text import file_or_text


def check(path_or_text: Path | str, *, prove: Prover | None = None) -> list[Diagnostic]:
    """Everything that is wrong in a process, scenarios, a directory of people, a plan or assumptions, sorted by place.

    Never raises for what the file holds; one that says nothing of its kind is held to be a process. A ``Path`` is always a
    file. A ``str`` is a file when it names one or ends in ``.yaml`` or ``.yml``; else, and always when it has a line break, it
    is text. A file that cannot be read gives one finding with the reason. With ``prove=procdef.proof.findings`` it also tells
    what can be proved of a process without errors.
    """
    given = file_or_text(path_or_text)
    return [given] if isinstance(given, Diagnostic) else check_bytes(*given, prove=prove)


def check_bytes(source: bytes, name: str, *, prove: Prover | None = None) -> list[Diagnostic]:
    """What is wrong in the bytes of a file, as ``check`` tells it; ``name`` stands as its path.

    What such a file names, as scenarios name their process, is looked for from the folder of that name.
    """
    kind = kind_of(source)
    if kind is SCENARIOS:
        from procdef.scenarios.reading import read_scenarios

        return list(read_scenarios(source, name).findings)
    if kind is ASSUMPTIONS:
        from procdef.simulation.assumptions.reading import read_assumptions

        return list(read_assumptions(source, name).findings)
    if kind is PEOPLE:
        from procdef.language.people.check import check_people_source

        return check_people_source(source, name)[1]
    if kind is PLAN:
        from procdef.language.plans.check import findings_in_plan

        return findings_in_plan(source, name)
    return check_source(source, name, prove=prove)
