"""A way that leads to a stage which does not exist can never be taken. Correct the stage's id, or add the stage."""

from __future__ import annotations

from collections.abc import Container, Iterator

from procdef.diagnostics import Finding, Place, Severity, listed, nearest
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import need_place
from procdef.language.rules.rule import Rule
from procdef.language.shape.suggested_forms import identifier
from procdef.language.shape.suggested_ids import by_title


def unknown_stage(draft: Draft) -> Iterator[Finding]:
    """A target of ``next`` or ``back``, or the stage of an action in ``needs``, that is no stage of the process."""
    stages = draft.process.stages
    titles = by_title({stage.id: stage.title.texts for stage in stages.values()})
    for stage in stages.values():
        for key, targets in (("next", stage.next), ("back", stage.back)):
            for target in targets:
                if target not in stages:
                    place = Place(("stages", stage.id, key, target), "key")
                    yield from _unknown(draft, titles, target, place, key, "stage", stage.id, others=targets)
    for action in draft.process.actions.values():
        for need in action.needs:
            name, _, rest = need.partition(".")
            if name not in stages:
                place = need_place(action, need)
                yield from _unknown(draft, titles, name, place, "needs", "action", action.path, f".{rest}")


def _unknown(
    draft: Draft,
    titles: dict[str, str],
    name: str,
    place: Place,
    key: str,
    owner: str,
    owner_id: str,
    rest: str = "",
    others: Container[str] = (),
) -> Iterator[Finding]:
    """The finding on what the ``key`` of a stage or an action names, unless it may be a stage with a faulty id.

    ``rest`` is what follows the name there, ``others`` are named beside it.
    """
    stages = draft.process.stages
    near = titles.get(identifier(name)) or nearest(name, [stage for stage in stages if stage not in others])
    near = None if near in others else near
    if draft.faulty.declares("stages", name, near):
        return
    yield Finding(
        "unknown-stage",
        place,
        'unknown stage "{subject}" in `{key}` of {owner} "{id}"{hint}'
        if near
        else 'unknown stage "{subject}" in `{key}` of {owner} "{id}" (the stages are {stages})',
        fix=near + rest if near else None,
        subject=name,
        kind="stage",
        candidates=(near,) if near else (),
        key=key,
        details={"owner": owner, "id": owner_id} | ({} if near else {"stages": listed(stages)}),
    )


RULE = Rule("unknown-stage", Severity.ERROR, "references", __doc__, unknown_stage)
