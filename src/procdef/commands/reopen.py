"""``reopen``: take up a lost deal again."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take up the lost DEAL again, in the stage where it was."""

    verb: ClassVar[str] = "reopen"
    dated: ClassVar[bool] = False

    reason: Annotated[str | None, option(ArgumentKind.FREE_TEXT, "Why.")] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return "be reopened"
