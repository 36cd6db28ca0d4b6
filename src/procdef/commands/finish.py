"""``finish``: close a won deal at the end of its process."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Finish:
    """Close the won DEAL at the end of its process."""

    verb: ClassVar[str] = "finish"
    dated: ClassVar[bool] = False

    def attempt(self, here: str) -> str:
        """What a refusal says that the deal cannot do."""
        return self.verb
