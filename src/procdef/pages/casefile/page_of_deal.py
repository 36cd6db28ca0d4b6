"""A case file as a page: what the person who takes a deal over reads first, and can prove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procdef.model import Criterion, ProcessDefinition
from procdef.pages.casefile.timeline import Changed, TimeLine
from procdef.pages.casefile.values import Cell, Values, leads_to_web
from procdef.pages.casefile.words import CASEFILE_WORDS
from procdef.pages.definition_words import WORDS as DEFINITION_WORDS
from procdef.pages.field_types import duration
from procdef.pages.page import page
from procdef.pages.passages import Passage, Words, passage
from procdef.pages.words import WORDS
from procdef.reports.casefile.contents import CaseFile, Change, Said
from procdef.resources import packaged
from procdef.results.options import Way
from procdef.results.refusal import Unmet


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way on: what it is called, who may take it, and what is missing."""

    name: Passage
    target: Passage | None
    open: bool
    who: tuple[Passage, ...]
    missing: tuple[Passage, ...]


def casefile_page(file: CaseFile, definition: ProcessDefinition) -> str:
    """The page of a case file, which holds personal values and says so. ``definition`` is the one that the deal was pinned to.

    The same case file gives the same page, byte for byte.
    """
    view = _View(file, definition)
    deal = file.deal
    return page(
        "casefile.html",
        language=file.language,
        title=Passage(f"{deal.title} ({deal.name})" if deal.title else deal.name),
        command=next(check.command for check in file.proof.verify if check.shows == "again"),
        facts=[(view.words["process"], f"{definition.name}"), (view.words["log_id"], file.proof.log)],
        words=view.words,
        styles=(packaged("pages", "templates", "casefile.css").read_text(encoding="utf-8"),),
        script=True,
        personal=True,
        file=file,
        view=view,
    )


class _View:
    """What the template asks for beside the case file itself."""

    def __init__(self, file: CaseFile, definition: ProcessDefinition) -> None:
        self._file, self._definition, self._language = file, definition, file.language
        self.words = Words(file.language, WORDS, DEFINITION_WORDS, CASEFILE_WORDS)
        self.values = Values(definition, file.language, self.words)
        self.line = TimeLine(definition, file.language, self.words, self.values)
        self.title = passage(definition.title, file.language)
        self._imported = {moment.n for moment in file.timeline if moment.via == "import"}
        self.number = list(definition.stages).index(file.deal.stage) + 1
        self.count = len(definition.stages)

    def when(self, text: str | None) -> str:
        """A time of the log on the clocks of the process."""
        return self.values.moment(text) if text else ""

    def stage(self, name: str) -> Passage:
        """The title of a stage."""
        return passage(self._definition.stages[name].title, self._language)

    def within(self, name: str) -> str:
        """How long a stage may take; nothing where it may take as long as it likes."""
        sla = self._definition.stages[name].sla
        return duration(sla.within, self.words) if sla and sla.within else ""

    def until(self, name: str) -> Passage:
        """The field that says until when a stage may take."""
        sla = self._definition.stages[name].sla
        return self.values.field(sla.until) if sla and sla.until else Passage("")

    def role(self, name: str) -> Passage:
        """The title of a role, or the name that somebody acted under."""
        known = self._definition.roles.get(name)
        return passage(known.title, self._language) if known else Passage(name)

    def cell(self, name: str, value: object) -> Cell:
        """The value of a field."""
        return self.values.cell(name, value)

    def amount(self) -> str | None:
        """What the deal is worth."""
        deal = self._file.deal
        return None if deal.amount is None else self.values.money(str(deal.amount), deal.currency)

    @property
    def scores(self) -> Iterator[tuple[Passage, str]]:
        """What each score comes to, or between what it can still be."""
        for name, score in self._file.open.scores.items():
            title = passage(self._definition.scores[name].title, self._language)
            yield title, str(score.total) if score.total is not None else f"{score.least} – {score.most}"

    def changed(self, change: Change) -> Changed:
        """A change of a field."""
        return self.line.changed(change)

    def late(self, said: Said) -> bool:
        """Whether something was written down in another minute than it was said, by somebody and not by an import."""
        return said.n not in self._imported and said.recorded[:16] != said.happened[:16]

    def web(self, address: str | None) -> bool:
        """Whether a link given as evidence leads to the web."""
        return address is not None and leads_to_web(address)

    @property
    def visits(self) -> Iterator[object]:
        """The time line."""
        return self.line.visits(self._file.timeline)

    @property
    def ways(self) -> Iterator[ShownWay]:
        """The ways on, without that of giving up: what it takes is the same everywhere."""
        for way in self._file.open.ways:
            if way.move == "lose":
                continue
            yield ShownWay(
                self.words[{"advance": "advance_to", "back": "back_to"}.get(way.move, way.move)],
                self._target(way),
                way.open,
                tuple(map(self.role, way.who)),
                tuple(map(self._missing, way.unmet)),
            )

    def _target(self, way: Way) -> Passage | None:
        return None if way.target is None else self.stage(way.target)

    def _missing(self, item: Unmet) -> Passage:
        """What stands in the way: in the words of the process where it has some, else in procdef's."""
        told = self._said(item)
        empty = ", ".join(str(self.values.field(name)) for name in item.fields)
        return Passage(f"{told} ({self.words['empty']}: {empty})", told.language) if empty else told

    def _said(self, item: Unmet) -> Passage:
        if item.code == "action-open":
            path = f"{self._file.deal.stage}.{item.id.rpartition('.')[2]}"
            action = self._definition.actions.get(item.id) or self._definition.actions.get(path)
            if action is not None:
                title = passage(action.title, self._language)
                return Passage(f"{title}: {self.words['is_open']}", title.language)
        criterion = self._criterion(item.id)
        if item.code in ("criterion-unmet", "criterion-unknown") and criterion is not None and criterion.message:
            return passage(criterion.message, self._language)
        return Passage(item.message, None if self._language == "en" else "en")

    def _criterion(self, name: str) -> Criterion | None:
        """The criterion of that path or, where it is the only one of that id, of that id."""
        found = [each for path, each in self._definition.criteria.items() if name in (path, each.id)]
        return found[0] if len(found) == 1 else None
