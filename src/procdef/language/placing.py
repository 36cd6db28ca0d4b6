"""Findings with their places in the text, their severity and their message: what is told in the end."""

from __future__ import annotations

from collections.abc import Callable

from procdef.diagnostics import Diagnostic, Finding, Place, Related, Severity, Span, message_of
from procdef.language.rules import BY_CODE
from procdef.language.yaml.tree import Tree


def placed(span: Callable[[Place], Span], finding: Finding) -> Diagnostic:
    """A finding with its lines, columns and message; ``span`` turns a place into lines and columns."""
    return Diagnostic(
        finding.code,
        _severity(finding.code),
        span(finding.place),
        message_of(finding),
        tuple(Related(span(place), message) for place, message in finding.related),
        finding.fix,
        finding.subject,
        finding.kind,
        finding.candidates,
    )


def fitted(tree: Tree, finding: Finding) -> Finding:
    """The finding, its fix written so that it can stand where the faulty text stands."""
    if finding.fix is None:
        return finding
    from procdef.language.yaml.fitted_fixes import fitted as as_written  # only faulty files need it

    return as_written(tree, finding)


def order(item: Diagnostic) -> tuple[Span, str, str]:
    """By what findings are sorted: their place, then their code."""
    return item.span, item.code, item.subject or ""


def _severity(code: str) -> Severity:
    return BY_CODE[code].severity if code in BY_CODE else Severity.ERROR
