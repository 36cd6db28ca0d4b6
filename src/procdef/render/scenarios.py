"""What came of scenarios, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from procdef.render.refusal import refusal_text
from procdef.render.text_layout import wrapped
from procdef.scenarios.coverage import Coverage, Item
from procdef.scenarios.results import Outcome
from procdef.unsafe_characters import one_line


def file_text(name: str, outcomes: Sequence[Outcome]) -> str:
    """A file in one line: how many scenarios it has, and whether they went as expected."""
    failed = sum(not each.passed for each in outcomes)
    count = f"{len(outcomes)} scenario{'s' * (len(outcomes) != 1)}"
    return f"{one_line(name)}: {count}, {f'{failed} FAILED' if failed else 'passed'}"


def failure_text(outcome: Outcome) -> str:
    """Where a scenario did not go as expected: both sides below each other, and a refusal as a seller reads it."""
    lines = [f"FAILED {outcome.scenario}: {one_line(outcome.title)}"]
    for each in outcome.differences:
        lines.append(f"  {one_line(outcome.file)}:{each.line}: step {outcome.step}, {each.key}")
        lines.append(f"    expected  {one_line(each.expected)}")
        lines.append(f"    found     {one_line(each.found)}")
    if outcome.refused is not None:
        lines += [f"      {line}" for line in refusal_text(outcome.refused).split("\n")]
    return "\n".join(lines)


_NAMES = {
    "stages": "stages",
    "starts": "starts",
    "ways": "ways",
    "criteria": "criteria, met and unmet",
    "actions": "actions done",
    "when": "when, true and false",
    "decisions": "approvals and rejections",
    "rows": "rows of approval tables",
    "lapses": "lapses",
    "waivers": "waivers",
    "deadlines": "deadlines",
    "losses": "losses",
    "reopenings": "reopenings",
    "returns": "returns",
}


def coverage_text(coverage: Coverage, width: int) -> str:
    """What scenarios tried of a process, kind by kind, and below that what they did not."""
    lines = [f"Coverage of {coverage.definition.name}: {coverage.told}"]
    widest = max(len(name) for name in _NAMES.values())
    for kind, (tried, every) in coverage.by_kind().items():
        lines.append(f"  {_NAMES[kind]:<{widest}}  {tried:>3} of {every}")
        missing = [item for item in coverage.missing if item.kind == kind]
        if missing:
            lines += wrapped("not tried: " + ", ".join(_told(missing)), width, "    ", "      ")
    return "\n".join(lines)


def _told(items: Iterable[Item]) -> Iterator[str]:
    """Each item, and both answers of one rule together."""
    whats: dict[str, list[str]] = {}
    for item in items:
        whats.setdefault(item.of, []).append(item.what)
    for of, answers in whats.items():
        yield f"{of} {' and '.join(answers)}".rstrip()
