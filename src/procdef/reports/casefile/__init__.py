"""A case file: all that is known of one deal, for the person who takes it over.

Making one changes and logs nothing. Whoever hands one out does that with ``procdef.pages.casefile.hand_out``, which puts it on
record.
"""

from __future__ import annotations

from collections.abc import Mapping

from procdef.deal import Deal
from procdef.engine import Engine
from procdef.engine.arguments import instance_of
from procdef.engine.definition_cache import DefinitionCache, is_simulated
from procdef.engine.options import options
from procdef.engine.queries import deal_named, key_of, told_history
from procdef.errors import InvalidArgument, LogBroken, UnknownDeal
from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition, Text, meant_language
from procdef.reports.casefile.contents import FORMAT, CaseFile, OpenWork, Process, Standing
from procdef.reports.casefile.guides import answers, guides
from procdef.reports.casefile.proving import proof_of
from procdef.reports.casefile.story import Story
from procdef.reports.processes_and_moments import Moment, end_of
from procdef.results.deal_view import DealView, view_of
from procdef.store.port import Tx
from procdef.store.sealed_reading import once_sealed

__all__ = ["CaseFile", "casefile", "casefile_in"]


def casefile(engine: Engine, deal: str, *, until: Moment | None = None) -> CaseFile:
    """The case file of a deal, in the language of the engine, as the deal stands now.

    With ``until`` as it stood then: at that time, or at the end of that day in the time zone of the process. Only of what was
    recorded up to then is told, and what is open is worked out as of then; what was erased since is not there any more. Raises
    ``UnknownDeal``, ``InvalidArgument`` for a time before the deal or still to come, ``LogBroken``, ``NewerLog``, or
    ``StoreBusy`` where an event of the deal was not sealed in time.
    """
    view = instance_of(Engine, engine, "engine", "a case file is asked of an Engine").deal(deal)
    as_of = _as_of(engine, view, until)

    def reading() -> CaseFile:
        with engine.store.transaction(write=False) as tx:
            return casefile_in(tx, DefinitionCache(), view.stream, as_of, engine.language)

    return once_sealed(engine.store, reading)


def _as_of(engine: Engine, deal: DealView, until: Moment | None) -> str:
    latest = max(timestamp(engine.now()), deal.at)  # whoever wrote the last event may have another clock
    if until is None:
        return latest
    asked = end_of(until, engine.definition_of(deal).calendar.zone, "until")
    if asked > latest:
        raise InvalidArgument(f"{until} is still to come; leave it out for how the deal stands now", "until")
    return asked


def casefile_in(tx: Tx, library: DefinitionCache, name: str, as_of: str, language: str | None = None) -> CaseFile:
    """The same as of a time of the log, in a transaction that is open.

    Raises ``UnknownDeal``, ``InvalidArgument`` for a time before the deal, ``LogBroken``, or ``NewerLog``.
    """
    now = deal_named(tx, name)
    history = list(told_history(tx, now.stream, as_of))
    if not history:
        raise InvalidArgument(f"nothing of {now.name} was recorded by {as_of}; name a later time", "until")
    deal = history[-1].after
    definition, machine, _ = library.known(tx, deal.definition)  # a deal may have been taken over to another version since
    language = None if language is None else _spoken(definition, language)
    if deal.stage not in definition.stages:
        raise LogBroken(f"{now.name} is in a stage that {definition.name} does not have", now.stream)
    story = Story(definition, language)
    story.hear(history)
    ahead = options(definition, machine, deal, None, instant(as_of), language)
    work = OpenWork(ahead.todo, ahead.ways, tuple(map(timestamp, ahead.reminders)), ahead.scores)
    return CaseFile(
        format=FORMAT,
        simulated=bool(is_simulated(tx)),
        as_of=as_of,
        language=language or definition.languages[0],
        time_zone=str(definition.calendar.zone),
        process=Process(definition.id, definition.version, definition.title.in_language(language), definition.sha256),
        deal=_standing(tx, definition, deal, as_of, language),
        people=story.people,
        values=tuple(story.values),
        open=work,
        conversations=tuple(sorted(story.conversations, key=lambda said: (said.happened, said.n))),
        objections=tuple(answers(definition, story.objections, language)),
        approvals=tuple(story.approvals_at(as_of)),
        waivers=tuple(story.waivers_at(as_of)),
        corrections=tuple(story.corrections),
        documents=tuple(story.documents),
        playbooks=tuple(guides(definition, deal, language)),
        timeline=tuple(story.timeline),
        proof=proof_of(tx, deal, as_of, language),
    )


def _spoken(definition: ProcessDefinition, language: str) -> str:
    """The code, as the process writes it, of the language that its texts are given in."""
    return meant_language(language, definition.languages) or definition.languages[0]


def _standing(tx: Tx, definition: ProcessDefinition, deal: Deal, as_of: str, language: str | None) -> Standing:
    view = view_of(deal, definition)
    reasons: Mapping[str, Text] = definition.lost.reasons if definition.lost else {}
    reason = reasons.get(deal.reason or "")
    return Standing(
        name=deal.name,
        title=view.title,
        stream=deal.stream,
        stage=deal.stage,
        stage_title=definition.stages[deal.stage].title.in_language(language),
        mode=deal.mode,
        outcome=deal.outcome,
        owner=deal.owner,
        path=deal.path,
        started=deal.started,
        entered=deal.entered,
        due=deal.due,
        overdue=deal.mode == "open" and deal.due is not None and deal.due < as_of,
        amount=view.amount,
        currency=definition.currency,
        expected=view.expected,
        offered=deal.offered,
        won=deal.won,
        lost=deal.lost,
        finished=deal.finished,
        reason=deal.reason,
        reason_title=reason.in_language(language) if reason else None,
        contacted=deal.contacted,
        origin=_name_of(tx, deal.origin),
    )


def _name_of(tx: Tx, stream: str | None) -> str | None:
    """How the deal of a stream is named; where that is not known, by the stream."""
    if stream is None:
        return None
    try:
        return key_of(tx, stream) or stream
    except UnknownDeal:
        return stream
