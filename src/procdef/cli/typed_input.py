"""What a person typed, as the engine takes it: titles stand for ids, times without an offset are the process's own.

Only on the command line, where people type; nothing is guessed: a title counts when it is one thing's and no id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from procdef.cli.typed_rows import AddedRows, rows_of
from procdef.commands import ARGUMENTS, ArgumentKind, Command
from procdef.errors import InvalidArgument
from procdef.time_zones import told_jump

if TYPE_CHECKING:
    from procdef.engine import Engine
    from procdef.model import Field, ProcessDefinition, Stage, Text

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d(:\d\d(\.\d{1,6})?)?) ?(?P<offset>Z|[+-]\d\d:\d\d)?", re.ASCII
)


class Meant:
    """The words of a process, and of the stage that a deal is in (``None`` where it is only to start)."""

    def __init__(
        self, definition: ProcessDefinition, stage: Stage | None = None, there: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._definition, self._stage, self._there = definition, stage, there

    @classmethod
    def of(cls, engine: Engine, deal: str) -> Meant:
        """The words that count for this deal now. Raises ``UnknownDeal``."""
        there = engine.deal(deal)
        definition = engine.definition_of(there)
        return cls(definition, definition.stages[there.stage], there.values)

    def action(self, text: str) -> str:
        """An action of the present stage, or of another one by its full path."""
        everywhere = self._definition.actions
        if self._stage is None or text in everywhere or any(action.id == text for action in everywhere.values()):
            return text
        here = self._stage.actions
        return one(text, {a.id: a.title for a in here}, {path: a.title for path, a in everywhere.items()})

    def way(self, action: str, text: str | None) -> str | None:
        """A way of the action (by its id or path)."""
        found = self._stage.action(action.rpartition(".")[2]) if self._stage else None
        return one(text, found.ways) if found and text is not None else text

    def stage(self, text: str | None) -> str | None:
        """A stage."""
        return text if text is None else one(text, stage_titles([self._definition]))

    def reason(self, text: str | None) -> str | None:
        """A reason for losing a deal."""
        lost = self._definition.lost
        return one(text, lost.reasons) if lost and text is not None else text

    def objection(self, text: str | None) -> str | None:
        """An objection of the present stage by what the customer says, or of another one."""
        playbooks = (stage.playbook for stage in (self._stage, *self._definition.stages.values()) if stage)
        concerns = [{n: each.concern for n, each in book.objections.items()} for book in playbooks if book]
        return one(text, *concerns) if text is not None else text

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values: dates and times with the offset of the process, options by their ids."""
        fields = self._definition.fields
        return {name: self._value(fields[name], value) if name in fields else value for name, value in given.items()}

    def _value(self, field: Field, value: Any) -> Any:
        from procdef.expression.types import Kind

        if field.type.kind is Kind.LIST and isinstance(value, str):
            return rows_of(field, value, self._there.get(field.id, ()))
        if isinstance(value, AddedRows):
            raise InvalidArgument(f"+= adds rows to a list, and {field.id} is none: write {field.id}={value}", "values")
        if field.type.kind is Kind.DATETIME:
            return self.time(value, field.id)
        if field.type.kind is not Kind.CHOICE or not isinstance(value, str):
            return value
        whole = one(value.strip(), field.titles)  # a title may have a comma in it
        if not field.type.many or whole in field.titles:
            return whole
        return ",".join(one(part.strip(), field.titles) for part in value.split(","))

    def time(self, text: Any, what: str) -> Any:
        """A time, of ``what``; one without an offset is by the clocks of the process, the earlier where they show it twice.

        Raises ``InvalidArgument`` for one that they jump over: nobody can say which one was meant.
        """
        try:
            return with_offset(text, self._definition.calendar.zone) if isinstance(text, str) else text
        except SkippedTime as skipped:
            raise InvalidArgument(f"{what} {text}: {skipped}", what) from None


_MEANT: Mapping[ArgumentKind, Callable[[Meant, Any, Mapping[str, Any]], Any]] = {
    ArgumentKind.START_STAGE: lambda words, text, _: words.stage(text),
    ArgumentKind.NEXT_STAGE: lambda words, text, _: words.stage(text),
    ArgumentKind.EARLIER_STAGE: lambda words, text, _: words.stage(text),
    ArgumentKind.ACTION: lambda words, text, _: words.action(text),
    ArgumentKind.WAY: lambda words, text, others: words.way(others["action"], text),
    ArgumentKind.LOSS_REASON: lambda words, text, _: words.reason(text),
    ArgumentKind.OBJECTION: lambda words, text, _: words.objection(text),
    ArgumentKind.FIELD_VALUES: lambda words, values, _: words.values(values),
}
"""What is meant by an argument that names a thing of the process; the arguments before it are known by then."""


def as_meant(engine: Engine, command: type[Command], deal: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a command as the engine takes them. Raises ``UnknownDeal`` or ``UnknownProcess``."""
    arguments = ARGUMENTS[command]
    if not (command.dated or any(argument.kind in _MEANT for argument in arguments)):
        return dict(typed)
    process = next((typed[argument.name] for argument in arguments if argument.kind is ArgumentKind.PROCESS), None)
    words = Meant.of(engine, deal) if process is None else Meant(engine.definition(process))
    found: dict[str, Any] = {}
    for argument in arguments:
        value, meant = typed[argument.name], _MEANT.get(argument.kind)
        found[argument.name] = meant(words, value, found) if meant else value
    if command.dated:
        found["happened"] = words.time(typed["happened"], "--happened")
    return found


class SkippedTime(Exception):
    """A time that the clocks of a zone jump over, and what they show before and after it."""


def with_offset(text: str, zone: tzinfo) -> str:
    """A date and time with its offset; what is none is left for the rules to refuse. Raises ``SkippedTime``."""
    form = _TIME.fullmatch(text.strip())
    if form is None:
        return text
    written = f"{form['day']}T{form['clock']}"
    if form["offset"]:
        return written + form["offset"]
    try:
        shown = datetime.fromisoformat(written)
        if jump := told_jump(shown, zone):
            raise SkippedTime(jump)
        return shown.replace(tzinfo=zone).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return text


def stage_titles(definitions: Iterable[ProcessDefinition]) -> dict[str, Text]:
    """The titles of all stages by their ids."""
    return {stage.id: stage.title for definition in definitions for stage in definition.stages.values()}


def one(text: str, *groups: Mapping[str, Text]) -> str:
    """The id that this text stands for: itself where it is one, else the only one of that title; the nearest group first.

    Raises ``InvalidArgument`` for the title of several.
    """
    if any(text in titles for titles in groups):
        return text
    for titles in groups:
        for same in (_exactly, _in_any_case):
            found = [name for name, title in titles.items() if any(same(text, each) for each in title.texts.values())]
            if len(found) == 1:
                return found[0]
            if found:
                named = " and of ".join(found)
                raise InvalidArgument(f'"{text}" is the title of {named}; write the id of the one that is meant')
    return text


def _exactly(text: str, title: str) -> bool:
    return text == title


def _in_any_case(text: str, title: str) -> bool:
    return _folded(text) == _folded(title)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
