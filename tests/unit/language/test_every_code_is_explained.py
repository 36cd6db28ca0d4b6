"""Every rule of the checker says why it matters, and files show a process that breaks it and one that keeps it."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import procdef
from procdef.language.file_kinds import KINDS
from procdef.language.rules import BY_CODE, RULES
from procdef.language.rules.rule import Rule

SOURCE = Path(procdef.__file__).parent
SCHEMAS = Path(__file__).parents[3] / "schemas"
MAKERS = {"Rule", "Finding", "reading_fault", "SyntaxFault", "Diagnostic", "_once"}
"""What takes a code as its first argument."""
GOLDEN = Path(__file__).parents[2] / "golden"
OF_NO_FILE = {"unreadable", "too-large"}
"""No file can be kept for the first, and only a huge one for the second."""


def golden(rule: Rule) -> Path:
    """The folder of the files that show a rule: plans, and what a directory lacks for a process, need versions."""
    needs_versions = rule.family == "plans" or rule.code in ("role-of-no-process", "too-few-people", "other-process")
    return GOLDEN / "against_versions" if needs_versions else GOLDEN


each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
each_shown = pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.code not in OF_NO_FILE], ids=lambda rule: rule.code
)


def test_no_two_rules_have_the_same_code() -> None:
    assert len(BY_CODE) == len(RULES)


@each_rule
def test_a_rule_tells_why_it_matters_and_what_to_do(rule: Rule) -> None:
    sentences = [part for part in rule.explanation.replace("\n", " ").split(". ") if part.strip()]
    assert len(sentences) >= 2
    assert rule.explanation.rstrip().endswith(".")


@each_shown
def test_a_file_shows_how_a_rule_is_broken(rule: Rule) -> None:
    assert f"[{rule.code}]" in (golden(rule) / "err" / f"{rule.code}.out").read_text(encoding="utf-8")
    assert (golden(rule) / "err" / f"{rule.code}.yaml").exists()


@each_shown
def test_a_file_shows_how_a_rule_is_kept(rule: Rule) -> None:
    assert (golden(rule) / "ok" / f"{rule.code}.yaml").exists()


def codes_in(module: Path) -> Iterator[str]:
    """The texts in a module that stand for codes: the first argument of what takes one, and all of several words."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("[a-z]+(-[a-z]+)+", node.value):
            yield node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS and node.args:
            yield from (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))


@pytest.mark.parametrize(
    "module", sorted([*SOURCE.glob("language/**/*.py"), *SOURCE.glob("expression/*.py")]), ids=lambda module: module.stem
)
def test_a_code_that_is_told_is_that_of_a_rule(module: Path) -> None:
    assert set(codes_in(module)) - set(BY_CODE) - {"e-mail", *(kind.key for kind in KINDS)} == set()


@pytest.mark.parametrize("schema", sorted(SCHEMAS.glob("*.json")), ids=lambda schema: schema.stem)
def test_a_code_in_a_schema_is_that_of_a_rule(schema: Path) -> None:
    told = re.findall(r'"\$comment": "([^"]*)"', json.dumps(json.loads(schema.read_text("utf-8"))))
    assert set(told) - set(BY_CODE) == set()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.check], ids=lambda rule: rule.code)
def test_a_rule_finds_what_it_is_named_for(rule: Rule) -> None:
    module = Path(inspect.getfile(sys.modules[rule.check.__module__]))
    assert (module.stem, set(codes_in(module))) == (rule.code.replace("-", "_"), {rule.code})
