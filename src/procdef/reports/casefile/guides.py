"""What the process says to whoever takes a deal over: answers to the objections that were met, and how the next stages go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdef.deal import Deal
from procdef.model import Playbook, ProcessDefinition, Stage, Text
from procdef.reports.casefile.contents import Answered, Link, MetObjection, StageGuide

_NOTHING = Playbook()


def answers(
    definition: ProcessDefinition, met: Mapping[str, tuple[str, list[int]]], language: str | None
) -> Iterator[MetObjection]:
    """The objections that were met (by id: the stage of the deal then, and the notes), with the playbook's answers."""
    for name, (stage, notes) in met.items():
        places = (stage, *definition.stages)  # the first may be one that only an earlier version had
        home = next((each for each in places if name in _playbook(definition.stages.get(each)).objections), stage)
        known = _playbook(definition.stages.get(home)).objections.get(name)
        concern = known.concern.in_language(language) if known else name
        answer = known.answer.in_language(language) if known and known.answer else None
        yield MetObjection(name, home, concern, answer, tuple(notes))


def guides(definition: ProcessDefinition, deal: Deal, language: str | None) -> Iterator[StageGuide]:
    """The present stage of an open deal, and those that it leads to, in the order of the file."""
    if deal.mode != "open":
        return
    here = definition.stages[deal.stage]
    for name in (here.id, *here.next):
        yield _guide(definition, definition.stages[name], name == here.id, language)


def _guide(definition: ProcessDefinition, stage: Stage, here: bool, language: str | None) -> StageGuide:
    def said(text: Text) -> str:
        return text.in_language(language)

    book = _playbook(stage)
    return StageGuide(
        stage=stage.id,
        title=said(stage.title),
        here=here,
        owner=tuple(said(definition.roles[role].title) for role in stage.owner),
        within=str(stage.sla.within) if stage.sla and stage.sla.within else None,
        until=stage.sla.until if stage.sla else None,
        goal=said(book.goal) if book.goal else None,
        guide=said(book.guide) if book.guide else None,
        to_do=tuple(said(action.title) for action in stage.required_actions.values()),
        questions=tuple(map(said, book.questions)),
        objections=tuple(
            Answered(name, said(each.concern), said(each.answer) if each.answer else None)
            for name, each in book.objections.items()
        ),
        materials=tuple(Link(said(each.title), each.url) for each in book.materials.values()),
    )


def _playbook(stage: Stage | None) -> Playbook:
    return stage.playbook if stage and stage.playbook else _NOTHING
