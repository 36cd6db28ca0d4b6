"""The change from one version of a process to another as Markdown, for the description of a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from procdef.changes.worded import Change
from procdef.model import ProcessDefinition
from procdef.render.deals_in_change import DealWords, how_many, named, others, under_way, unnoticed
from procdef.render.version_changes import BESIDE, NOTHING, by_stage
from procdef.reports.changed_deals import GROUPS, Tally
from procdef.unsafe_characters import one_line

_SIGNS = re.compile(r"([\\`*\[\]<|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_BEGINNINGS = re.compile(r"^(>|#{1,6}(?= |$)|[+-](?= )|=+$|-{3,}$|[0-9]+(?=[.)] ))")


def plain(text: str) -> str:
    """A text from a definition or a deal, so that none of its signs is taken for Markdown."""
    line = _SIGNS.sub(r"\\\1", one_line(text))
    return _BEGINNINGS.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", line)


def changes_markdown(
    old: ProcessDefinition,
    new: ProcessDefinition,
    changes: Sequence[Change],
    beside: Sequence[str],
    language: str | None = None,
) -> str:
    """Every change with its effect, stage by stage, and what is no change of the rules."""
    title = plain(new.title.in_language(language))
    lines = [f"## {title}: version {old.version} → {new.version}"]
    if not changes and not beside:
        lines += ["", f"{NOTHING.capitalize()}."]
    for head, found in by_stage(old, new, changes, language):
        lines += ["", f"### {plain(head)}", ""]
        lines += [f"- **{plain(change.words)}**: {plain(change.effect)}" for change in found]
    if beside:
        lines += ["", f"### {BESIDE}", "", *(f"- {plain(each)}" for each in beside)]
    return "\n".join(lines)


def deals_markdown(words: DealWords, tally: Tally, old: ProcessDefinition, new: ProcessDefinition) -> str:
    """What the change means for the deals of the old version."""
    lines = ["", f"### What it means for {under_way(tally.deals, old.version)}", "", f"- {unnoticed(tally.as_it_is)}"]
    for group in GROUPS:
        if tally.groups[group]:
            lines.append(f"- **{how_many(tally.groups[group], group)}**")
        for reason, found in words.counted(group, tally):
            lines.append(f"  - {found.deals}: {plain(reason)} ({plain(named(found))})")
    lines += [f"- {plain(each)}" for each in others(tally, new.id, new.version)]
    return "\n".join(lines)
