"""What a rule is: a code, how bad its findings are, why it matters, and, where it judges a read process, its generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from procdef.diagnostics import Finding, Severity
from procdef.language.draft import Draft


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of ``procdef check``.

    ``explanation`` is the docstring of the rule's module: why it matters and how to mend it. ``check`` is None where the
    finding is made while the file is read (family ``text``), by the schema (``shape``) or by the expression compiler.
    """

    code: str
    severity: Severity
    family: str
    explanation: str
    check: Callable[[Draft], Iterator[Finding]] | None = None
