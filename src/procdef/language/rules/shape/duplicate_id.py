"""The log names criteria and actions by id alone, so that no two in a stage may share one. Rename one."""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("duplicate-id", Severity.ERROR, "shape", __doc__)
