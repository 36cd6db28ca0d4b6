"""What people write in a plan in place of what it takes: arrows, lists, `drop` for `null`, actions without their stage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from procdef.diagnostics import Finding, Place, Route, SubjectKind
from procdef.language.shape.schema_keys import empty_said
from procdef.language.shape.shown_values import shown, single, where
from procdef.language.shape.suggested_forms import identifier

_RENAMED = ("stages", "fields", "actions")
_DROPPED = frozenset(
    ("drop", "dropped", "delete", "deleted", "remove", "removed", "none", "nothing", "null", "gone", "no", "-", "~", "")
)
_EVERYTHING = frozenset(("all", "any", "every", "everything", "*", "all actions"))
"""What people write under `void` for all that was done."""
_BECOMES = re.compile(r"\s*(?:-+>|=+>|→|=|:)\s*|\s+(?:to|becomes|becoming|is now|into)\s+")
_TO = re.compile(r"\s*(?:-+>|=+>|→|=|:|\b(?:to|becomes|into)\b)\s*")
_VERSIONS = re.compile(r"\D*(?P<first>\d+)(?:\s*(?P<sign>-|–|to|\.\.+|,|and|;)\s*v?(?P<last>\d+))?\s*", re.IGNORECASE)
_SEPARATED = re.compile(r"\s*[,;]\s*|\s+and\s+")
_MOST_VERSIONS = 20
_ELSEWHERE = {
    **dict.fromkeys(("rename", "renames", "renamed", "map", "mapping", "mappings", "moves"),
                    "what has another id stands under `stages`, `fields` or `actions`"),
    **dict.fromkeys(("drop", "dropped", "remove", "removed", "delete", "deleted"),
                    "what is dropped stands under `fields` or `actions`, with null behind it"),
    **dict.fromkeys(("reason", "why", "note", "comment", "description"), "why is said to the command, with --reason"),
    **dict.fromkeys(("deal", "deals", "filter", "only"), "deals are chosen with the command: --deal, --stage, --owner"),
    **dict.fromkeys(("criteria", "entry_criteria", "exit_criteria", "roles", "options", "objections"),
                    "a plan says nothing of these, as deals go over without an answer to them; leave it out"),
}  # fmt: skip
"""Keys that a plan has not, and what to do instead."""
_MEANT = {"id": "process", "version": "to", "redo": "void", "reset": "void"}
_MEANT |= dict.fromkeys(("defaults", "default", "values"), "set")
"""Keys that a plan has under another name."""


class _Pair(NamedTuple):
    """An old id and the new one, which is ``null`` where the old is dropped."""

    old: str
    new: str


def misread(value: Any) -> Iterator[Finding]:
    """What is wrong in the values of a plan and shows what its author meant; what else is wrong its schema tells."""
    if not isinstance(value, dict):
        return
    for key in ("from", "to"):
        yield from _version(key, value.get(key))
    yield from _process(value.get("process"))
    for key in value:
        yield from _key(str(key), value)
    for key in _RENAMED:
        if isinstance(value.get(key), dict):
            yield from _entries(key, value[key])
        elif key in value:
            yield from _whole(key, value[key])
    yield from _values(value)
    yield from _voided(value)


def means_dropped(new: object) -> bool:
    """Whether a word in the place of a new id says that there is none."""
    return new is False or (isinstance(new, str) and new.strip().lower() in _DROPPED)


def _key(key: str, beside: Mapping[str, Any]) -> Iterator[Finding]:
    meant = _MEANT.get(key.lower())
    if meant is not None and meant not in beside:
        said = 'unknown key "{subject}" in the plan{hint}'
        found = _finding("unknown-key", (key,), said, key, meant, part="key")
        yield replace(found, candidates=(meant,))
    elif key.lower() in _ELSEWHERE:
        yield _finding("unknown-key", (key,), 'unknown key "{subject}" in the plan; {advice}', key, part="key",
                       advice=_ELSEWHERE[key.lower()])  # fmt: skip


def _version(key: str, given: Any) -> Iterator[Finding]:
    found = _numbers(given)
    if isinstance(given, int) or given is None or not found or (key == "from" and isinstance(given, list)):
        return
    form = str(found[0]) if len(found) == 1 else f"[{', '.join(map(str, found))}]"
    if key == "to" and len(found) > 1:
        said = "all deals go over to one version, and `to` names {value}; name the one"
        yield _finding("wrong-type", ("to",), said, given)
    else:
        yield _finding("wrong-type", (key,), '"{key}" takes the number of a version; write {form}', given, form, key=key)


def _numbers(given: Any) -> list[int]:
    if isinstance(given, list):
        return [each for each in given if isinstance(each, int) and not isinstance(each, bool)]
    found = _VERSIONS.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        return []
    first, last = int(found["first"]), int(found["last"] or found["first"])
    through = found["sign"] is not None and found["sign"].lower() not in (",", ";", "and")
    if through and first < last < first + _MOST_VERSIONS:
        return [*range(first, last + 1)]
    return [first] if last == first else [first, last]


def _process(given: Any) -> Iterator[Finding]:
    if not isinstance(given, str) or re.fullmatch("[a-z][a-z0-9-]*", given):
        return
    name = given.rpartition("/")[2].partition("@")[0].removesuffix(".yaml").removesuffix(".yml")
    near = identifier(name, "-")
    said = "{value} is not the id of a process, which has lower-case letters, digits and -" + ("; write {form}" if near else "")
    yield _finding("bad-id", ("process",), said, given, near or None)


def _whole(key: str, given: Any) -> Iterator[Finding]:
    """What stands where old and new ids are due: nothing, a text such as ``lead -> prospect``, or a list."""
    route: Route = (key,)
    if given is None:
        yield _finding("empty", route, empty_said(route), given)
        return
    parts = given if isinstance(given, list) else _SEPARATED.split(given) if isinstance(given, str) else ()
    pairs = [pair for part in parts for pair in _pairs(key, part)]
    said = "{where} takes old ids with the new ones behind a colon; write it like {form}"
    if pairs:
        yield _finding("wrong-type", route, said, given, f"{{{', '.join(f'{old}: {new}' for old, new in pairs)}}}", fix=True)
    else:
        old = next((identifier(part) for part in parts if isinstance(part, str) and identifier(part) == part), "old_id")
        old = next((part for part in parts if isinstance(part, str) and _is_id(key, part)), old)
        form = f"{key}: {{{old}: NEW}}" + (f", or {{{old}: null}} to drop it" if key != "stages" else "")
        yield _finding("wrong-type", route, said, given, form, fix=False)


def _pairs(key: str, part: Any) -> list[_Pair]:
    if isinstance(part, dict):
        found = [_Pair(str(old), _new(new)) for old, new in part.items() if isinstance(new, str) or new is None]
        return [] if {"from", "to", "old", "new"} & part.keys() else found
    halves = _BECOMES.split(part.strip()) if isinstance(part, str) else []
    ends = [_id(key, half) for half in halves]
    return [_Pair(ends[0], "null" if means_dropped(halves[1]) else ends[1])] if len(ends) == 2 and all(ends) else []


def _apart(key: str, written: str) -> list[_Pair]:
    """Two ids with nothing but a blank between them."""
    ends = written.split()
    return [_Pair(*ends)] if len(ends) == 2 and all(_is_id(key, each) for each in ends) else []


def _new(given: object) -> str:
    return "null" if given is None or means_dropped(given) else str(given)


def _is_id(key: str, text: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_]*" + (r"\.[a-z][a-z0-9_]*" if key == "actions" else ""), text) is not None


def _id(key: str, text: str) -> str:
    """The id that was likely meant; of an action with its stage. Empty where there is none."""
    if key != "actions":
        return identifier(text.strip().removeprefix("deal."))
    stage, sign, action = (identifier(half) if half not in ("/", ".", ":") else half
                           for half in _halves(text.strip()))  # fmt: skip
    return f"{stage}.{action}" if stage and sign and action else ""


def _halves(text: str) -> tuple[str, str, str]:
    for sign in (".", "/", ":"):
        if sign in text:
            return text.partition(sign)
    return text, "", ""


def _entries(key: str, given: Mapping[str, Any]) -> Iterator[Finding]:
    if given.keys() in ({"from", "to"}, {"old", "new"}) and all(isinstance(each, str) for each in given.values()):
        old, new = (str(each) for each in given.values())
        said = "{where} names the old id and behind it the new one; write it like {form}"
        yield _finding("wrong-type", (key,), said, given, f"{key}: {{{old}: {new}}}", fix=False)
        return
    for old, new in given.items():
        yield from _entry(key, str(old), new)


def _entry(key: str, old: str, new: Any) -> Iterator[Finding]:
    route: Route = (key, old)
    pairs = (_pairs(key, old) or _apart(key, old)) if new is None else []
    if pairs and not _is_id(key, old):
        said = "old and new id stand on the two sides of a colon and a space; write {form}"
        yield _finding("bad-id", route, said, old, f"{pairs[0].old}: {pairs[0].new}", part="key")
        return
    if key == "actions" and isinstance(new, dict) and re.fullmatch("[a-z][a-z0-9_]*", old):
        inner = ", ".join(f"{old}.{name}: {_new(each)}" for name, each in new.items())
        said = "an action is named with its stage in one word; write it like {form}"
        yield _finding("wrong-type", route, said, new, f"{{{inner}}}", fix=False)
        return
    if not _is_id(key, old):
        yield _bad_id(key, route, old, part="key")
    if new is None and key == "stages":
        said = "a stage is not dropped, as its deals have to be somewhere; name the stage in which they go on"
        yield _finding("wrong-type", route, said, new)
    elif means_dropped(new) and key != "stages" and not (isinstance(new, str) and _is_id(key, new)):
        yield _finding("wrong-type", route, "{value} is no id; to drop what is there, write {form}", new, "null")
    elif isinstance(new, dict | list):
        ids = [each for each in (new.values() if isinstance(new, dict) else new) if isinstance(each, str)]
        form = f"{old}: {ids[0] if len(ids) == 1 else 'NEW'}"
        yield _finding("wrong-type", route, "{where} is one new id; write it like {form}", new, form, fix=False)
    elif isinstance(new, str) and not _is_id(key, new):
        yield _bad_id(key, route, new)


def _bad_id(key: str, route: Route, written: str, part: str = "value") -> Finding:
    if key == "actions" and re.fullmatch("[a-z][a-z0-9_]*", written):
        said = "{value} lacks its stage; a plan names an action with the stage that it stands in, as stage.action"
        return _finding("bad-id", route, said, written, part=part)
    meant = _id(key, _TO.sub("", written, count=1) if _TO.match(written) else written)
    said = "{value} is not an id; ids have lower-case letters, digits and _, and begin with a letter"
    if key == "actions":
        said = "{value} does not name an action, which is named as stage.action"
    return _finding("bad-id", route, said + ("; write {form}" if meant else ""), written, meant or None, part=part)


def _values(value: Mapping[str, Any]) -> Iterator[Finding]:
    given = value.get("set")
    if "set" not in value or isinstance(given, dict):
        return
    if given is None:
        yield _finding("empty", ("set",), empty_said(("set",)), given)
        return
    parts = given if isinstance(given, list) else [given]
    found: list[str] = []
    for part in parts:
        name, sign, value_given = part.partition("=") if isinstance(part, str) else ("", "", "")
        found += [f"{identifier(name)}: {value_given.strip()}"] if sign and identifier(name) else []
        found += [f"{each}: {single(one)}" for each, one in part.items()] if isinstance(part, dict) else []
    form = f"{{{', '.join(found) or 'field: value'}}}"
    sentence = "{where} takes fields with their values; write it like {form}"
    yield _finding("wrong-type", ("set",), sentence, given, form, fix=bool(found) and isinstance(given, str))


def _voided(value: Mapping[str, Any]) -> Iterator[Finding]:
    given = value.get("void")
    if "void" not in value:
        return
    if given is None:
        yield _finding("empty", ("void",), empty_said(("void",)), given)
    elif isinstance(given, str) and len(_SEPARATED.split(given)) > 1:
        names = [_id("actions", each) for each in _SEPARATED.split(given)]
        said = "several actions stand in a list; write {form}"
        yield _finding("wrong-type", ("void",), said, given, f"[{', '.join(names)}]" if all(names) else "[stage.action, ...]",
                       fix=all(names))  # fmt: skip
    elif isinstance(given, dict):
        names = [str(each) for each in given if _is_id("actions", str(each))]
        said = "{where} takes actions alone, without values; write it like {form}"
        yield _finding("wrong-type", ("void",), said, given, f"void: [{', '.join(names) or 'stage.action'}]", fix=False)
    elif not isinstance(given, str | list):
        yield _finding("wrong-type", ("void",), "{where} takes actions, each as stage.action, and not {value}", given)
    for place, each in enumerate(given if isinstance(given, list) else [given] if isinstance(given, str) else []):
        several = isinstance(given, str) and len(_SEPARATED.split(given)) > 1
        if isinstance(each, str) and each.strip().lower() in _EVERYTHING:
            said = "{value} is no action; name each that is to be done again, as stage.action: void: [stage.action, ...]"
            yield _finding("bad-id", ("void", place) if isinstance(given, list) else ("void",), said, each)
        elif isinstance(each, str) and not _is_id("actions", each) and not several:
            yield _bad_id("actions", ("void", place) if isinstance(given, list) else ("void",), each)


def _finding(
    code: str, route: Route, sentence: str, given: Any, form: str | None = None, *, fix: bool = True, part: str = "value",
    **details: object,
) -> Finding:  # fmt: skip
    place = Place(route, "key" if part == "key" else "value")
    details |= {"value": shown(given), "where": where(route), "form": form}
    kind: SubjectKind = "key" if part == "key" else "value"
    return Finding(code, place, sentence, fix=form if fix else None, subject=single(given), kind=kind, details=details)
