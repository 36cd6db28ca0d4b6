"""Questions about directed graphs, given as a mapping from each node to the nodes it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Graph = Mapping[str, Iterable[str]]


def reachable(graph: Graph, *starts: str) -> frozenset[str]:
    """The nodes that one comes to from ``starts`` in one step or more (a start itself only over a cycle)."""
    found: set[str] = set()
    waiting = [target for start in starts for target in graph.get(start, ())]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(graph.get(node, ()))
    return frozenset(found)


def reversed_graph(graph: Graph) -> dict[str, tuple[str, ...]]:
    """The same graph with every edge the other way round."""
    found: dict[str, list[str]] = {node: [] for node in graph}
    for source, targets in graph.items():
        for target in targets:
            found.setdefault(target, []).append(source)
    return {node: tuple(sources) for node, sources in found.items()}


@dataclass(frozen=True, slots=True)
class Reach:
    """Which nodes one comes to from each node in one step or more, for many questions about one graph.

    ``order`` are the nodes, and ``place`` the bit that stands for each; ``bits`` has the bits of those one comes to.
    ``groups`` are the circles: nodes that all lead to each other, and none that lies in no circle.
    """

    order: tuple[str, ...]
    place: Mapping[str, int]
    bits: Mapping[str, int]
    groups: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, graph: Graph) -> Reach:
        """The reach in a graph; the time is that of its edges."""
        order = tuple(graph)
        place = {node: 1 << at for at, node in enumerate(order)}
        bits: dict[str, int] = {}
        groups = []
        for component in _components(graph):
            members, found = frozenset(component), 0
            for target in (target for node in component for target in graph[node]):
                found |= place[target] | bits.get(target, 0)
            if any(target in members for node in component for target in graph[node]):
                groups.append(members)
            bits.update(dict.fromkeys(component, found))
        return cls(order, place, bits, tuple(groups))

    def leads(self, one: str, other: str) -> bool:
        """Whether one comes from the first node to the second."""
        return one in self.bits and bool(self.bits[one] & self.place[other])


def _components(graph: Graph) -> Iterator[list[str]]:
    """The strongly connected components, each after all those that it leads to (Tarjan's way, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: dict[str, None] = {}
    for root in graph:
        if root in index:
            continue
        path = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        open_nodes[root] = None
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _taken(open_nodes, node)
            elif target not in index:
                index[target] = low[target] = len(index)
                open_nodes[target] = None
                path.append((target, iter(graph[target])))
            elif target in open_nodes:
                low[node] = min(low[node], index[target])


def _taken(open_nodes: dict[str, None], root: str) -> list[str]:
    """The nodes that were opened from ``root`` on, which are closed thereby."""
    component = []
    while True:
        node, _ = open_nodes.popitem()
        component.append(node)
        if node == root:
            return component
