"""YAML could not be read from here on, so nothing after it was looked at. Mend this place first.

The usual causes, each with the wrong line and the right one:

- a line stands further in or out than those that it belongs to: `     owner: seller` under `    title: Lead`; give all keys
  of one thing the same number of blanks before them, and never a tab
- the colon, or the blank after it, is missing: `title Lead`, `title:Lead`; write `title: Lead`
- the dash, or the blank after it, is missing in a list: `-Who decides?`; write `- Who decides?`
- a bracket is not closed: `{title: Lead`, `[seller, manager`; write `{title: Lead}`, `[seller, manager]`
- a quotation mark is not closed, or one too many: `"Lead`; write `"Lead"`
- an apostrophe ends the text: `'The customer's order'`; write `"The customer's order"`
- a blank is none, for it was copied from a web page or a text program; write it anew
- a line is no part of the process; remove it, or begin it with `#` as a remark.
"""

from __future__ import annotations

from procdef.diagnostics import Severity
from procdef.language.rules.rule import Rule

RULE = Rule("syntax", Severity.ERROR, "text", __doc__)
