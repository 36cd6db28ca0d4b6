"""Something that waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from procdef.results.result import Result


@dataclass(frozen=True, slots=True)
class AgendaItem(Result):
    """Something in an open deal that waits for somebody.

    ``kind`` says why it is told: it is ``overdue`` or will be ``due``; it waits for an approval (``approve``); the deal was
    handed over (``handed``); what was asked for was ``rejected``; nobody has touched the deal (``idle``); what is done
    ``lapses`` at ``due``, and is to be done or approved again from then on. ``of`` is the stage or the ``stage.action`` that
    it is about, ``what`` its title. ``roles`` do it; where there are none, the ``owner`` of the deal does. ``by`` is who
    handed the deal over, rejected, or did what lapses, where it is known; ``since`` is when it began to wait.
    ``escalated``: others were told that it is overdue. Times are UTC text.
    """

    kind: Literal["overdue", "approve", "handed", "rejected", "idle", "due", "lapses"]
    deal: str
    title: str | None
    stream: str
    process: str
    version: int
    stage: str
    owner: str
    of: str
    what: str
    due: str | None = None
    roles: tuple[str, ...] = ()
    by: str | None = None
    since: str | None = None
    escalated: bool = False
