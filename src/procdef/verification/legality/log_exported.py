"""What an export says that it was: a word of the log, and no free text, which might name somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procdef.log.event import Data
from procdef.verification.legality.event_in_context import Objection

_is_word = re.compile(r"proof|person|export [a-z][a-z0-9-]{0,15}").fullmatch


def objections(data: Data) -> Iterator[Objection]:
    """What is wrong with it."""
    if _is_word(data["what"]) is None:
        yield "proof, person, or export and the name of a format", "another text"
