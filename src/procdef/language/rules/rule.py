"""What a rule is: a code, how bad its findings are, why it matters, and, where it judges a read process, its generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import cleandoc

from procdef.diagnostics import Finding, Severity
from procdef.language.partly_read_process import Draft


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of ``procdef check``.

    ``explanation`` says why it matters and how to mend it; for a rule with a module of its own it is the docstring of that.
    ``check`` is None where the finding is made elsewhere.
    """

    code: str
    severity: Severity
    family: str
    explanation: str
    check: Callable[[Draft], Iterator[Finding]] | None = None


def reported_elsewhere(family: str, code: str, severity: Severity, explanation: str) -> Rule:
    """A rule whose findings are made while a file is read, held against the schema or compiled, or by the ignore comments."""
    return Rule(code, severity, family, cleandoc(explanation))
