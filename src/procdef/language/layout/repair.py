"""Which edit of a few lines makes a file sound, where several findings, or none that is certain, follow from one slip.

What is told is not guessed from the findings: the edit is made, the file is checked again, and only an edit after which
nothing is left of the findings is told. So the mend that a message names works.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from procdef.diagnostics import Diagnostic, Finding, Severity
from procdef.language.layout.edits import BULLETS, Edit, dashes, headings, lacking, moves, renames, signs
from procdef.language.layout.part_around import may_be_read
from procdef.language.layout.source_lines import SourceLines
from procdef.language.yaml.tree import SourceText

Examine = Callable[[str, bool], Sequence[Diagnostic] | None]
"""Everything that is wrong in a text; None where it cannot be read or, when that is asked, where its shape is not sound."""

_OF_LAYOUT = (
    "syntax",
    "duplicate-key",
    "unknown-key",
    "cut-by-yaml",
    "wrong-type",
    "unknown-language",
    "bad-id",
    "empty",
    "missing-key",
    "not-text-key",
    "missing-default-text",
    "expression-syntax",
    "unknown-name",
)
"""Errors that a line at a wrong place, or a sign left out, can lead to; those nearest to the slip first."""
_ALONE = frozenset(["unknown-key", "missing-key", "wrong-type"])
_UNDECLARED = {
    **{"unknown-stage": ("stages",), "unknown-role": ("roles",), "unknown-action": ("required_actions", "optional_actions")},
    **dict.fromkeys(("unknown-field", "unknown-name"), ("fields", "items", "scores")),
}
"""By the code of a finding on a name that is not declared: the collections that would declare it."""
_MOST_EXAMINED = 60
_MOST_RENAMED = 12
_MOST_CHARACTERS = 1_500_000
"""How much is examined at most, so that a large file with many faults is still checked soon."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What to say of a slip, and the findings that have nothing to do with it."""

    finding: Finding
    others: tuple[Diagnostic, ...]
    certain: bool
    left: int = 0
    """How many findings, warnings among them, are left after the edit."""


def may_be_slip(found: Sequence[Diagnostic], readable: bool) -> bool:
    """Whether these findings may all follow from one slip in the layout."""
    told = [one for one in found if one.code in _OF_LAYOUT]
    if not told or not readable or len(found) > 1:
        return bool(told)
    (alone,) = told
    listed = alone.code == "wrong-type" and (alone.subject or "").startswith(tuple(BULLETS))
    return listed or (alone.fix is None and alone.code in _ALONE)


def is_told_better(found: Sequence[Diagnostic]) -> bool:
    """Whether the finding says as well as an uncertain repair could what is wrong: that nothing is below a key."""
    return len(found) == 1 and found[0].code == "wrong-type" and found[0].kind == "key"


