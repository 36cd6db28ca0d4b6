"""What becomes of deals that go over to another version of their process: a plan as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from procdef.log.canonical import encode

if TYPE_CHECKING:
    from procdef.language.companion_files import Companion

FORMAT = 1
"""The number behind ``procdef-plan:``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan whose shape is sound. ``stages``, ``fields`` and ``actions`` hold new ids by the old ones, ``None`` for what is
    dropped; an id that is not among them keeps its name, where the new version has it and it is of the same kind. ``set`` are
    values for fields of the new version that have none, as they were written; ``void`` are actions of the new version whose
    completions end. ``file`` tells the places of what is wrong, where the plan came from one.
    """

    process: str
    versions: tuple[int, ...]
    to: int
    stages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str | None] = field(default_factory=dict)
    actions: Mapping[str, str | None] = field(default_factory=dict)
    set: Mapping[str, Any] = field(default_factory=dict)
    void: tuple[str, ...] = ()
    file: Companion | None = field(default=None, repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """The hash of what it says, by which events name it: of canonical JSON, so that comments and notation do not count."""
        return sha256(encode(self.as_dict())).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The plan in its one form: with versions and actions in their order, and without what is empty."""
        said: dict[str, Any] = {
            "procdef-plan": FORMAT,
            "process": self.process,
            "from": sorted(self.versions),
            "to": self.to,
        }
        more = {
            "stages": dict(self.stages),
            "fields": dict(self.fields),
            "actions": dict(self.actions),
            "set": {name: _written(value) for name, value in self.set.items()},
            "void": sorted(self.void),
        }
        return said | {name: value for name, value in more.items() if value}


def _written(value: Any) -> Any:
    """A value of a file in JSON, where numbers with a point are text."""
    if isinstance(value, list):
        return [_written(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    return value if value is None or isinstance(value, bool | int | str) else str(value)
