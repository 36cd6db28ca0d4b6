"""``back``: return a deal to an earlier stage."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional


@dataclass(frozen=True, slots=True)
class Back:
    """Return DEAL to an earlier STAGE."""

    verb: ClassVar[str] = "back"
    dated: ClassVar[bool] = False

    to: Annotated[str, positional(ArgumentKind.EARLIER_STAGE)]
    reason: Annotated[str | None, option(ArgumentKind.FREE_TEXT, "Why.")] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return f"go {self.verb} from {here} to {self.to}"
