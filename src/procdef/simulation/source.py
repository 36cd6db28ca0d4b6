"""Where the assumptions of a simulation are from, and what was changed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Source:
    """Assumptions taken from the ``process`` itself, from the ``file`` of that name, or fitted to the ``log`` of that name.
    ``sets`` are the settings, as they were given: of the ``second`` process, where two are compared, else of the one."""

    kind: Literal["process", "file", "log"]
    name: str = ""
    sets: tuple[str, ...] = ()
    second: str | None = None

    @property
    def text(self) -> str:
        """The same in English."""
        of = {"process": "taken from the process itself", "file": self.name, "log": f"fitted to {self.name}"}
        begins = of[self.kind]
        changed = f" with {', '.join(self.sets)}" if self.sets else ""
        return begins + (changed if self.second is None else f"; the second is {self.second}{changed}")
