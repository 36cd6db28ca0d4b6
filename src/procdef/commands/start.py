"""``start``: begin a deal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from procdef.commands.argument import ArgumentKind, option, positional


@dataclass(frozen=True, slots=True)
class Start:
    """Start a deal under the highest published version of PROCESS."""

    verb: ClassVar[str] = "start"
    dated: ClassVar[bool] = False

    process: Annotated[str, positional(ArgumentKind.PROCESS)]
    stage: Annotated[
        str | None, option(ArgumentKind.START_STAGE, "The stage to start in, where the process has several.")
    ] = None
    origin: Annotated[
        str | None, option(ArgumentKind.DEAL, "The deal that this one continues.", written="from")
    ] = None
    values: Annotated[Mapping[str, object], positional(ArgumentKind.FIELD_VALUES)] = field(default_factory=dict)

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return f"start in {self.stage}" if self.stage else self.verb
