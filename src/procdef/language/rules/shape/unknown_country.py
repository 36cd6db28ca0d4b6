"""Holidays are looked up by country, and working time is counted around them. Name the country by its ISO code, two capital
letters such as FI."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-country", Severity.ERROR, "shape", __doc__)
