"""Whether a file declares scenarios, and what is wrong in a file of either kind.

What it takes to read scenarios is imported for those only: most that is checked are processes.
"""

from __future__ import annotations

import re
from pathlib import Path

from procdef.diagnostics import Diagnostic
from procdef.language import check, check_source
from procdef.language.yaml.file_bytes import file_bytes

_DECLARES = re.compile(rb"""(?:^|\A[\s{]*)["']?procdef-test["']?\s*:""", re.MULTILINE)


def declares_scenarios(source: bytes) -> bool:
    """Whether these bytes say that they are a file of scenarios."""
    return _DECLARES.search(source) is not None


def findings_in(path_or_source: Path | bytes, name: str) -> list[Diagnostic]:
    """Everything that is wrong in a file, sorted by place: in one of scenarios where it declares any, or else in a process."""
    source = path_or_source if isinstance(path_or_source, bytes) else file_bytes(path_or_source)
    if isinstance(source, bytes) and declares_scenarios(source):
        from procdef.scenarios.reading import read_scenarios

        return list(read_scenarios(source, name).findings)
    return check(path_or_source) if isinstance(path_or_source, Path) else check_source(path_or_source, name)
