"""The handbook of a process for those who sell by it: one page, to be read, searched and printed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from procdef.advice.phrases import did_you_mean
from procdef.engine.arguments import instance_of, language_code, optional
from procdef.errors import InvalidArgument
from procdef.model import ProcessDefinition, Text
from procdef.pages.diagram.svg import STYLE
from procdef.pages.page import kit_file, page
from procdef.pages.passages import Passage, primary
from procdef.pages.playbook.aims import aims, working_time
from procdef.pages.playbook.picture import picture
from procdef.pages.playbook.reading import Reading
from procdef.pages.playbook.roles import helpers
from procdef.pages.playbook.words import ENDONYMS

__all__ = ["playbook"]


def playbook(
    definition: ProcessDefinition,
    language: str | None = None,
    *,
    stage: str | None = None,
    others: Mapping[str, str] | None = None,
) -> str:
    """The handbook in that language or the first one of the process, as HTML. The same definition gives the same text.

    ``stage``: the chapter of that stage alone. ``others``: by language where the same handbook stands in it. Raises
    ``InvalidArgument`` for a stage that there is not.
    """
    definition = instance_of(ProcessDefinition, definition, "definition", "a handbook is that of a ProcessDefinition")
    language = language_code(language) or definition.languages[0]
    stage = optional(str, stage, "stage", "a stage is named by its id, a text")
    if others is not None and not _are_texts(others):
        message = '`others` names by language where the same handbook stands, as {"fi": "handbook.fi.html"}'
        raise InvalidArgument(message, "others")
    if stage is not None and stage not in definition.stages:
        hint = did_you_mean(stage, definition.stages) or f"; there are {', '.join(definition.stages)}"
        raise InvalidArgument(f'{definition.id} has no stage "{stage}"{hint}', "stage")
    reading = Reading(definition, language, stage)
    chapters = reading.chapters()
    answers = [each for one in definition.stages.values() for each in reading.answers(one)] if stage is None else []
    chosen = definition.stages[stage] if stage is not None else None
    return page(
        "playbook.html",
        language=language,
        title=_title(reading, chosen.title if chosen else None),
        command="procdef playbook",
        facts=[(reading.words["process"], definition.name), (reading.words["fingerprint"], definition.sha256)],
        words=reading.words,
        styles=[STYLE, kit_file("playbook.css")],
        script=True,
        process=reading.said(definition.title),
        purpose=reading.maybe(definition.description),
        others=[(code, ENDONYMS.get(primary(code), code), address) for code, address in (others or {}).items()],
        picture=picture(reading) if stage is None else None,
        aims=aims(reading) if stage is None else [],
        chapters=chapters,
        count=len(definition.stages),
        losing=reading.losing(),
        answers=answers,
        helpers=helpers(reading) if stage is None else [],
        roles=[(role.id, reading.said(role.title), reading.maybe(role.description)) for role in definition.roles.values()],
        entries=[reading.entry(field) for field in reading.fields.values()],
        scores=[(score.id, reading.said(score.title), points) for score, points in reading.scores()],
        working_time=working_time(reading),
    )


def _are_texts(given: object) -> bool:
    """Whether a mapping has texts for keys and values, and nothing else."""
    return isinstance(given, Mapping) and all(isinstance(each, str) for each in chain(*given.items()))


def _title(reading: Reading, stage: Text | None) -> Passage:
    """The name of the page: that of the process, and before it that of the one stage."""
    named = [reading.said(each) for each in (stage, reading.definition.title) if each is not None]
    languages = {each.language for each in named}
    return Passage(": ".join([*(each.text for each in reversed(named))]), languages.pop() if len(languages) == 1 else None)
