"""The comments of a YAML text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procdef.language.yaml.nodes import Stretch

_COMMENT = re.compile(r"(?:(?<=[ \t\r\n\ufeff])|(?<!.))#[^\r\n]*")


def comments(text: str, hashes: list[Stretch]) -> Iterator[Stretch]:
    """The comments of a text; ``hashes`` are its values with a ``#`` in them, in order."""
    values = iter(hashes)
    value = next(values, None)
    for match in _COMMENT.finditer(text):
        while value is not None and value.end <= match.start():
            value = next(values, None)
        if value is None or match.start() < value.start:
            yield Stretch(match.start(), match.end())
