"""Holds back what rules and expressions say about parts of a file that have a fault of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from procdef.diagnostics import Finding, Route
from procdef.language.draft import Draft
from procdef.language.pruning import touches
from procdef.language.rules import RULES
from procdef.language.shape.suggested_forms import identifier
from procdef.language.yaml.nodes import ScalarNode, find
from procdef.language.yaml.tree import Tree

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SOUND_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_MENTIONS = {"unknown-field": "fields", "unknown-role": "roles", "unknown-stage": "stages", "unknown-action": "stages"}


def told(tree: Tree, held_back: frozenset[Route], faults: Iterable[Finding]) -> tuple[Finding, ...]:
    """The faults inside expressions that are not the consequence of a faulty field, stage or action named there."""
    shaken = {step for route in held_back for one in _declares(route) for step in (one, identifier(str(one)))}
    everything = ("fields",) in held_back
    return tuple(
        fault
        for fault in faults
        if not everything and not touches(held_back, fault.place.route) and not shaken & _names(tree, fault.place.route)
    )


def _declares(route: Route) -> Iterator[str | int]:
    """The ids on a route that expressions could name."""
    if route[0] == "fields":
        yield from route[1:]
    elif route[0] == "stages" and len(route) == 2:
        yield route[1]
    elif route[0] == "stages" and len(route) in (3, 4) and route[2] in ("required_actions", "optional_actions"):
        yield route[-1] if len(route) == 4 else route[1]


def _names(tree: Tree, route: Route) -> set[str]:
    entry = find(tree.root, route)
    return set(_NAME.findall(entry.value.text)) if entry and isinstance(entry.value, ScalarNode) else set()


def judged(draft: Draft) -> Iterator[Finding]:
    """What the rules find in the sound parts of a draft."""
    ill = {(route[0], str(route[-1])) for route in draft.held_back if not _SOUND_ID.fullmatch(str(route[-1]))}
    for rule in RULES:
        if rule.check is None:
            continue
        for finding in rule.check(draft):
            missed = _MENTIONS.get(finding.code)
            if rule.family != "graph" and touches(draft.held_back, finding.place.route):
                continue
            if missed is None or not _meant(finding, missed, draft.held_back, ill):
                yield finding


def _meant(finding: Finding, collection: str, held_back: frozenset[Route], ill: set[tuple[str | int, str]]) -> bool:
    """Whether what a mention misses is held back: all of its kind, or an ill-formed id that it is or comes near to."""
    names = (finding.subject, *finding.candidates)
    return (collection,) in held_back or any((collection, name) in ill for name in names if name)
