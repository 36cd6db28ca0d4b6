#!/usr/bin/env python3
"""Write docs/diagnostics/ and the examples of `procdef explain` from the rules and their golden files.

python3 tools/make_diagnostics.py
"""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from procdef import load
from procdef.checking import check
from procdef.diagnostics import Diagnostic
from procdef.language.check import Prover
from procdef.language.file_kinds import ASSUMPTIONS, PEOPLE, kind_of
from procdef.language.people.check import check_people_source
from procdef.language.plans.check import findings_in_plan
from procdef.language.rules import BY_CODE, RULES
from procdef.language.rules.rule import Rule
from procdef.proof import findings as proved
from procdef.render.findings import text as shown
from procdef.simulation.assumptions.reading import read_assumptions

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
AGAINST = GOLDEN / "against_versions"
"""Plans and directories of people, with the two versions of a process that they are held against."""
PAGES = Path("docs/diagnostics")
EXAMPLES = Path("src/procdef/language/examples.json")
LONGEST = 200
_MESSAGE = re.compile(r"\S+:\d+:\d+: ")
FAMILIES = {
    "text": "Reading the file as YAML, before anything in it is understood.",
    "shape": "Keys, types and words: what the schema of the language asks for.",
    "references": "Names that stand for something declared elsewhere in the file.",
    "graph": "How stages are connected, where deals begin, and where they are won.",
    "expressions": "What stands in `check` and `when`.",
    "controls": "Approvals that would not control anything.",
    "practice": "What works, but is known to make processes worse.",
    "people": "Who has which roles and who stands in for whom, in a directory of people (`procdef people check`).",
    "plans": "Plans of migrations, held against the versions that they lead from and to (`procdef migrate --plan`).",
    "scenarios": "Files of scenarios, held against the process that they test.",
    "assumptions": "Files of assumptions, held against the process that they are for: see [assumptions](../assumptions.md).",
    "proof": "What is proved of all deals, with `check --prove` and `prove`: see [proof](../proof.md).",
}


class Example(NamedTuple):
    """A file that breaks a rule, cut down to what matters; what `check` says of it; the same place in a sound file."""

    wrong: str
    finding: str
    right: str


def artifacts() -> dict[Path, str]:
    """Every file that this script writes, by its path from the top of the repository."""
    examples = {rule.code: _examples(rule.code) for rule in RULES}
    first = {code: found[0]._asdict() for code, found in sorted(examples.items()) if found}
    files = {PAGES / f"{rule.code}.md": _page(rule, examples[rule.code]) for rule in RULES}
    files[PAGES / "README.md"] = _index()
    files[EXAMPLES] = json.dumps(first, ensure_ascii=False, indent=1) + "\n"
    return files


def _examples(code: str) -> list[Example]:
    found = []
    for folder in (GOLDEN, AGAINST):
        files = [folder / "err" / f"{code}.yaml", *sorted((folder / "err").glob(f"{code}-*.yaml"))]
        right = folder / "ok" / f"{code}.yaml"
        found += [
            _example(code, file, right) for file in files if file.exists() and (file.stem == code or _varies(code, file))
        ]
    return found


def _varies(code: str, file: Path) -> bool:
    """Whether a file shows another side of the rule: named after it, not after a rule with a longer name."""
    return file.stem not in BY_CODE and f"[{code}]" in file.with_suffix(".out").read_text("utf-8")


def found_in(code: str, file: Path) -> list[Diagnostic]:
    """What is wrong in a golden file, which is named after that code."""
    if file.parent.parent != AGAINST:
        return check(file, prove=prover(code))
    return found_against_versions(file.read_bytes(), str(file))


def found_against_versions(source: bytes, name: str) -> list[Diagnostic]:
    """What is wrong in a plan, in assumptions or in a directory of people, held against the golden versions of the process."""
    versions = [load(each) for each in sorted(AGAINST.glob("*.yaml"))]
    kind = kind_of(source)
    if kind is ASSUMPTIONS:
        return list(read_assumptions(source, name, process=versions[-1]).findings)
    if kind is PEOPLE:
        return check_people_source(source, name, versions)[1]
    return findings_in_plan(source, name, versions)


