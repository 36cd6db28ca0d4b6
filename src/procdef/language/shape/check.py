"""Checks the shape of a tree: first against the JSON Schema, then against the rules that a schema cannot express."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from procdef.diagnostics import Finding, Route, lies_in
from procdef.language.faulty_parts import Faulty, faulty_parts, without_faulty
from procdef.language.shape.beyond_schema import own_findings
from procdef.language.shape.quick_validation import fits
from procdef.language.shape.schema_keys import schema_file
from procdef.language.yaml.nodes import Node, plain
from procdef.language.yaml.tree import Tree

_MOST_FAULTS = 1000
"""With so many, the others and what follows from them are left for the next run."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is wrong in the shape of a file, its sound values (None where they mean nothing), and which parts are faulty."""

    findings: tuple[Finding, ...]
    value: dict[str, Any] | None
    faulty: Faulty


def fits_schema(root: Node) -> bool:
    """Whether a read file surely fits the schema of the language."""
    return fits(plain(root), schema_file(), schema_file())


def check_shape(tree: Tree, published: bool = False) -> Shape:
    """Check a tree against the schema and, unless it was accepted once and ``published``, its sound values against the rules
    that a schema cannot express."""
    value: Any = plain(tree.root)
    every = [] if fits(value, schema_file(), schema_file()) else _explained(value)
    first = [finding for finding in every if not _known(tree.faulty, finding)]
    newer = [finding for finding in first if finding.code == "newer-language"]
    if newer or not isinstance(value, dict) or len(every) == _MOST_FAULTS:
        return Shape(tuple(newer or first), None, Faulty())
    first = _with_suggestions(tree, value, _at_root(first))
    faulty = Faulty((tree.faulty - {()}) | faulty_parts(every) | _missing_at_top(value))
    sound = without_faulty(value, every)
    second = [] if published else list(own_findings(sound, faulty))
    told = [finding for finding in second if not faulty.touches(finding.place.route)]
    return Shape((*first, *told), without_faulty(sound, second), faulty | faulty_parts(second))


def _explained(value: Any) -> list[Finding]:
    from procdef.language.shape.schema_findings import schema_findings  # only faulty files need it

    return list(islice(schema_findings(value), _MOST_FAULTS))


def _with_suggestions(tree: Tree, value: dict[str, Any], findings: list[Finding]) -> list[Finding]:
    if not findings:
        return []
    from procdef.language.shape.dashed_entries import entries_told
    from procdef.language.shape.suggested_ids import pointed  # only faulty files need it

    return [pointed(value, finding) for finding in entries_told(tree, value, findings)]


def _known(faulty: frozenset[Route], finding: Finding) -> bool:
    """Whether reading has already found a fault at a place. A faulty key only explains a missing key of its mapping."""
    route = finding.place.route
    if () in faulty and not route and finding.code == "missing-key":
        return True
    return lies_in(route, faulty)


def _missing_at_top(value: dict[str, Any]) -> frozenset[Route]:
    return frozenset((key,) for key in ("languages", "roles", "fields", "stages") if key not in value)


def _at_root(findings: list[Finding]) -> list[Finding]:
    """The findings without uses of an ill-formed id, and without missing keys that are only misspelt."""
    hollow = {f.place.route[:-1] for f in findings if _is_hollow(f)}
    findings = [f for f in findings if f.place.route[:-1] not in hollow or _is_hollow(f)]
    misspelt = {(f.place.route[:-1], f.fix) for f in findings if f.code == "unknown-key"}
    findings = [f for f in findings if f.code != "missing-key" or (f.place.route, f.subject) not in misspelt]
    declared = {f.subject for f in findings if f.code == "bad-id" and f.place.part == "key"}
    return [f for f in findings if not (f.code == "bad-id" and f.place.part == "value" and f.subject in declared)]


def _is_hollow(finding: Finding) -> bool:
    """Whether a finding is about a key that has nothing below it."""
    return finding.code == "wrong-type" and finding.kind == "key"