def repaired(text: SourceText, found: Sequence[Diagnostic], readable: bool, examine: Examine) -> Repair | None:
    """The slip that explains the findings; None where no edit near them leaves fewer of them."""
    source = SourceLines(text)
    most = min(_MOST_EXAMINED, _MOST_CHARACTERS // max(len(text.text), 1))
    known = Counter(map(_about, found))
    mentioned = _undeclared(found)
    edits: list[tuple[Edit, str]] = []
    tried: set[str] = set()
    for edit in _edits(source, found, mentioned):
        mended = edit.applied(source.lines)
        if mended in tried:
            continue
        if len(edits) >= most:
            break
        edits.append((edit, mended))
        tried.add(mended)
        rest = examine(mended, True) if may_be_read(source, edit) else None
        if rest is not None and (repair := _explained(edit, found, known, rest, readable)):
            return repair
        mentioned += _undeclared(rest or ())
    # Beside the slip there may be other faults in the file.
    for edit, mended in edits[: most // 4] if readable and len(found) > 2 else ():
        rest = examine(mended, False)
        if rest is not None and (repair := _explained(edit, found, known, rest, readable)):
            return repair
    return None


def _explained(
    edit: Edit,
    found: Sequence[Diagnostic],
    known: Counter[tuple[str, str | None]],
    rest: Sequence[Diagnostic],
    readable: bool,
) -> Repair | None:
    """The slip that an edit mends, if the ``rest`` of the findings after it tells that it was one."""
    if not readable:
        return (
            None
            if any(one.severity is Severity.ERROR for one in rest)
            else Repair(edit.finding, (), edit.certain, len(rest))
        )
    about = Counter(map(_about, rest))
    if about - known or len(rest) >= len(found) or _of_layout(rest) >= _of_layout(found):
        return None
    others = _remaining(found, about)
    near = any(edit.first - 3 <= one.span.line <= edit.end + 3 for one in others)
    return Repair(edit.finding, others, edit.certain) if not near else None


def mends(text: SourceText, finding: Diagnostic, repair: Repair, examine: Examine) -> bool:
    """Whether a finding offers what mends the file no worse than a repair does."""
    span = finding.span
    if finding.fix is None:
        return False
    start, end = (
        text.starts[line - 1] + column - 1
        for line, column in ((span.line, span.column), (span.end_line, span.end_column))
    )
    left = examine(text.text[:start] + finding.fix + text.text[end:], True)
    return left is not None and not any(one.severity is Severity.ERROR for one in left) and len(left) <= repair.left


def _undeclared(found: Sequence[Diagnostic]) -> list[tuple[str, str]]:
    """Names that are not declared, each with a collection that would declare it."""
    told = [one for one in found if one.code in _UNDECLARED and one.subject]
    return [(key, str(one.subject).rpartition(".")[2]) for one in told for key in _UNDECLARED[one.code]]


def _of_layout(found: Sequence[Diagnostic]) -> int:
    return sum(one.code in _OF_LAYOUT for one in found)


def _about(finding: Diagnostic) -> tuple[str, str | None]:
    return finding.code, finding.subject


def _remaining(found: Sequence[Diagnostic], about: Counter[tuple[str, str | None]]) -> tuple[Diagnostic, ...]:
    kept = []
    for one in reversed(found):
        if about[_about(one)] > 0:
            about[_about(one)] -= 1
            kept.append(one)
    return tuple(reversed(kept))


def _edits(source: SourceLines, found: Sequence[Diagnostic], mentioned: list[tuple[str, str]]) -> Iterator[Edit]:
    """The edits near the findings, the likeliest first: of signs, then of as few lines as possible."""
    yield from lacking(source, found)
    yield from islice(renames(source, found), _MOST_RENAMED)
    at = _suspects(source, found)
    for one in at:
        yield from signs(source, one)
    made = {one: sorted(moves(source, one), key=_length) for one in at}
    for one in at:
        yield from dashes(source, one)
        yield from (edit for edit in made[one] if _length(edit) == 1)
    for one in at:
        yield from headings(source, one, mentioned)
    longer = chain.from_iterable(made.values())
    yield from sorted((edit for edit in longer if _length(edit) > 1), key=_length)


def _length(edit: Edit) -> int:
    return edit.end - edit.first


def _suspects(source: SourceLines, found: Sequence[Diagnostic]) -> list[int]:
    """The lines that may be at fault: those of the findings, those around them, and those that they stand below."""
    told = sorted((one for one in found if one.code in _OF_LAYOUT), key=lambda one: one.span)
    near: list[int] = []
    for one in told:
        near += named(source, one.subject) if one.code == "missing-key" and one.subject and one.span.line == 1 else []
    for line in list(dict.fromkeys(one.span.line - 1 for one in told))[:3]:
        here = (
            line
            if line < len(source.lines) and source.indents[line] >= 0
            else source.before(min(line, len(source.lines)))
        )
        near += [here] if here is not None else []
    around: list[int | None] = []
    for line in near:
        before = source.before(line)
        around += [before, source.after(line), *list(source.above(line))[:3], source.run_start(line)]
        around += source.same_above(line)
        if before is not None:
            around += [*list(source.above(before))[:2], source.run_start(before)]
            around += source.same_above(before)
    return list(dict.fromkeys([*near, *(one for one in around if one is not None)]))


def named(source: SourceLines, key: str) -> list[int]:
    """The first lines that begin with a key."""
    return [at for at in range(len(source.lines)) if source.indents[at] >= 0 and source.key(at) == key][:2]
