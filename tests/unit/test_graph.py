"""Reach, asked once for a whole graph, agrees with walking from each node."""

from __future__ import annotations

import random

import pytest

from procdef.graph import Reach, reachable, reversed_graph


def some_graph(seed: int) -> dict[str, tuple[str, ...]]:
    chance = random.Random(seed)
    nodes = [f"n{number}" for number in range(chance.randint(0, 12))]
    return {node: tuple(chance.choice(nodes) for _ in range(chance.randint(0, 3))) for node in nodes}


@pytest.mark.parametrize("seed", range(200))
def test_reach_agrees_with_walking_from_each_node(seed: int) -> None:
    graph = some_graph(seed)
    reach = Reach.of(graph)
    for node in graph:
        assert reachable(graph, node) == {other for other in graph if reach.leads(node, other)}


@pytest.mark.parametrize("seed", range(200))
def test_circles_are_the_nodes_that_lead_to_each_other(seed: int) -> None:
    graph = some_graph(seed)
    ahead = {node: reachable(graph, node) for node in graph}
    behind = {node: reachable(reversed_graph(graph), node) for node in graph}
    circles = {ahead[node] & behind[node] for node in graph if node in ahead[node]}
    assert circles == set(Reach.of(graph).groups)


def test_a_long_way_needs_no_deep_stack() -> None:
    graph = {str(number): (str(number + 1),) for number in range(20_000)} | {"20000": ()}
    assert Reach.of(graph).leads("0", "20000")
