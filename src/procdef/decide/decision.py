"""What a decision comes to: entries for the log, or everything that stood in the step's way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from procdef.log.event import Data, Entry

Cause = Literal[
    "owner", "owned", "changed", "done_already", "no_decision", "unknown_decision", "unknown_kind", "no_such_file"
]
"""Which of its possible faults a code stands for. Of ``four-eyes``: the person owns the deal, owned it since a field that
the decision is about last changed, changed such a field last, or has approved already. Of ``bad-value``: the action is no
decision, a decision is neither approve nor reject, a note is of no known kind, a document is neither a file nor named with
its fingerprint."""

Remedy = Literal["go_back", "correct", "record_again"]
"""What mends a shut gate: to go back to the stage of the action first, to correct the value instead of recording it, or to
record it instead of correcting it."""


class Obstacle(NamedTuple):
    """One unmet thing. The log keeps ``code``, ``about`` and ``roles``; the rest is for advice.

    ``why`` is for people alone, with the values seen: nothing is decided by its words. ``fields`` are those that it turns
    on: what a criterion requires and is not filled in, what the person of ``four-eyes`` changed.
    """

    code: str
    about: tuple[str, ...]
    roles: tuple[str, ...] = ()
    why: str | None = None
    cause: Cause | None = None
    remedy: Remedy | None = None
    fields: tuple[str, ...] = ()

    @classmethod
    def from_log(cls, item: Mapping[str, Any]) -> Obstacle:
        """What the log keeps of an obstacle."""
        return cls(item["code"], tuple(item["about"]), tuple(item.get("roles", ())))

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
