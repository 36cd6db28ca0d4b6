"""``assign``: hand a deal to someone."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, positional


@dataclass(frozen=True, slots=True)
class Assign:
    """Hand DEAL to PERSON."""

    verb: ClassVar[str] = "assign"
    dated: ClassVar[bool] = False

    person: Annotated[str, positional(ArgumentKind.PERSON)]

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return "be assigned"
