"""What the ids in a report are called in its process. Ids that only an older version had stand for themselves."""

from __future__ import annotations

from procdef.expression.types import Kind
from procdef.model import ProcessDefinition, Text
from procdef.pages.passages import Passage, passage


class Named:
    """The titles of a process in a language."""

    def __init__(self, definition: ProcessDefinition, language: str) -> None:
        self.definition, self._language = definition, language

    def _of(self, text: Text | None, name: str) -> Passage:
        return Passage(name) if text is None else passage(text, self._language)

    @property
    def process(self) -> Passage:
        """The title of the process."""
        return self._of(self.definition.title, self.definition.id)

    def stage(self, name: str) -> Passage:
        """The title of a stage."""
        stage = self.definition.stages.get(name)
        return self._of(stage.title if stage else None, name)

    def leads_on(self, name: str) -> bool:
        """Whether deals go on from a stage to another one, as all stages do but those in which the process ends."""
        stage = self.definition.stages.get(name)
        return stage is None or bool(stage.next)

    def reason(self, name: str) -> Passage:
        """The title of a reason for losing."""
        lost = self.definition.lost
        return self._of(lost.reasons.get(name) if lost else None, name)

    def field(self, name: str) -> Passage:
        """The title of a field."""
        field = self.definition.fields.get(name)
        return self._of(field.title if field else None, name)

    def is_percent(self, name: str) -> bool:
        """Whether a field holds percent."""
        field = self.definition.fields.get(name)
        return field is not None and field.type.kind is Kind.PERCENT

    def is_boolean(self, name: str) -> bool:
        """Whether a field holds true or false."""
        field = self.definition.fields.get(name)
        return field is not None and field.type.kind is Kind.BOOLEAN

    def currency_of(self, name: str) -> str | None:
        """The currency of a field of money."""
        field = self.definition.fields.get(name)
        return self.definition.currency if field is not None and field.type.kind is Kind.MONEY else None

    def option(self, name: str, value: str) -> Passage:
        """The title of an option of a field."""
        field = self.definition.fields.get(name)
        return self._of(field.titles.get(value) if field else None, value)

    def measure(self, name: str) -> Passage:
        """The title of a measure."""
        measure = self.definition.measures.get(name)
        return self._of(measure.title if measure else None, name)

    def objection(self, name: str) -> Passage:
        """What customers say: the concern of an objection, from the first playbook that has it."""
        books = [stage.playbook for stage in self.definition.stages.values() if stage.playbook is not None]
        return self._of(next((book.objections[name].concern for book in books if name in book.objections), None), name)

    def way(self, action: str, way: str) -> Passage:
        """The title of a way of an action."""
        known = self.definition.actions.get(action)
        return self._of(known.ways.get(way) if known else None, way)

    def decides(self, action: str) -> bool:
        """Whether an action is a decision."""
        known = self.definition.actions.get(action)
        return known is not None and known.decision

    def gates(self, item: str) -> bool:
        """Whether it is a criterion or an action of the process, and no mistake in what somebody typed."""
        return item in self.definition.criteria or item in self.definition.actions

    def item(self, item: str) -> Passage:
        """What a criterion says when it is not met, or the title of an action."""
        criterion, action = self.definition.criteria.get(item), self.definition.actions.get(item)
        return self._of(criterion.message if criterion else action.title if action else None, item)

    def is_action(self, item: str) -> bool:
        """Whether it is an action rather than a criterion."""
        return item in self.definition.actions

    def place(self, item: str) -> Passage:
        """The title of the stage in which an item stands."""
        return self.stage(item.partition(".")[0])

    def before(self, item: str) -> Passage | None:
        """The title of the stage that deals come from into the one in which an item stands, where there is one."""
        here = item.partition(".")[0]
        stages = self.definition.stages.values()
        return next((passage(stage.title, self._language) for stage in stages if here in stage.next), None)

    def waivers(self, item: str) -> list[str]:
        """The titles of the roles that may waive a criterion."""
        criterion = self.definition.criteria.get(item)
        return self.roles(criterion.waivable_by) if criterion else []

    def helpers(self, item: str) -> list[str]:
        """The titles of the roles that may do an action."""
        action = self.definition.actions.get(item)
        if action is None:
            return []
        return self.roles(action.roles or self.definition.stages[action.stage].owner)

    def roles(self, names: tuple[str, ...]) -> list[str]:
        """The titles of roles."""
        return [self._of(self.definition.roles[name].title, name).text for name in names]
