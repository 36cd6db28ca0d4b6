"""What is wrong in a file of any kind that stands beside a process, or is one.

What it takes to read assumptions is imported for those only: most that is checked are processes.
"""

from __future__ import annotations

import re
from pathlib import Path

from procdef.diagnostics import Diagnostic
from procdef.language.check import Prover
from procdef.language.yaml.file_bytes import file_bytes
from procdef.scenarios import declaration

_DECLARES = re.compile(rb"""(?:^|\A[\s{]*)["']?procdef-assumptions["']?\s*:""", re.MULTILINE)


def declares_assumptions(source: bytes) -> bool:
    """Whether these bytes say that they are a file of assumptions."""
    return _DECLARES.search(source) is not None


def findings_in(path_or_source: Path | bytes, name: str, prove: Prover | None = None) -> list[Diagnostic]:
    """Everything that is wrong in a file, sorted by place: one of assumptions, of scenarios, of people, a plan or a process.

    ``prove`` is what looks through a process without errors for more than the rules find.
    """
    source = path_or_source if isinstance(path_or_source, bytes) else file_bytes(path_or_source)
    if isinstance(source, bytes) and declares_assumptions(source):
        from procdef.simulation.assumptions.reading import read_assumptions

        return list(read_assumptions(source, name).findings)
    return declaration.findings_in(path_or_source, name, prove)
