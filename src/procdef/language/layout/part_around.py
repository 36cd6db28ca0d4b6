"""The part of a file around an edit, which is read before the whole file is: most edits leave it unreadable."""

from __future__ import annotations

import re

import yaml

from procdef.language.layout.edits import Edit
from procdef.language.layout.source_lines import SourceLines

_ENTRY = re.compile(r"[ ]{0,2}[\w-]+:(?=\s|$)")
"""A line that begins what stands directly below a key of the file, such as a stage, or such a key."""
_LEAST = 8_000
"""Characters of a file that is read as a whole at once."""


def may_be_read(source: SourceLines, edit: Edit) -> bool:
    """Whether what an edit leaves in its part of the file can be read as YAML; of a short file nothing is said."""
    if len(source.text.text) < _LEAST:
        return True
    lines = source.lines
    first = next((at for at in range(edit.first - 1, -1, -1) if _ENTRY.match(lines[at])), 0)
    last = next((at for at in range(edit.end, len(lines)) if _ENTRY.match(lines[at])), len(lines))
    head = next((at for at in range(first, -1, -1) if _ENTRY.match(lines[at]) and source.indents[at] == 0), first)
    above = [lines[head]] if head < first and lines[head].rstrip().endswith(":") else []
    part = "\n".join((*above, *lines[first : edit.first], *edit.lines, *lines[edit.end : last]))
    try:
        for _ in yaml.parse(part, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            pass
    except yaml.YAMLError:
        return False
    return True
