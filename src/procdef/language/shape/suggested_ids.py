"""Which declared id was likely meant by a text that is not an id: a title, an id in a different case, two ids at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from procdef.diagnostics import Finding, Route, nearest
from procdef.language.currencies import currency_meant
from procdef.language.language_codes import language_meant
from procdef.language.shape.suggested_forms import identifier
from procdef.lookalikes import Lookalike, lookalike, plain_letters
from procdef.words_of_languages import JOINTS

_ROLES = frozenset(["owner", "by", "escalate_to", "waivable_by", "assign_by", "correct_by"])
_FIELDS = frozenset(["records", "voided_by", "require", "title", "value", "close", "field", "until"])
_SIGNS = frozenset(":,[]{}#&*!|>'\"%@`")
"""Signs that would make YAML read something else."""
_SIDES = ("required_actions", "optional_actions")
_ALONE = frozenset(["title", "value", "close", "field", "until"])
"""Keys that name one field, and take no list."""
_JOINTS = (
    re.compile(r"\s*[,;/|&+\n]\s*"),
    re.compile(r"\s*[,;/|&+\n]\s*|\s+(?:" + "|".join(("and", "or", *JOINTS)) + r")\s+", re.IGNORECASE),
    re.compile(r"[\s,;/|&+]+"),
)
"""What people join several names with, the surest first: signs, words of some languages, and nothing but a blank."""


def pointed(root: Any, finding: Finding) -> Finding:
    """A finding on an ill-formed id, with the id that was likely meant."""
    place = finding.place
    written = finding.subject or ""
    odd = lookalike(written) if len(written) <= 64 else None
    if odd is not None and (odd.sign == "" or plain_letters(written).isascii()):
        return _unlike(root, finding, odd)
    if finding.code in ("unknown-language", "unknown-currency") and place.part == "value":
        meant = (language_meant if finding.code == "unknown-language" else currency_meant)(written)
        known = root.get("languages") if isinstance(root, dict) else None
        if meant is None or (isinstance(known, list) and meant in known):
            return finding
        kind = "language" if finding.code == "unknown-language" else "currency"
        return replace(finding, sentence='"{subject}" is not the code of a {what}; write {fix}', fix=meant, candidates=(meant,),
                       details={**finding.details, "what": kind})
    if finding.code != "bad-id":
        return finding
    if len(written) > 64:
        return finding
    declares = place.route == ("id",) or place.route[-2:-1] in (("options",), ("ways",))
    names = (place.part == "value" and not declares) or place.route[-2:-1] in (("next",), ("back",))
    near = meant_by(root, place.route[:-1] if place.part == "key" else place.route, written) if names else None
    declared = identifier(written, "-" if place.route == ("id",) else "_") if not near else ""
    if near:
        if near.startswith("[") and isinstance(place.route[-1], int):
            sentence = '"{subject}" is not an id; each of several is an item of its own: write {fix}'
            return replace(finding, sentence=sentence, fix=near[1:-1])
        if near.startswith("["):
            return replace(finding, sentence='"{subject}" is not an id; write {fix}', fix=near)
        return replace(finding, sentence='"{subject}" is not an id{hint}', fix=near, candidates=(near,))
    if names or not declared:
        return finding
    if place.route == ("id",):
        sentence = '"{subject}" is not the id of a process, which has only lower-case letters, digits and -; write {fix}'
    else:
        sentence = '"{subject}" is not an id, which has only lower-case letters, digits and _; write {fix}'
    return replace(finding, sentence=sentence, fix=declared)


def _unlike(root: Any, finding: Finding, odd: Lookalike) -> Finding:
    """The finding on a word with a character that looks like another, or like nothing."""
    written, route = finding.subject or "", finding.place.route
    plain = plain_letters(written)
    if finding.code == "bad-id":
        joint = "-" if route == ("id",) else "_"
        meant = meant_by(root, route[:-1] if finding.place.part == "key" else route, plain)
        fix = meant or (plain if identifier(plain, joint) == plain else identifier(plain, joint) or None)
        if fix and fix.startswith("[") and isinstance(route[-1], int):
            fix = fix[1:-1]
    else:
        fix = finding.fix if finding.code in ("unknown-key", "unknown-word") else plain
        if fix and set(fix) & _SIGNS - set(written):
            fix = None
    sentence = (
        'in "{subject}" is {name}, which only looks like "{sign}"'
        if odd.sign
        else 'in "{subject}" is {name}, which cannot be seen'
    )
    details = {**finding.details, "name": odd.name, "sign": odd.sign}
    said = sentence + "; write {fix}" if fix else sentence + "; remove it"
    return replace(finding, sentence=said, fix=fix, candidates=(fix,) if fix else (), details=details)


def meant_by(root: Any, route: Route, written: str) -> str | None:
    """The declared id that was likely meant by a text at a route; None where none comes close."""
    known = dict(_known(root, route))
    one = _like(written, known)
    if one is not None:
        return one if one.replace(".", "_") == identifier(one) else identifier(one)
    several = _several(written, known)
    if several is None:
        return nearest(identifier(written), [name for name in known if identifier(name) == name or "." in name])
    if len(several) == 1:
        return several[0]
    return f"[{', '.join(several)}]" if several and not _ALONE & set(route[-1:]) else None


def _several(written: str, known: Mapping[str, tuple[str, ...]]) -> list[str] | None:
    """The ids that a text names together; none of them where it says something else too, and None where it names no two.

    To offer one of several would take the others out of the process.
    """
    for joint in _JOINTS:
        ids = [_like(part, known) for part in joint.split(written) if part]
        named = [*dict.fromkeys(one for one in ids if one)]
        if len(ids) > 1 and None not in ids:
            return named
    return [] if len(named) > 1 else None


def by_title(known: Mapping[str, Any]) -> dict[str, str]:
    """Ids by the identifiers of themselves and of their titles; ``known`` maps ids to titles, by language or not."""
    found: dict[str, str] = {}
    for name, title in known.items():
        for text in (name, *_titles(title)):
            found.setdefault(identifier(text), name)
    found.pop("", None)
    return found


def _like(written: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    bare = identifier(written)
    for name, titles in known.items():
        if bare and bare in (identifier(name), *(identifier(title) for title in titles)):
            return name
    return None


def _titles(title: Any) -> Iterator[str]:
    if isinstance(title, str):
        yield title
    elif isinstance(title, Mapping):
        yield from (text for text in title.values() if isinstance(text, str))


def _known(root: Any, route: Route) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ids that a place may name, each with its titles."""
    keys = [step for step in route[-2:] if isinstance(step, str)]
    for key in reversed(keys):
        if key in _ROLES:
            return (yield from _declared(root, "roles"))
        if key in _FIELDS:
            return (yield from _declared(root, "fields"))
        if key in ("next", "back"):
            return (yield from _declared(root, "stages"))
        if key == "needs":
            return (yield from _actions(root, str(route[1])))
    return None


def _declared(part: Any, collection: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    entries = part.get(collection) if isinstance(part, dict) else None
    for name, spec in entries.items() if isinstance(entries, dict) else ():
        yield name, tuple(_titles(spec.get("title"))) if isinstance(spec, dict) else ()


def _actions(root: Any, stage: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    stages = root.get("stages", {})
    for name in (stage, *(other for other in stages if other != stage)):
        for side in _SIDES:
            for action, titles in _declared(stages.get(name), side):
                yield action if name == stage else f"{name}.{action}", titles
