"""``record``: set fields of a deal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional


@dataclass(frozen=True, slots=True)
class Record:
    """Set fields of DEAL; an empty value unsets the field."""

    verb: ClassVar[str] = "record"
    dated: ClassVar[bool] = False

    values: Annotated[Mapping[str, object], positional(ArgumentKind.FIELD_VALUES)]
    correct: Annotated[bool, option(ArgumentKind.SWITCH, "Mend a typing error behind a shut gate.")] = False
    reason: Annotated[
        str | None, option(ArgumentKind.FREE_TEXT, "Why it is corrected.", only_with="correct")
    ] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return "take these values"
