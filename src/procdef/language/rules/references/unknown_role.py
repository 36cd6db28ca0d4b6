"""Rights that are given to a role which does not exist belong to nobody. Correct the role's id, or add the role to `roles`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity, listed, nearest
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import beside, roles_named
from procdef.language.rules.rule import Rule
from procdef.language.shape.suggested_forms import identifier
from procdef.language.shape.suggested_ids import by_title


def unknown_role(draft: Draft) -> Iterator[Finding]:
    """A place that names roles and names one that is not in ``roles``."""
    known = draft.process.roles
    titles = by_title({one.id: one.title.texts for one in draft.process.roles.values()})
    mentions = list(roles_named(draft.process))
    listed_there = beside(mentions)
    for route, role in mentions:
        if role not in known:
            others = listed_there.get(route[:-1], ())
            near = titles.get(identifier(role)) or nearest(role, [one for one in known if one not in others])
            near = None if near in others else near
            if draft.faulty.declares("roles", role, near):
                continue
            yield Finding(
                "unknown-role",
                Place(route),
                'unknown role "{subject}"{hint}' if near else 'unknown role "{subject}" (the roles are {roles})',
                fix=near,
                subject=role,
                kind="role",
                candidates=(near,) if near else (),
                details={} if near else {"roles": listed(known)},
            )


RULE = Rule("unknown-role", Severity.ERROR, "references", __doc__, unknown_role)
