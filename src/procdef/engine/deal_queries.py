"""A list of deals as callers ask for it: what could never match is told, rather than answered with nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from procdef.engine.arguments import count, deal_name, person_id, well_formed, when
from procdef.engine.definition_cache import DefinitionCache
from procdef.errors import InvalidArgument
from procdef.store.port import Tx
from procdef.store.queries import Deals, Definitions

_OUTCOMES = ("open", "won", "lost")


def well_formed_query(given: Deals) -> Deals:
    """The query, once each part of it is of its form; a time is then the log's text. Raises ``InvalidArgument``."""
    query = well_formed(given)
    if query.outcome is not None and query.outcome not in _OUTCOMES:
        raise _unknown("outcome", query.outcome, _OUTCOMES)
    if query.owner is not None:
        person_id(query.owner, "owner")
    if query.after is not None:
        deal_name(query.after, "after")
    if query.limit is not None:
        count(query.limit, "limit", 1)
    if query.due_before is not None:
        query = replace(query, due_before=when(query.due_before, "due_before"))
    return query if query.overdue is None else replace(query, overdue=when(query.overdue, "overdue"))


def can_match(tx: Tx, query: Deals, library: DefinitionCache) -> None:
    """Raises ``InvalidArgument`` where no deal can ever be found: of a process or in a stage that is not published."""
    if query.process is None and query.stage is None:
        return
    if next(iter(tx.scan(Deals(query.process, query.stage, limit=1))), None) is not None:
        return
    rows = list(tx.scan(Definitions()))
    if query.process is not None and query.process not in {row.id for row in rows}:
        raise _unknown("process", query.process, sorted({row.id for row in rows}))
    own = [library.known(tx, row.sha256).definition for row in rows if query.process in (None, row.id)]
    stages = list(dict.fromkeys(stage for definition in own for stage in definition.stages))
    if query.stage is not None and query.stage not in stages:
        raise _unknown("stage", query.stage, stages)


def _unknown(what: str, given: str, known: Iterable[str]) -> InvalidArgument:
    known = list(known)
    near = get_close_matches(given, known, 1) or get_close_matches(given.casefold(), known, 1)
    hint = f' (did you mean "{near[0]}"?)' if near else f"; there {'are' if known else 'is'} {', '.join(known) or 'none'}"
    return InvalidArgument(f'there is no {what} "{given}" here{hint}', what)
