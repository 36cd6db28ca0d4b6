"""Ids are permanent and stand in logs, so their form is fixed: lower-case letters, digits and underscores. Write what people
read as the `title`."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("bad-id", Severity.ERROR, "shape", __doc__)
