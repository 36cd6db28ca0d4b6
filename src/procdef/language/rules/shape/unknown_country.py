"""Holidays are looked up by the ISO code of the country, two capital letters such as FI."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("unknown-country", Severity.ERROR, "shape", __doc__)
