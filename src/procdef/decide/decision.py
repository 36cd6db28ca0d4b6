"""What a decision comes to: entries for the log, or everything that stood in the step's way."""

from __future__ import annotations

from typing import Any, NamedTuple

from procdef.log.event import Data, Entry


class Obstacle(NamedTuple):
    """One unmet thing, as the log knows it (``code``, ``about``, ``roles``) and, for people, ``why`` with the values seen."""

    code: str
    about: tuple[str, ...]
    roles: tuple[str, ...] = ()
    why: str | None = None

    def logged(self) -> dict[str, Any]:
        """As the log writes it."""
        item: dict[str, Any] = {"code": self.code, "about": list(self.about)}
        if self.roles:
            item["roles"] = sorted(self.roles)
        return item


class Decision(NamedTuple):
    """The step is allowed: these entries are to be written, in order. ``waivers`` are the criteria waived for it."""

    entries: tuple[Entry, ...]
    waivers: tuple[str, ...] = ()


class Refusal(NamedTuple):
    """The step is not allowed; ``entry`` is the ``step.refused`` that goes on record."""

    obstacles: tuple[Obstacle, ...]
    entry: Entry


class Stopped(Exception):
    """An obstacle that stands alone: looking further makes no sense."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(obstacle.code)


def without_empty(data: Data) -> Data:
    """The data without keys that have nothing to say."""
    return {key: value for key, value in data.items() if value or (value is not None and value != () and value != [])}
