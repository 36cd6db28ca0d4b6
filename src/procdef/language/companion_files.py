"""Files of other kinds that stand beside a process: read, held against a schema of their own, and told of as processes are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from procdef.diagnostics import Diagnostic, Finding, Route, lies_in, sparing
from procdef.expression.three_decimals import WrittenNumber
from procdef.language.faulty_parts import Faulty, faulty_parts, told_once
from procdef.language.file_kinds import FileKind
from procdef.language.placing import fitted, order, placed
from procdef.language.rules import RULES
from procdef.language.shape.quick_validation import fits
from procdef.language.shape.schema_keys import reading, schema_file
from procdef.language.suppression import suppress
from procdef.language.yaml.file_bytes import file_bytes
from procdef.language.yaml.nodes import MappingNode, find, plain
from procdef.language.yaml.reader import Reading, read
from procdef.language.yaml.tree import SourceText, Tree

_MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class Companion:
    """A file as far as it could be read. ``value`` are its sound values, ``faulty`` the parts without one; ``tree`` is None
    where nothing of it can be used."""

    text: SourceText
    tree: Tree | None
    value: dict[str, Any]
    faulty: Faulty
    findings: tuple[Finding, ...]
    reading: Reading | None = None

    def line(self, *route: str | int) -> int:
        """The line of what stands at a route, or of what is nearest above it; 0 where the file has none."""
        found = 0
        for length in range(1, len(route) + 1):
            found = (self.tree.line(*route[:length]) if self.tree else 0) or found
        return found

    def keys(self, *route: str | int) -> tuple[str, ...] | None:
        """The keys of the mapping at a route, also of its faulty parts; None where there is no mapping."""
        entry = find(self.tree.root, route) if self.tree else None
        return tuple(entry.value.entries) if entry and isinstance(entry.value, MappingNode) else None


def read_companion(
    path_or_source: Path | bytes, name: str, kind: FileKind, habits: Callable[[Any], Iterable[Finding]] | None = None
) -> Companion:
    """A file, or bytes that stand for one of that ``name``. Never raises for what it holds. ``habits`` finds in values that
    do not fit the schema what shows what was meant; of the same parts the schema tells nothing more then."""
    source = path_or_source if isinstance(path_or_source, bytes) else file_bytes(path_or_source)
    if isinstance(source, Finding):
        return Companion(SourceText.of(name, ""), None, {}, Faulty(), (source,))
    with reading(kind), sparing():
        found = read(source, name)
        if found.root is None:
            return Companion(found.text, None, {}, Faulty(), found.findings, found)
        tree, value = Tree(found.text, found.root, found.faulty), plain(found.root)
        faults = [] if fits(value, schema_file(), schema_file()) else _against_schema(value, found.faulty, habits)
        newer = [fault for fault in faults if fault.code == "newer-language"]
        faulty = Faulty((found.faulty - {()}) | faulty_parts(faults))
        sound = value if isinstance(value, dict) and not newer else {}
        for route in sorted((one.place.route for one in faults if one.place.part != "key"), key=len, reverse=True):
            _remove(sound, route)
        return Companion(found.text, tree, _as_written(sound), faulty, (*found.findings, *(newer or faults)), found)


def diagnostics(companion: Companion, more: Iterable[Finding] = ()) -> list[Diagnostic]:
    """All that is to be told of a file: what reading it found, and ``more``, as far as that is about sound parts."""
    text, tree, file = companion.text, companion.tree, companion.reading
    told = [one for one in more if not _follows(one, companion.faulty.routes)]
    if tree is None or file is None:
        return sorted((placed(text.span_of, one) for one in companion.findings), key=order)
    found = [placed(tree.span, fitted(tree, one)) for one in (*companion.findings, *told)]
    kept, unused = suppress(text, file.comments, found, {rule.code: rule.severity for rule in RULES})
    kept += [placed(text.span_of, one) for one in unused]
    return list(told_once(sorted(kept, key=order)))


def _follows(finding: Finding, faulty: frozenset[Route]) -> bool:
    """Whether a finding is about what lies in a faulty part, or about a key that is missing, or a part that is empty,
    because of a fault."""
    route = finding.place.route
    if finding.code == "missing-key" and (*route, finding.subject) in faulty:
        return True
    if finding.code == "empty" and any(one[: len(route)] == route for one in faulty):
        return True
    return lies_in(route, faulty)


def _against_schema(
    value: Any, known: frozenset[Route], habits: Callable[[Any], Iterable[Finding]] | None
) -> list[Finding]:
    from procdef.language.shape.schema_findings import schema_findings  # only faulty files need it

    shown = [one for one in habits(value) if not _follows(one, known)] if habits is not None else []
    told = known.union(one.place.route for one in shown)
    found = [*shown, *(one for one in islice(schema_findings(value), _MOST_FAULTS) if not _follows(one, told))]
    misspelt = {(*one.place.route[:-1], one.fix) for one in found if one.code == "unknown-key" and one.fix}
    return [one for one in found if not _follows(one, known.union(misspelt))]


def _as_written(value: Any) -> Any:
    """The values with numbers that tell that a person wrote them, so that fields take 60.000 here as on a command line."""
    if isinstance(value, dict):
        return {name: _as_written(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    return WrittenNumber(value) if isinstance(value, Decimal) else value


def _remove(value: Any, route: Route) -> None:
    """Take the part at a route out, where it is there."""
    *above, last = route or ("",)
    for step in above:
        value = value.get(step) if isinstance(value, dict) else value[step] if _holds(value, step) else None
    if isinstance(value, dict):
        value.pop(last, None)
    elif _holds(value, last):
        value[last] = None


def _holds(value: Any, step: str | int) -> bool:
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
