"""``do``: complete an action."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional

APPROVE, REJECT = "approve", "reject"


@dataclass(frozen=True, slots=True)
class Do:
    """Complete ACTION of DEAL's present stage."""

    verb: ClassVar[str] = "do"
    dated: ClassVar[bool] = True

    action: Annotated[str, positional(ArgumentKind.ACTION)]
    values: Annotated[Mapping[str, object], positional(ArgumentKind.FIELD_VALUES)] = field(default_factory=dict)
    way: Annotated[str | None, option(ArgumentKind.WAY, "Which way it was done.")] = None
    evidence: Annotated[
        str | None,
        option(ArgumentKind.EVIDENCE, 'A note, an http(s) address, the path of a file, or "NAME sha256:HEX".'),
    ] = None
    decision: Annotated[
        str | None, option(ArgumentKind.WORD, "Decide", words=(APPROVE, REJECT), switches=True)
    ] = None
    note: Annotated[str | None, option(ArgumentKind.FREE_TEXT, "A note.")] = None

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return f"{self.verb} {self.action}"
