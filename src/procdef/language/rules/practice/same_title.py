"""People tell stages apart by their titles: in lists, in refusals and on the command line. Of two stages with one title nobody
can tell which is meant, and a title typed for its id is refused. Give each stage a title of its own."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.faulty_parts import STAND_IN
from procdef.language.partly_read_process import Draft
from procdef.language.rules.rule import Rule


def same_title(draft: Draft) -> Iterator[Finding]:
    """A stage with the title of an earlier one, in some language and whatever the case; told once a stage."""
    first: dict[tuple[str, str], str] = {}
    for stage in draft.process.stages.values():
        named = [(language, " ".join(text.split()).casefold()) for language, text in stage.title.texts.items()]
        earlier = next((first[name] for name in named if name in first and name[1] != STAND_IN), None)
        for name in named:
            first.setdefault(name, stage.id)
        if earlier is not None and not draft.broken("stages", stage.id, "title"):
            yield Finding(
                "same-title",
                Place(("stages", stage.id, "title")),
                'stage "{subject}" has the title of stage "{earlier}"; give it one of its own',
                ((Place(("stages", earlier, "title")), "the other one"),),
                subject=stage.id,
                kind="stage",
                details={"earlier": earlier},
            )


RULE = Rule("same-title", Severity.WARNING, "practice", __doc__, same_title)
