"""``waive``: let a criterion pass this once."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional


@dataclass(frozen=True, slots=True)
class Waive:
    """Let CRITERION (or STAGE.CRITERION) of DEAL pass this once."""

    verb: ClassVar[str] = "waive"
    dated: ClassVar[bool] = False

    criterion: Annotated[str, positional(ArgumentKind.CRITERION)]
    reason: Annotated[str | None, option(ArgumentKind.FREE_TEXT, "Why.")] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return f"{self.verb} {self.criterion}"
