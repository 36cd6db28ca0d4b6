"""Amounts in a currency that nobody knows cannot be shown or added up. Name it by its ISO 4217 code, three capital letters such
as EUR."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-currency", Severity.ERROR, "shape", __doc__)
