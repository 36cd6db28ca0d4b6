"""A fix as it must be written into the file, where the style of the value asks for more than the fix alone."""

from __future__ import annotations

import re
from dataclasses import replace

from procdef.diagnostics import Finding, Place, Route
from procdef.language.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, find
from procdef.language.yaml.quoting import quoted
from procdef.language.yaml.tree import Tree

_SPOILS = re.compile(r"""^[-?:,\[\]{}#&*!|>'"%@`]|:(?=\s|$)|\s#|^$""")
_SPOILS_IN_BRACKETS = re.compile(r"[,\[\]{}]")


def fitted(tree: Tree, finding: Finding) -> Finding:
    """The finding with a fix that can stand in its place in the file, or without one where none can."""
    place, fix = finding.place, finding.fix
    if fix is None or place.part != "value":
        return finding
    entry = find(tree.root, place.route)
    if entry is None:
        return replace(finding, fix=None)
    node = entry.value
    if not isinstance(node, ScalarNode):
        return finding if node.flow else replace(finding, fix=None)
    if place.start is None:
        return _as_items(tree, finding)
    end = place.start + 1 if place.end is None else max(place.end, place.start)
    whole = node.text[: place.start] + fix + node.text[end:]
    if node.style == '"':
        return replace(finding, fix=fix.replace("\\", "\\\\").replace('"', '\\"'))
    if node.style == "'":
        return replace(finding, fix=fix.replace("'", "''"))
    bare = not node.style
    spoilt = bare and (_SPOILS.search(whole) or (_SPOILS_IN_BRACKETS.search(whole) and _in_brackets(tree.root, place.route)))
    if not spoilt:
        return finding
    return replace(finding, place=Place(place.route), fix=quoted(" ".join(whole.split())))


def _as_items(tree: Tree, finding: Finding) -> Finding:
    """A finding on an item of a list that names several: in a list of lines each needs a dash, so no fix can stand there."""
    route, fix = finding.place.route, finding.fix or ""
    single = finding.code != "bad-id" or "," not in fix or not route or not isinstance(route[-1], int)
    if single or _in_brackets(tree.root, route):
        return finding
    return replace(finding, fix=None, details={**finding.details, "fix": " and ".join(f"- {one}" for one in fix.split(", "))})


def _in_brackets(root: Node, route: Route) -> bool:
    """Whether a value stands in brackets."""
    node = root
    for step in route:
        if node.flow if isinstance(node, MappingNode | SequenceNode) else False:
            return True
        entry = find(node, (step,))
        if entry is None:
            return False
        node = entry.value
    return False
