"""A process as JSON: what a picture of it is made of, so that others can draw it too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procdef.model import Action, ApproverRow, Criterion, ProcessDefinition, Return, Sla, Stage, Text, Transition
from procdef.pages.diagram.contents import Box, contents

Json = dict[str, object]


def process_json(definition: ProcessDefinition, language: str | None) -> Json:
    """The whole of it, its texts in that language where they are translated. Ids stand under the keys that had them first;
    titles, conditions and who may do what beside them."""
    shown = contents(definition, "stages", language)
    boxes = {box.id: box for box in shown.boxes}
    telling = _Telling(definition, language)
    return {
        "process": definition.id,
        "version": definition.version,
        "title": shown.title,
        "language": shown.language,
        "roles": {role.id: telling.said(role.title) for role in definition.roles.values()},
        "stages": [telling.stage(stage, boxes[stage.id]) for stage in definition.stages.values()],
        "lost": telling.lost(),
    }


class _Telling:
    def __init__(self, definition: ProcessDefinition, language: str | None) -> None:
        self._definition, self._language = definition, language

    def said(self, text: Text | None) -> str | None:
        return None if text is None else text.in_language(self._language)

    def stage(self, stage: Stage, box: Box) -> Json:
        actions = stage.actions
        return {
            "stage": stage.id, "owner": list(stage.owner), "start": stage.start, "wins": stage.wins,
            "entry_criteria": list(stage.entry_criteria), "exit_criteria": list(stage.exit_criteria),
            "required_actions": list(stage.required_actions), "optional_actions": list(stage.optional_actions),
            "next": list(stage.next), "back": list(stage.back), "forecast": stage.forecast,
            "number": box.number, "title": box.title, "ends": box.ends, "won": box.won, "told": box.told,
            **_deadline(stage.sla),
            "entry": self._criteria(stage.entry_criteria), "exit": self._criteria(stage.exit_criteria),
            "actions": list(map(self._action, actions)),
            "ways": list(map(self._way, stage.next.values())), "ways_back": list(map(self._return, stage.back.values())),
        }  # fmt: skip

    def _criteria(self, criteria: Mapping[str, Criterion]) -> list[Json]:
        return [
            {
                "criterion": each.id, "check": each.check.text if each.check else None, "require": list(each.require),
                "message": self.said(each.message), "waivable_by": list(each.waivable_by),
            }
            for each in criteria.values()
        ]  # fmt: skip

    def _action(self, action: Action) -> Json:
        return {
            "action": action.id, "title": self.said(action.title), "required": action.required, "by": list(action.by),
            "when": action.when.text if action.when else None, "ways": self._titles(action.ways.items()),
            "decision": action.decision, "evidence": action.evidence, "table": list(map(_row, action.table)),
            "valid_for": str(action.valid_for) if action.valid_for else None,
            **_deadline(action.sla),
        }  # fmt: skip

    def _way(self, way: Transition) -> Json:
        when = way.when.text if way.when else None
        unfinished = way.unfinished_allowed
        return {"to": way.target, "title": self.said(way.title), "when": when, "by": list(way.by), "unfinished": unfinished}

    def _return(self, way: Return) -> Json:
        return {"to": way.target, "title": self.said(way.title), "by": list(way.by)}

    def _titles(self, texts: Iterable[tuple[str, Text]]) -> dict[str, str | None]:
        return {name: self.said(text) for name, text in texts}

    def lost(self) -> Json | None:
        lost = self._definition.lost
        if lost is None:
            return None
        reopen = {"by": list(lost.reopen.by)} if lost.reopen else None
        return {"reasons": self._titles(lost.reasons.items()), "reopen": reopen}


def _deadline(sla: Sla | None) -> Json:
    within, until = (sla.within, sla.until) if sla else (None, None)
    return {"within": str(within) if within else None, "until": until}


def _row(row: ApproverRow) -> Json:
    return {"when": row.when.text if row.when else None, "roles": list(row.roles), "at_least": row.at_least}
