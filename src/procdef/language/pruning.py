"""Takes what a finding is about out of a file's values, so that everything else can still be judged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from procdef.diagnostics import Finding, Route
from procdef.language.shape.schema_keys import takes

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


def held(findings: Iterable[Finding]) -> frozenset[Route]:
    """The routes that findings hold back. The root never is: what is missing there is held back by its own name.

    A field whose type is not known is held back as a whole.
    """
    told = [one for one in findings if one.code not in _ADVICE]
    routes = [route for one in told for route in (_lacking(one), _meant(one), *_outer(one)) if route]
    return frozenset(route[:-1] if route[0] == "fields" and route[-1] == "type" else route for route in routes)


def _lacking(finding: Finding) -> Route:
    """The route of what a finding leaves without a value: of the key itself where one is missing."""
    route = finding.place.route
    missing = finding.subject if finding.code == "missing-key" and route[:1] != ("fields",) else None
    return (*route, missing) if missing else route


def _meant(finding: Finding) -> Route:
    """The route of what a misspelt key was meant to be: nothing is known of it, as the key is not read."""
    meant = finding.fix if finding.code == "unknown-key" else None
    return (*finding.place.route[:-1], meant) if meant else ()


def _outer(finding: Finding) -> list[Route]:
    """The routes that a key of the language may have been meant for that stands too far in."""
    if finding.code != "unknown-key" or finding.fix:
        return []
    *above, key = finding.place.route
    return [(*above[:length], key) for length in range(len(above)) if takes(tuple(above[:length]), str(key))]


def touches(routes: frozenset[Route], route: Route) -> bool:
    """Whether one of the routes is the other route, above it or below it."""
    return route in _above(routes) or any(route[:length] in routes for length in range(len(route) + 1))


@lru_cache(maxsize=16)
def _above(routes: frozenset[Route]) -> frozenset[Route]:
    """The routes that lead to one of these."""
    return frozenset(route[:length] for route in routes for length in range(len(route)))


def prune(raw: dict[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    """The values without the faulty ones: ids stay where mentions could miss them, what is required gets a stand-in.

    ``raw`` is changed and returned.
    """
    doomed = {finding.place.route: finding.code for finding in findings if finding.code not in _KEPT}
    for route in sorted(doomed, key=lambda one: [(isinstance(step, str), step) for step in one], reverse=True):
        _remove(raw, route, doomed[route])
    _complete(raw)
    return raw


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
    _drop_unless(stage, "sla", ("within",))
    for side in ("required_actions", "optional_actions"):
        for action in stage.get(side, {}).values():
            action.setdefault("title", STAND_IN)
    playbook = stage.get("playbook", {})
    _drop_entries(playbook.get("objections", {}), ("concern",))
    _drop_entries(playbook.get("materials", {}), ("title", "url"))


def _drop_unless(raw: dict[str, Any], key: str, needed: tuple[str, ...]) -> None:
    if key in raw and not all(name in raw[key] for name in needed):
        del raw[key]


def _drop_entries(raw: dict[str, Any], needed: tuple[str, ...]) -> None:
    for name in list(raw):
        _drop_unless(raw, name, needed)
