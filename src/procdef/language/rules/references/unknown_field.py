"""A field that does not exist can be neither filled nor read. Correct the field's id, or add the field to `fields`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity, nearest
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import beside, fields_named
from procdef.language.rules.rule import Rule
from procdef.language.shape.suggested_forms import identifier
from procdef.language.shape.suggested_ids import by_title


def unknown_field(draft: Draft) -> Iterator[Finding]:
    """A place that names fields and names one that is not in ``fields``; names in expressions are ``unknown-name``."""
    known = draft.process.fields
    titles = by_title({one.id: one.title.texts if one.title else {} for one in draft.process.fields.values()})
    mentions = list(fields_named(draft.process))
    listed_there = beside(mentions)
    for route, name in mentions:
        if name not in known:
            others = listed_there.get(route[:-1], ())
            near = titles.get(identifier(name)) or nearest(name, [one for one in known if one not in others])
            near = None if near in others else near
            if draft.faulty.declares("fields", name, near):
                continue
            yield Finding(
                "unknown-field",
                Place(route),
                'unknown field "{subject}"{hint}'
                if near
                else 'unknown field "{subject}" (add it to `fields`, or correct the name)',
                fix=near,
                subject=name,
                kind="field",
                candidates=(near,) if near else (),
            )


RULE = Rule("unknown-field", Severity.ERROR, "references", __doc__, unknown_field)
