"""``note``: write down what was said or done."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional

KINDS = ("call", "email", "meeting")


@dataclass(frozen=True, slots=True)
class Note:
    """Write TEXT to DEAL's log."""

    verb: ClassVar[str] = "note"
    dated: ClassVar[bool] = True

    text: Annotated[str, positional(ArgumentKind.FREE_TEXT, written="note")]
    kind: Annotated[str | None, option(ArgumentKind.WORD, "What it was.", words=KINDS)] = None
    objection: Annotated[
        str | None,
        option(ArgumentKind.OBJECTION, "The objection that was raised, of the present stage's playbook."),
    ] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return "take this note"
