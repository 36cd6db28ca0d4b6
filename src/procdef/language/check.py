"""Checks a process file and loads it: reading, shape, meaning and rules, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from procdef.diagnostics import Diagnostic, Finding, Severity, sparing
from procdef.errors import DefinitionInvalid
from procdef.language.build import build
from procdef.language.faulty_parts import told_once
from procdef.language.file_or_text import file_or_text
from procdef.language.partly_read_process import Draft
from procdef.language.personal_text import SENTENCE, personal_in
from procdef.language.placing import fitted, order, placed
from procdef.language.rules import RULES
from procdef.language.rules.rule import Rule
from procdef.language.shape.check import check_shape, fits_schema
from procdef.language.suppression import suppress
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reader import Reading, read
from procdef.language.yaml.reading_faults import reading_fault
from procdef.language.yaml.tree import Tree
from procdef.model import ProcessDefinition

_MOST_KEPT = 64
_ACCEPTED: dict[bytes, ProcessDefinition] = {}
"""The definitions that were loaded last, by their bytes, from the oldest on. Threads may share them, as each operation
is atomic."""

Prover = Callable[[Draft], Iterable[Finding]]
"""What looks through a process that has no errors for more than the rules find, as ``procdef.proof.findings`` does."""


def check(path_or_text: Path | str) -> list[Diagnostic]:
    """Everything that is wrong in a process file, sorted by place. Never raises for what it holds.

    What is a file, and what text, is as for ``procdef.checking.check``, which takes files of every kind.
    """
    given = file_or_text(path_or_text)
    return [given] if isinstance(given, Diagnostic) else check_source(*given)


def check_source(source: bytes, name: str, *, prove: Prover | None = None) -> list[Diagnostic]:
    """Everything that is wrong in the bytes of a process file, sorted by place; ``name`` stands as its path.

    ``prove`` is what looks through a process without errors for more than the rules find.
    """
    return _check_bytes(source, name, prove)[1]


def load(path_or_text: Path | str) -> ProcessDefinition:
    """The process definition in a file or text (see ``check``); raises ``DefinitionInvalid`` when it has errors."""
    given = file_or_text(path_or_text)
    if isinstance(given, Diagnostic):
        raise DefinitionInvalid((given,))
    return load_source(*given)


def load_source(source: bytes, name: str) -> ProcessDefinition:
    """The definition in bytes, such as a database holds; ``name`` stands in messages. Raises ``DefinitionInvalid``."""
    return _ACCEPTED.get(source) or _kept(_accepted(*_check_bytes(source, name)))


def load_published(source: bytes, name: str) -> ProcessDefinition:
    """The definition in bytes that were accepted and published once, by whatever release and on whatever machine.

    What only today's rules, or what this machine knows of zones and holidays, have against it is passed over; raises
    ``DefinitionInvalid`` where it cannot be read, and ``CalendarDataMissing`` where that takes data that this machine lacks.
    """
    if (known := _ACCEPTED.get(source)) is not None:
        return known
    process, found = _check_bytes(source, name)
    if process is not None and not any(item.severity is Severity.ERROR for item in found):
        return _kept(process)
    try:
        with sparing():
            process, left = _checked(source, name, published=True)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise DefinitionInvalid(tuple(found)) from None
    return _accepted(process, left)


def _accepted(process: ProcessDefinition | None, found: list[Diagnostic]) -> ProcessDefinition:
    if process is None or any(item.severity is Severity.ERROR for item in found):
        raise DefinitionInvalid(tuple(found))
    return process


def _kept(process: ProcessDefinition) -> ProcessDefinition:
    """Keep a definition without errors for whoever loads the same bytes again: it never changes, and reading it takes longer
    than most that is done with it."""
    _ACCEPTED[process.source] = process
    for oldest in [*_ACCEPTED][:-_MOST_KEPT]:
        _ACCEPTED.pop(oldest, None)
    return process


def _check_bytes(
    source: bytes, name: str, prove: Prover | None = None
) -> tuple[ProcessDefinition | None, list[Diagnostic]]:
    with sparing():
        return _checked(source, name, prove=prove)


def _checked(
    source: bytes, name: str, published: bool = False, prove: Prover | None = None
) -> tuple[ProcessDefinition | None, list[Diagnostic]]:
    reading = read(source, name)
    process, found = _looked_through(reading, source, published, prove)
    if second := next((one for one in found if (one.code, one.subject) == ("duplicate-key", "procdef")), None):
        return process, [replace(second, code="several-documents", message=_SECOND)]
    return process, found if published else _at_their_slip(reading, found)


_SECOND = "a second process begins here, and a file holds one; move it into a file of its own"


def _looked_through(
    reading: Reading, source: bytes, published: bool = False, prove: Prover | None = None
) -> tuple[ProcessDefinition | None, list[Diagnostic]]:
    found = [placed(reading.text.span_of, fault) for fault in (*reading.findings, *_in_comments(reading))]
    if reading.root is None:
        return None, sorted(found, key=order)
    tree = Tree(reading.text, reading.root, reading.faulty)
    shape = check_shape(tree, published)
    found += [placed(tree.span, fitted(tree, finding)) for finding in shape.findings]
    if shape.value is None:
        return None, sorted(found, key=order)
    draft, faults = build(tree, shape.value, source, shape.faulty, published)
    rules = [rule for rule in RULES if rule.code.startswith("unknown-")] if published else RULES
    found += [placed(tree.span, fitted(tree, finding)) for finding in (*faults, *_found_by_rules(draft, rules))]
    unasked = _PROVED
    if prove is not None and not any(item.severity is Severity.ERROR for item in found):
        found += [placed(tree.span, finding) for finding in prove(draft)]
        unasked = frozenset()
    severities = {rule.code: rule.severity for rule in RULES}
    kept, unused = suppress(reading.text, reading.comments, found, severities, unasked)
    kept += [placed(reading.text.span_of, finding) for finding in unused]
    return draft.process, list(told_once(sorted(kept, key=order)))


_PROVED = frozenset(rule.code for rule in RULES if rule.family == "proof")
"""Found only where something is proved."""


def _at_their_slip(reading: Reading, found: list[Diagnostic]) -> list[Diagnostic]:
    """The findings, with those that all follow from one line at a wrong place told as one, at that line."""
    readable = reading.root is not None
    if not found or not any(one.severity is Severity.ERROR for one in found):
        return found
    from procdef.language.layout.repair import is_told_better, may_be_slip, mends, repaired  # only faulty files need it

    def examine(text: str, faultless: bool) -> list[Diagnostic] | None:
        source = text.encode("utf-8", "surrogatepass")
        other = read(source, reading.text.path)
        if other.root is None or (faultless and (other.findings or not fits_schema(other.root))):
            return None
        return _looked_through(other, source)[1]

    if not may_be_slip(found, readable):
        return found
    repair = repaired(reading.text, found, readable, examine)
    if repair is None or (is_told_better(found) and not repair.certain):
        return found
    told = placed(reading.text.span_of, repair.finding)
    beside = len(found) == 1 and found[0].span.line == told.span.line
    if beside and not readable and not repair.certain and mends(reading.text, found[0], repair, examine):
        return found
    return sorted((told, *repair.others), key=order)


def _found_by_rules(draft: Draft, rules: Iterable[Rule]) -> Iterator[Finding]:
    """What the rules find in the sound parts of a draft. Rules on the graph allow for faulty parts themselves."""
    for rule in rules:
        for finding in rule.check(draft) if rule.check else ():
            if rule.family == "graph" or not draft.faulty.touches(finding.place.route):
                yield finding


def _in_comments(reading: Reading) -> Iterator[Finding]:
    for comment in reading.comments:
        for start, end, what in personal_in(reading.text.text[comment.start : comment.end]):
            at = Stretch(comment.start + start, comment.start + end)
            yield reading_fault("personal-data", at, SENTENCE, kind="text", what=what)
