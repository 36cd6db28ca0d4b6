"""Whether a file declares scenarios, and what is wrong in a file of either kind.

What it takes to read scenarios is imported for those only: most that is checked are processes.
"""

from __future__ import annotations

import re
from pathlib import Path

from procdef.diagnostics import Diagnostic
from procdef.language import check, check_source
from procdef.language.check import Prover
from procdef.language.yaml.file_bytes import file_bytes

_DECLARES = re.compile(rb"""(?:^|\A[\s{]*)["']?procdef-test["']?\s*:""", re.MULTILINE)


def declares_scenarios(source: bytes) -> bool:
    """Whether these bytes say that they are a file of scenarios."""
    return _DECLARES.search(source) is not None


def findings_in(path_or_source: Path | bytes, name: str, prove: Prover | None = None) -> list[Diagnostic]:
    """Everything that is wrong in a file, sorted by place: in one of scenarios where it declares any, or else in a process.

    ``prove`` is what looks through a process without errors for more than the rules find.
    """
    source = path_or_source if isinstance(path_or_source, bytes) else file_bytes(path_or_source)
    if isinstance(source, bytes) and declares_scenarios(source):
        from procdef.scenarios.reading import read_scenarios

        return list(read_scenarios(source, name).findings)
    if isinstance(path_or_source, Path):
        return check(path_or_source, prove=prove)
    return check_source(path_or_source, name, prove=prove)
