"""The nodes of a YAML file: values with the places where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from procdef.diagnostics import Route

Plain = None | bool | int | Decimal | str | dict[str, "Plain"] | list["Plain"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the file. ``start`` and ``end`` are character offsets in its text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value. ``text`` is what YAML made of it; ``style`` is empty (plain), ``'``, ``"``, ``|`` or ``>``."""

    value: bool | int | Decimal | str | None
    text: str
    style: str
    at: Stretch


@dataclass(frozen=True, slots=True)
class MappingEntry:
    """A key with its value. ``at`` is where the value stands here (for an alias, the alias itself)."""

    key: Stretch
    value: Node
    at: Stretch


@dataclass(slots=True)
class MappingNode:
    """A mapping in the order of the file."""

    at: Stretch
    flow: bool
    entries: dict[str, MappingEntry] = field(default_factory=dict)


@dataclass(slots=True)
class SequenceNode:
    """A list. Its entries have the stretch of the item as their key."""

    at: Stretch
    flow: bool
    entries: list[MappingEntry] = field(default_factory=list)
    _named: dict[object, MappingEntry] | None = None

    @property
    def named(self) -> dict[object, MappingEntry]:
        """The entries that are single values, by these; of equal ones the first."""
        if self._named is None:
            singles = [entry for entry in reversed(self.entries) if isinstance(entry.value, ScalarNode)]
            self._named = {entry.value.value: entry for entry in singles if isinstance(entry.value, ScalarNode)}
        return self._named


Node = ScalarNode | MappingNode | SequenceNode


def plain(node: Node) -> Plain:
    """The bare value of a node: dicts, lists, text, numbers, booleans, None."""
    if isinstance(node, MappingNode):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, SequenceNode):
        return [plain(entry.value) for entry in node.entries]
    return node.value


def find(root: Node, route: Route) -> MappingEntry | None:
    """The entry at a route, or None where the file has none (the root is no entry).

    Where ids are listed, or one stands alone, a step may name the id: ``next: booking`` has the route ``next``,
    ``booking`` just as ``next: [booking]`` and ``next: {booking: ...}`` have.
    """
    node, entry = root, None
    for step in route:
        entry = _step(node, step, entry)
        if entry is None:
            return None
        node = entry.value
    return entry


def _step(node: Node, step: str | int, entry: MappingEntry | None) -> MappingEntry | None:
    if isinstance(node, MappingNode):
        return node.entries.get(step) if isinstance(step, str) else None
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return node.entries[step] if step < len(node.entries) else None
    # An action of the same stage may be named without its stage.
    ids = (step, str(step).rpartition(".")[2])
    if isinstance(node, SequenceNode):
        return next((node.named[name] for name in ids if name in node.named), None)
    return MappingEntry(entry.at, node, entry.at) if entry and node.value in ids else None
