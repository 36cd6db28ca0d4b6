"""A field that nothing in the process names is filled by nobody, or for nothing. Remove it, or let an action record it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import asking, fields_named
from procdef.language.rules.rule import Rule


def unused_field(draft: Draft) -> Iterator[Finding]:
    """A field that no place names and no expression reads; silent while a part that could name it is faulty."""
    process = draft.process
    named = {name for _, name in fields_named(process)}
    if any(route[:1] != ("fields",) for route in draft.faulty.routes) or not named <= process.fields.keys():
        return
    named.update(*(one.fields for one in asking(process)))
    for name in process.fields:
        if name not in named:
            yield Finding(
                "unused-field",
                Place(("fields", name), "key"),
                'nothing in the process names the field "{subject}"; let an action record it, or remove it',
                subject=name,
                kind="field",
            )


RULE = Rule("unused-field", Severity.INFO, "references", __doc__, unused_field)
