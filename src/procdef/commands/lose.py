"""``lose``: mark a deal as lost."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional


@dataclass(frozen=True, slots=True)
class Lose:
    """Mark DEAL as lost for REASON, one of those that the process names."""

    verb: ClassVar[str] = "lose"
    dated: ClassVar[bool] = False

    reason: Annotated[str | None, positional(ArgumentKind.LOSS_REASON)] = None
    note: Annotated[str | None, option(ArgumentKind.FREE_TEXT, "What happened.")] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return "be lost"
