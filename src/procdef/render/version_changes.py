"""The change from one version of a process to another, as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from procdef.changes.worded import Change
from procdef.model import ProcessDefinition
from procdef.render.deals_in_change import DealWords, how_many, named, others, under_way, unnoticed
from procdef.render.text_layout import WIDTH, wrapped
from procdef.reports.changed_deals import GROUPS, Tally
from procdef.unsafe_characters import one_line

WHOLE = "The process as a whole"
BESIDE = "No change of the rules"
NOTHING = "nothing changed"


def heading(old: ProcessDefinition, new: ProcessDefinition, changes: Sequence[Change]) -> str:
    """Which versions, and how many changes."""
    count = f"{len(changes)} changes" if len(changes) != 1 else "1 change"
    return f"{new.id}: version {old.version} -> version {new.version}, {count if changes else NOTHING}"


def by_stage(
    old: ProcessDefinition, new: ProcessDefinition, changes: Sequence[Change], language: str | None
) -> Iterator[tuple[str, list[Change]]]:
    """The changes under their headings: the process first, then its stages."""
    for stage, found in groupby(changes, key=lambda each: each.stage):
        if stage is None:
            yield WHOLE, list(found)
        else:
            known = new.stages.get(stage) or old.stages[stage]
            yield f"{one_line(known.title.in_language(language))} ({stage})", list(found)


def changes_text(
    old: ProcessDefinition,
    new: ProcessDefinition,
    changes: Sequence[Change],
    beside: Sequence[str],
    language: str | None = None,
    width: int = WIDTH,
) -> str:
    """Every change with its effect, stage by stage, and what is no change of the rules."""
    lines = [heading(old, new, changes)]
    for head, found in by_stage(old, new, changes, language):
        lines += ["", head]
        for change in found:
            lines += wrapped(one_line(change.words), width, "  ", "    ")
            lines += wrapped(one_line(change.effect), width, "      ")
    if beside:
        lines += ["", BESIDE]
        for each in beside:
            lines += wrapped(one_line(each), width, "  ", "    ")
    return "\n".join(lines)


def deals_text(words: DealWords, tally: Tally, old: ProcessDefinition, new: ProcessDefinition, width: int = WIDTH) -> str:
    """What the change means for the deals of the old version: how many, why, and the first of them."""
    lines = ["", f"What it means for {under_way(tally.deals, old.version)}", f"  {unnoticed(tally.as_it_is)}"]
    for group in GROUPS:
        if tally.groups[group]:
            lines.append(f"  {how_many(tally.groups[group], group)}")
        for reason, found in words.counted(group, tally):
            lines += wrapped(one_line(f"{found.deals}: {reason}"), width, "    ", "      ")
            lines += wrapped(one_line(named(found)), width, "      ")
    for each in others(tally, new.id, new.version):
        lines += wrapped(f"({each})", width, "  ", "   ")
    return "\n".join(lines)
