"""``advance``: move a deal forward."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional


@dataclass(frozen=True, slots=True)
class Advance:
    """Move DEAL forward, to STAGE where several ways are open."""

    verb: ClassVar[str] = "advance"
    dated: ClassVar[bool] = False

    to: Annotated[str | None, positional(ArgumentKind.NEXT_STAGE)] = None
    reason: Annotated[str | None, option(ArgumentKind.FREE_TEXT, "Why.")] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return f"{self.verb} from {here} to {self.to}" if self.to else f"{self.verb} from {here}"
