"""A role that no place names may do nothing but add notes. Name it where it has a part (`owner`, `by`), or remove it."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import roles_named
from procdef.language.rules.rule import Rule


def unused_role(draft: Draft) -> Iterator[Finding]:
    """A role that no place names. A stage without ``owner`` belongs to every role, and so uses them all."""
    process = draft.process
    named = {role for _, role in roles_named(process)}
    if any(route[:1] != ("roles",) for route in draft.faulty.routes) or not named <= process.roles.keys():
        return
    if any(not stage.owner for stage in process.stages.values()):
        return
    for role in process.roles:
        if role not in named:
            yield Finding(
                "unused-role",
                Place(("roles", role), "key"),
                'nothing in the process names the role "{subject}"; name it in an `owner` or `by`, or remove it',
                subject=role,
                kind="role",
            )


RULE = Rule("unused-role", Severity.INFO, "references", __doc__, unused_role)
