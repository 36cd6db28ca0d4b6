"""Questions about directed graphs, given as a mapping from each node to the nodes it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
