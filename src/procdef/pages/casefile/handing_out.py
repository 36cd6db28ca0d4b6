"""Handing out a case file: what it is made of leaves the log, and the log tells that it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from procdef.commands import Actor
from procdef.engine import Engine
from procdef.engine.arguments import actor, instance_of
from procdef.errors import InvalidArgument
from procdef.pages.casefile.page_of_deal import casefile_page
from procdef.reports.casefile import CaseFile, casefile
from procdef.reports.processes_and_moments import Moment
from procdef.store.rows import EventRow

Form = Literal["html", "json"]


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A case file that was handed out: what it tells (``file``), the bytes of the page or of the JSON (``content``, UTF-8) with
    their SHA-256 in hexadecimal, and the event that tells of it (``recorded``), which a log that is only read has not."""

    file: CaseFile
    content: bytes
    sha256: str
    recorded: EventRow | None


def hand_out(
    engine: Engine,
    deal: str,
    *,
    by: Actor,
    until: Moment | None = None,
    form: Form = "html",
    keep: Callable[[bytes], object] | None = None,
) -> HandedOut:
    """Hand out the case file of a deal as ``procdef casefile`` does, and put on record that it left, with its SHA-256.

    It holds personal values, and is in the engine's language. ``until``: as the deal stood at that time, or at the end of that
    day in the time zone of the process. ``keep`` is given the content before the log tells of it: where that raises, nothing is
    on record. Where ``hand_out`` raises after it, as on a full disk or while another program writes, nothing is on record
    either: whoever kept the content removes it then. Raises ``UnknownDeal``, ``InvalidArgument``, ``LogBroken``, ``NewerLog``,
    what ``keep`` and ``Engine.exported`` do, and ``InvalidArgument`` for an engine inside a transaction of the application:
    what is rolled back there has left all the same.
    """
    by = actor(by)
    if instance_of(Engine, engine, "engine", "a case file is handed out by an Engine").joined:
        raise InvalidArgument(
            "a case file is not handed out inside your own transaction: rolled back, the log would not tell of what has left; "
            "hand it out on the engine itself once you have committed",
            "engine",
        )
    if keep is not None and not callable(keep):
        raise InvalidArgument("`keep` is a function that takes the content, as bytes", "keep")
    if form not in ("html", "json"):
        raise InvalidArgument("`form` is html or json", "form")
    found = casefile(engine, deal, until=until)
    content = _page(engine, found) if form == "html" else json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n"
    written = content.encode()
    if keep is not None:
        keep(written)
    digest = sha256(written).hexdigest()
    recorded = None
    if engine.store.writable:
        scope = {"with_personal": True, "deals": [found.deal.stream], **({} if until is None else {"to": found.as_of})}
        recorded = engine.exported("export casefile", scope, found.proof.events, digest, by=by)
    return HandedOut(found, written, digest, recorded)


def _page(engine: Engine, found: CaseFile) -> str:
    return casefile_page(found, engine.definition(found.process.id, found.process.version))
