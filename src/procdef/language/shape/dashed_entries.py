"""Entries with an id that were written as a list: ``- price: {type: money}``, ``[fair: Trade fair, web: Web]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from procdef.diagnostics import Finding, Place, Route
from procdef.language.shape.schema_keys import takes_mapping
from procdef.language.shape.suggested_forms import plain
from procdef.language.yaml.nodes import SequenceNode, find
from procdef.language.yaml.tree import Tree

_IDS = ("id", "key", "name", "code")


def entries_told(tree: Tree, value: object, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, with one on all entries of such a list in the place of what was told of the list or of each entry."""
    told: set[Route] = set()
    for finding in findings:
        route = finding.place.route
        lists = [one for one in (route, route[:-1]) if finding.code == "wrong-type" and one not in told]
        found = next((entry for one in lists if (entry := _listed(tree, value, one)) is not None), None)
        if found is not None:
            told.update((route, route[:-1]) if isinstance(route[-1], int) else (route,))
            yield found
        elif not (finding.code == "wrong-type" and (route in told or (route[-1:] and route[:-1] in told))):
            yield finding


def _listed(tree: Tree, value: object, route: Route) -> Finding | None:
    """The finding on a list of mappings where entries with ids may stand, or nothing where it is no such list."""
    entry, items = find(tree.root, route), _at(value, route)
    if entry is None or not isinstance(entry.value, SequenceNode) or not isinstance(items, list) or not takes_mapping(route):
        return None
    if not items or not all(isinstance(item, dict) and item for item in items):
        return None
    single = all(len(item) == 1 for item in items)
    form = _form({key: inner for item in items for key, inner in item.items()}) if single and entry.value.flow else None
    if form is not None:
        sentence = "entries with ids are written in braces; write {key}: {fix}"
        return Finding("wrong-type", Place(route), sentence, fix=form, subject=str(route[-1]), kind="key", key=str(route[-1]))
    named = next((key for key in _IDS if isinstance(items[0].get(key), str)), None)
    # What has nothing beside it is the id, whether its own keys stand below it or under it.
    headed = single or all(next(iter(item.values())) is None for item in items)
    subject = str(items[0][named] if named else next(iter(items[0])) if headed else "an_id")
    if named:
        sentence = 'an entry of `{key}` begins with its id, without a dash; write "{subject}:" for "- {named}: {subject}"'
    elif headed:
        sentence = 'an entry of `{key}` begins with its id, without a dash; write "{subject}:" for "- {subject}:"'
    else:
        sentence = "an entry of `{key}` begins with an id, without a dash; write an id and a colon above the keys of this one"
    place = Place((*route, 0, named or next(iter(items[0]))), "key")
    return Finding("wrong-type", place, sentence, subject=subject, kind="key", key=str(route[-1]), details={"named": named})


def _at(value: Any, route: Route) -> Any:
    for step in route:
        held = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        value = value[step] if held else None
    return value


def _form(value: Any) -> str | None:
    if isinstance(value, dict):
        parts = [(key, _form(inner)) for key, inner in value.items()]
        whole = ", ".join(f"{key}: {inner}" for key, inner in parts)
        return f"{{{whole}}}" if all(inner is not None for _, inner in parts) else None
    if isinstance(value, list):
        items = [_form(inner) for inner in value]
        return f"[{', '.join(str(item) for item in items)}]" if None not in items else None
    return None if value is None else plain(value)