def _example(code: str, wrong_file: Path, right_file: Path) -> Example:
    findings = [finding for finding in found_in(code, wrong_file) if finding.code == code]
    wrong, right = (_lines(file) for file in (wrong_file, right_file))
    said = shown(findings, {str(wrong_file): "\n".join(wrong)}).replace(str(wrong_file), wrong_file.name)
    matcher = SequenceMatcher(None, wrong, right, autojunk=False)
    if matcher.ratio() < 0.5:
        return Example(_cut(wrong, set(range(len(wrong)))), _short(said), _cut(right, set(range(len(right)))))
    keep_wrong, keep_right = _told(findings), set[int]()
    for kind, wrong_from, wrong_to, right_from, right_to in matcher.get_opcodes():
        if kind != "equal":
            keep_wrong |= set(range(wrong_from, wrong_to))
            keep_right |= set(range(right_from, right_to)) or {right_from - 1, right_from} & set(range(len(right)))
    return Example(_cut(wrong, keep_wrong), _short(said), _cut(right, keep_right))


def prover(code: str) -> Prover | None:
    """What finds the code, where the rules by themselves do not."""
    return proved if code in BY_CODE and BY_CODE[code].family == "proof" else None


def _lines(file: Path) -> list[str]:
    """The lines of a file; what cannot be seen, or would turn the text around, is shown as U+FFFD."""
    text = file.read_bytes().decode("utf-8", "replace")
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text).splitlines()


def _told(findings: list[Diagnostic]) -> set[int]:
    spans = [span for finding in findings for span in (finding.span, *(item.span for item in finding.related))]
    return {span.line - 1 for span in spans}


def _cut(lines: list[str], keep: set[int]) -> str:
    """The lines to keep, each below the lines that it belongs to."""
    for number in sorted(keep):
        depth = _depth(lines[number])
        for above in range(number - 1, -1, -1):
            if lines[above].strip() and _depth(lines[above]) < depth:
                keep = keep | {above}
                depth = _depth(lines[above])
    return _short("\n".join(lines[number] for number in sorted(keep)))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _short(text: str) -> str:
    """Excerpts whose lines are not too long to look at; messages are left whole."""
    return "".join(
        (line if len(line) <= LONGEST or _MESSAGE.match(line) else line[:LONGEST] + " …") + "\n"
        for line in text.splitlines()
    )


def _page(rule: Rule, examples: list[Example]) -> str:
    lines = [f"# {rule.code}", "", f"{rule.severity.value}, family [{rule.family}](README.md#{rule.family})", ""]
    lines += [rule.explanation.strip(), ""]
    command = "procdef migrate --plan" if rule.family == "plans" else "procdef check"
    for number, example in enumerate(examples):
        lines += ["## Wrong" if number == 0 else "## Also wrong", "", "```yaml", example.wrong.rstrip(), "```", ""]
        lines += [f"`{command}` says:", "", "```text", example.finding.rstrip(), "```", ""]
        if number == 0:
            lines += ["## Right", "", "```yaml", example.right.rstrip(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _index() -> str:
    lines = [
        "# Diagnostics", "",
        "Every code that `procdef check` may show, why it matters, and how to mend it. `procdef explain CODE` tells the same",
        "in the terminal. A warning or an info is suppressed on its line with `# procdef: ignore[code]`; errors never are.",
    ]  # fmt: skip
    for family, meaning in FAMILIES.items():
        lines += ["", f"## {family}", "", meaning, "", "| code | severity | why |", "|---|---|---|"]
        lines += [
            f"| [{rule.code}]({rule.code}.md) | {rule.severity.value} | {_sentence(rule.explanation)} |"
            for rule in RULES
            if rule.family == family
        ]
    return "\n".join(lines) + "\n"


def _sentence(explanation: str) -> str:
    return explanation.replace("\n", " ").split(". ")[0].rstrip(".") + "."


def main() -> None:
    """Write all files, and remove pages of rules that are no more."""
    files = artifacts()
    for path in (ROOT / PAGES).glob("*.md"):
        if path.relative_to(ROOT) not in files:
            path.unlink()
    for path, text in files.items():
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
