"""What no schema can say of the table in ``by`` of an action: on what it stands, and beside what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef.diagnostics import Finding, Place, Route


def table_findings(name: str, spec: Any, route: Route) -> Iterator[Finding]:
    """What is wrong with the rows in ``by`` of an action, where there are some."""
    by = spec.get("by")
    rows = [row for row in by if isinstance(row, dict)] if isinstance(by, list) else []
    if not rows:
        return
    if not spec.get("decision", False):
        yield Finding(
            "misplaced-table",
            Place((*route, "by"), "key"),
            'a table in `by` says who decides, and "{subject}" is no decision; add `decision: true`, or name roles alone',
            subject=name,
            kind="action",
            key="by",
        )
    if "at_least" in spec:
        yield Finding(
            "misplaced-table",
            Place((*route, "at_least"), "key"),
            "beside a table in `by` each row has its own `at_least`; move it into the rows that it is meant for",
            subject=name,
            kind="action",
            key="at_least",
        )
    for place, item in enumerate(by):
        if isinstance(item, str):
            yield Finding(
                "misplaced-table",
                Place((*route, "by", place)),
                "a role beside the rows of a table is no row; write {fix}",
                fix=f"{{roles: {item}}}",
                subject=item,
                kind="role",
                key="by",
            )
