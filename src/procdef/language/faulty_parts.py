"""What follows from a fault: which parts of a file are known to be faulty, and what is left of its values without them.

Whatever refers to a faulty part is silent, as in a compiler: the fault is told once, at its root.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from procdef.diagnostics import Diagnostic, Finding, Related, Route, SubjectKind
from procdef.language.shape.schema_keys import takes
from procdef.language.shape.suggested_forms import identifier

_WELL_FORMED = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_SIDES = ("required_actions", "optional_actions")
_UNDECLARED = frozenset(["unknown-role", "unknown-field", "unknown-name", "unknown-stage"])
_ADVICE = frozenset({"reason-overruled"})
"""Warnings: what they are about is sound."""
_KEPT = frozenset(
    [
        "bad-id",
        "reserved-id",
        "duplicate-id",
        "duplicate-item",
        "min-over-max",
        "unknown-currency",
        "needs-currency",
        "needs-calendar",
        *_ADVICE,
        "missing-key",
        "no-value-field",
    ]
)
"""Findings whose values do no harm further on: ids stay known, so that mentions of them are no faults."""
_NAMED = frozenset({"roles", "fields", "items", "scores", "stages", "required_actions", "optional_actions"})
_TEXTS = frozenset({"options", "ways", "reasons"})
STAND_IN = "\ufeff"
"""The text in the place of one that cannot be used; no file can hold it."""
_TOP: dict[str, Any] = {
    "procdef": 1,
    "id": "unnamed",
    "version": 1,
    "title": STAND_IN,
    "languages": ["en"],
    "roles": {},
    "fields": {},
    "stages": {},
}



@dataclass(frozen=True)
class Faulty:
    """The parts of a file that have a fault of their own, by their routes."""

    routes: frozenset[Route] = frozenset()

    def __or__(self, others: Iterable[Route]) -> Faulty:
        return Faulty(self.routes.union(others))

    def touches(self, route: Route) -> bool:
        """Whether a faulty part is at a route, below it or above it."""
        return route in self._above or any(route[:length] in self.routes for length in range(len(route) + 1))

    def within(self, key: str) -> bool:
        """Whether a key of the top level, or something below it, is faulty."""
        return (key,) in self._above or (key,) in self.routes

    def declares(self, collection: str, *names: str | None) -> bool:
        """Whether a name may be declared in a collection: all of it is faulty, or the name is one of its ill-formed ids."""
        return (collection,) in self.routes or any((collection, name) in self._ill_formed for name in names)

    def names(self, name: str) -> bool:
        """Whether a name in an expression (a field, a score or ``stage.action``) is declared in a faulty part."""
        stage, dot, action = name.partition(".")
        if not dot:
            return ("fields",) in self.routes or name in self._values
        whole = (("stages",), ("stages", stage), *(("stages", stage, side) for side in _SIDES))
        return not self.routes.isdisjoint(whole) or stage in self._stages or (stage, action) in self._actions

    @cached_property
    def _above(self) -> frozenset[Route]:
        """The routes above a faulty part."""
        return frozenset(route[:length] for route in self.routes for length in range(len(route)))

    @cached_property
    def _ill_formed(self) -> frozenset[tuple[object, object]]:
        return frozenset((r[0], r[-1]) for r in self.routes if len(r) > 1 and not _WELL_FORMED.fullmatch(str(r[-1])))

    @cached_property
    def _values(self) -> frozenset[str]:
        """The faulty fields, and the scores with a faulty id, also as they would be well-formed."""
        found = [str(r[1]) for r in self.routes if len(r) > 1 and (r[0] == "fields" or (r[0] == "scores" and len(r) == 2))]
        return frozenset(found + [identifier(name) for name in found])

    @cached_property
    def _stages(self) -> frozenset[str]:
        """The stages with a faulty id, as they would be well-formed."""
        return frozenset(identifier(str(r[1])) for r in self.routes if r[0] == "stages" and len(r) == 2)

    @cached_property
    def _actions(self) -> frozenset[tuple[str, str]]:
        found = [(str(r[1]), str(r[3])) for r in self.routes if r[0] == "stages" and len(r) == 4 and r[2] in _SIDES]
        return frozenset(found + [(stage, identifier(action)) for stage, action in found])


def faulty_parts(findings: Iterable[Finding]) -> frozenset[Route]:
    """The routes of the parts that these findings make faulty; for a missing key its own route. The root itself never is.

    A field whose type is not known is faulty as a whole.
    """
    told = [one for one in findings if one.code not in _ADVICE]
    routes = [route for one in told for route in (_lacking(one), _meant(one), *_outer(one)) if route]
    return frozenset(route[:-1] if route[0] == "fields" and route[-1] == "type" else route for route in routes)


def _lacking(finding: Finding) -> Route:
    """The route of the part that has no sound value because of a finding: of the key itself where one is missing."""
    route = finding.place.route
    missing = finding.subject if finding.code == "missing-key" and route[:1] != ("fields",) else None
    return (*route, missing) if missing else route


def _meant(finding: Finding) -> Route:
    """The route of the key that a misspelt key was meant to be, which has no value therefore."""
    meant = finding.fix if finding.code == "unknown-key" else None
    return (*finding.place.route[:-1], meant) if meant else ()


def _outer(finding: Finding) -> list[Route]:
    """The routes that a key may have been meant for that is indented too far."""
    if finding.code != "unknown-key" or finding.fix:
        return []
    *above, key = finding.place.route
    return [(*above[:length], key) for length in range(len(above)) if takes(tuple(above[:length]), str(key))]


def without_faulty(raw: dict[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    """The values without the faulty ones. Ids stay, so that mentions of them are known; what is required gets a stand-in.

    ``raw`` is changed and returned.
    """
    doomed = {finding.place.route: finding.code for finding in findings if not _harmless(finding)}
    for route in sorted(doomed, key=lambda one: [(isinstance(step, str), step) for step in one], reverse=True):
        _remove(raw, route, doomed[route])
    _complete(raw)
    return raw


def _harmless(finding: Finding) -> bool:
    """Whether the value that a finding is about can stay. An ill-formed id can where it is declared, not where it is used."""
    return finding.code in _KEPT and not (finding.code == "bad-id" and finding.place.part == "value")


def _remove(raw: Any, route: Route, code: str) -> None:
    *above, last = route or ("",)
    node = raw
    for step in above:
        node = _at(node, step)
    if not _holds(node, last):
        return
    if code == "missing-default-text":
        node[last] = STAND_IN
    elif above and isinstance(node, dict) and above[-1] in _NAMED:
        node[last] = {}
    elif above and isinstance(node, dict) and above[-1] in _TEXTS:
        node[last] = str(last)
    elif above and isinstance(node, dict) and above[-1] in ("next", "back"):
        node[last] = None
    else:
        del node[last]
        if above and not node:
            _remove(raw, tuple(above), code)


def _at(node: Any, step: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(str(step))
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None


def _holds(node: Any, step: str | int) -> bool:
    return step in node if isinstance(node, dict) else isinstance(node, list) and int(step) < len(node)


def _complete(raw: dict[str, Any]) -> None:
    for key, stand_in in _TOP.items():
        raw.setdefault(key, stand_in if not isinstance(stand_in, dict) else {})
    for role in raw["roles"].values():
        role.setdefault("title", STAND_IN)
    _complete_fields(raw["fields"])
    if "calendar" in raw:
        raw["calendar"].setdefault("timezone", "UTC")
    for key, needed in (("lost", ("reasons",)), ("goals", ()), ("deal", ())):
        _drop_unless(raw, key, needed)
    _drop_unless(raw.get("lost", {}), "reopen", ("by", "within"))
    goals = raw.get("goals", {})
    for name in ("won_value", "won_deals", "new_deals"):
        _drop_unless(goals, name, ("per", "amount" if name == "won_value" else "count"))
    _drop_entries(raw.get("measures", {}), ("field", "aggregate"))
    for score in raw.get("scores", {}).values():
        score.setdefault("title", STAND_IN)
        _drop_entries(score.setdefault("points", {}), ("when", "points"))
    for stage in raw["stages"].values():
        _complete_stage(stage)


def _complete_fields(fields: dict[str, Any]) -> None:
    for spec in fields.values():
        spec.setdefault("type", "text")
        if spec["type"] == "choice":
            spec.setdefault("options", [])
        if spec["type"] == "list":
            _complete_fields(spec.setdefault("items", {}))


def _complete_stage(stage: dict[str, Any]) -> None:
    stage.setdefault("title", STAND_IN)
    for side in ("required_actions", "optional_actions"):
        for action in stage.get(side, {}).values():
            action.setdefault("title", STAND_IN)
            for row in action["by"] if isinstance(action.get("by"), list) else ():
                if isinstance(row, dict):
                    row.setdefault("roles", [])
    playbook = stage.get("playbook", {})
    _drop_entries(playbook.get("objections", {}), ("concern",))
    _drop_entries(playbook.get("materials", {}), ("title", "url"))


def _drop_unless(raw: dict[str, Any], key: str, needed: tuple[str, ...]) -> None:
    if key in raw and not all(name in raw[key] for name in needed):
        del raw[key]


def _drop_entries(raw: dict[str, Any], needed: tuple[str, ...]) -> None:
    for name in list(raw):
        _drop_unless(raw, name, needed)


def told_once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings in their order, each undeclared name only at its first place, with the other places as related ones.

    A name that is misspelt in its declaration is one mistake, however often it is used.
    """
    kept: dict[tuple[SubjectKind | None, str] | int, Diagnostic] = {}
    for number, item in enumerate(found):
        name = (item.kind, item.subject) if item.code in _UNDECLARED and item.subject is not None else number
        first = kept.get(name)
        here = Related(item.span, "here too")
        # Mending one of several places would leave the others.
        kept[name] = item if first is None else replace(first, related=(*first.related, here), fix=None)
    yield from kept.values()
